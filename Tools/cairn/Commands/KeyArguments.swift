// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CairnEncryption
internal import CairnFormat
internal import SystemPackage

/// The keys of an encrypted store. They come from files: arguments are seen by every process of the machine.
struct KeyArguments: ParsableArguments {
    @Option(
        name: .long,
        help: "A file with the key of the store: 64 hexadecimal digits.", completion: .file())
    var keyFile: String?

    @Option(
        name: .long, help: "A file whose first line is the password of the store.",
        completion: .file())
    var passwordFile: String?

    @Option(
        name: .long, help: "A file with a key that the store had before; may be given again.",
        completion: .file())
    var previousKeyFile: [String] = []

    @Flag(
        name: .long,
        help: "Take files that are not encrypted, too: for a store that was plain so far.")
    var allowPlainFiles = false

    func validate() throws {
        guard keyFile == nil || passwordFile == nil else {
            throw ValidationError("give --key-file or --password-file, not both")
        }
        guard hasCurrent || previousKeyFile.isEmpty && !allowPlainFiles else {
            throw ValidationError("the current key is missing: --key-file or --password-file")
        }
    }

    private var hasCurrent: Bool { keyFile != nil || passwordFile != nil }

    /// The keys; nil when none were given.
    func cipher() throws -> (any StoreCipher)? {
        guard hasCurrent else { return nil }
        let current: KeySource =
            if let keyFile {
                .key(try Self.key(keyFile))
            } else {
                try .password(Self.firstLine(passwordFile ?? ""))
            }
        return EncryptionKeys(
            current: current, previous: try previousKeyFile.map { .key(try Self.key($0)) },
            allowsPlainFiles: allowPlainFiles)
    }

    private static func key(_ path: String) throws -> StoreKey {
        try StoreKey(hexadecimal: String(decoding: contents(path), as: UTF8.self))
    }

    /// The bytes up to the first newline: editors end a file with one.
    private static func firstLine(_ path: String) throws -> [UInt8] {
        let line = try contents(path).prefix { $0 != UInt8(ascii: "\n") }
        return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }

    private static let byteCountMax = 64 << 10

    /// A small file, or a pipe.
    private static func contents(_ path: String) throws -> [UInt8] {
        let descriptor = try FileDescriptor.open(FilePath(path), .readOnly)
        return try descriptor.closeAfter {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while bytes.count <= byteCountMax {
                let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
                guard count > 0 else { return bytes }
                bytes += buffer.prefix(count)
            }
            throw KeyError(code: .malformedKey)
        }
    }
}
