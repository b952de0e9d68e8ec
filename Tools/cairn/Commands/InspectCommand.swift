// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CairnInterpreter
internal import Foundation
internal import SystemPackage

/// `cairn inspect`
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what the bytes of a file mean, up to the first error.",
        discussion: """
            Reads a segment of a log or a snapshot, also a damaged one, and also while a program writes to it. \
            Nothing is written. Each value has a line: where it is, its bytes, its type, its name, what it says; \
            below it what it means, and in brackets the checks whose checksums cover it.
            """)

    @Argument(help: "The file.")
    var file: String

    @Option(
        name: .long,
        help: """
            The format: segment, snapshot, GraphSnapshot, batch, GraphEvents or coded-value. \
            By default what the first bytes say.
            """)
    var format: String?

    @Option(name: .long, help: "How many bytes of the file are read.")
    var bytes = 1 << 20

    /// More than this is not read, because each byte gets about a line.
    private static let byteCountMax = 16 << 20

    func run() throws {
        guard (0...Self.byteCountMax).contains(bytes) else {
            throw ValidationError("--bytes is from 0 to \(Self.byteCountMax)")
        }
        let (input, isWhole) = try read()
        guard let found = try FormatCatalog.resolved(format, for: input) else {
            throw ValidationError(
                format.map { "there is no format called \($0)" }
                    ?? "\(file) does not begin like a file of Cairn; name a --format")
        }
        let annotation = Annotation(found, input)
        var output = StandardOutput()
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let text = isTerminal ? annotation.text(Self.colored) : annotation.text()
        for line in text.split(separator: "\n") { try output.exactLine(String(line)) }
        if !isWhole {
            try output.line("only the first \(input.count) bytes were read: see --bytes")
        }
        try output.flush()
        if annotation.failure != nil { throw ExitCode.failure }
    }

    private func read() throws -> (bytes: [UInt8], isWhole: Bool) {
        let descriptor = try FileDescriptor.open(FilePath(file), .readOnly, options: .nonBlocking)
        defer { try? descriptor.close() }
        var input: [UInt8] = []
        while input.count <= bytes {
            var chunk = [UInt8](repeating: 0, count: min(1 << 16, bytes + 1 - input.count))
            let count = try chunk.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            guard count > 0 else { return (input, true) }
            input += chunk[..<count]
        }
        return (Array(input.prefix(bytes)), false)
    }

    private static func colored(_ part: Annotation.Part, _ text: String) -> String {
        let code =
            switch part {
            case .title: "1"
            case .offset: "36"
            case .bytes: "33"
            case .name: "1"
            case .value: "32"
            case .meaning: "2"
            case .good: "32"
            case .bad: "31;1"
            }
        return "\u{1b}[\(code)m\(text)\u{1b}[0m"
    }
}
