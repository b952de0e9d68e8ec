// SPDX-License-Identifier: Apache-2.0

/// Compressed content that cannot be read.
enum CompressionError: Error, CustomStringConvertible {
    /// The program that reads the format is not there.
    case programMissing(input: String, format: String, program: String)
    /// The program that reads the format ended with an error.
    case programFailed(input: String, program: String, message: String)
    /// The gzip stream is damaged.
    case damaged(input: String)
    /// The gzip stream ends before its end.
    case truncated(input: String)
    /// The format is none that is read.
    case unsupported(input: String, format: String)

    var description: String {
        switch self {
        case .programMissing(let input, let format, let program):
            "\(input) is compressed with \(format), and there is no program \(program) here to read it; install "
                + "it, or unpack the file first"
        case .programFailed(let input, let program, let message):
            "could not read \(input): \(program) says: \(message)"
        case .damaged(let input): "could not read \(input): its gzip content is damaged"
        case .truncated(let input): "could not read \(input): its gzip content ends too early"
        case .unsupported(let input, let format):
            "\(input) is \(format); unpack or convert it to UTF-8 text first"
        }
    }
}

/// The kind of the content of a file, by its first bytes.
enum ContentKind {
    case plain
    case gzip
    /// A program inflates it: it reads its standard input and writes the content to its standard output.
    case program(Program)

    struct Program {
        let format: String
        let name: String
        static let arguments = ["-d", "-c"]
    }

    private static let programs: [(magic: [UInt8], program: Program)] = [
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], Program(format: "xz", name: "xz")),
        ([0x5d, 0x00, 0x00], Program(format: "lzma", name: "xz")),
        ([0x28, 0xb5, 0x2f, 0xfd], Program(format: "zstd", name: "zstd")),
        ([0x42, 0x5a, 0x68], Program(format: "bzip2", name: "bzip2")),
        ([0x04, 0x22, 0x4d, 0x18], Program(format: "lz4", name: "lz4")),
    ]
    private static let gzipMagic: [UInt8] = [0x1f, 0x8b]
    private static let unsupported: [(magic: [UInt8], format: String)] = [
        ([0x50, 0x4b, 0x03, 0x04], "a zip archive"),
        ([0xff, 0xfe], "UTF-16 text, by its byte order mark,"),
        ([0xfe, 0xff], "UTF-16 text, by its byte order mark,"),
    ]

    /// - Throws: ``CompressionError`` for a format that is recognised and not read.
    init(_ head: [UInt8], name: String) throws {
        if let found = Self.unsupported.first(where: { head.starts(with: $0.magic) }) {
            throw CompressionError.unsupported(input: name, format: found.format)
        }
        if head.starts(with: Self.gzipMagic) {
            self = .gzip
        } else if let found = Self.programs.first(where: { head.starts(with: $0.magic) }) {
            self = .program(found.program)
        } else {
            self = .plain
        }
    }

    /// True for bytes that are too few to tell.
    static func mayBegin(_ bytes: [UInt8]) -> Bool {
        let magics = [gzipMagic] + programs.map(\.magic) + unsupported.map(\.magic)
        return magics.contains { $0.count > bytes.count && $0.starts(with: bytes) }
    }
}
