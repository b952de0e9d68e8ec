// SPDX-License-Identifier: Apache-2.0

internal import SystemPackage

/// A file, or standard input, that is read from start to end.
final class InputFile: Sendable {
    /// The file could not be opened or read.
    struct Failure: Error, CustomStringConvertible {
        let name: String
        let errno: Errno
        var description: String { "could not read \(name): \(errno)" }
    }

    /// For messages.
    let name: String
    /// How many bytes it has, where that is known.
    let byteCount: Int?
    private let descriptor: FileDescriptor
    private let isOwned: Bool

    /// Opens the file at `path`; `-` is standard input.
    init(_ path: String) throws {
        isOwned = path != "-"
        name = isOwned ? path : "standard input"
        guard isOwned else {
            descriptor = .standardInput
            byteCount = nil
            return
        }
        do {
            descriptor = try .open(FilePath(path), .readOnly, options: .closeOnExec)
            // A pipe has no end to seek to.
            let end = try? descriptor.seek(offset: 0, from: .end)
            if end != nil { try descriptor.seek(offset: 0, from: .start) }
            byteCount = end.flatMap { Int(exactly: $0) }
        } catch let errno as Errno {
            throw Failure(name: path, errno: errno)
        }
    }

    deinit {
        if isOwned { try? descriptor.close() }
    }

    /// Reads the next bytes; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        do {
            return try descriptor.read(into: buffer)
        } catch let errno as Errno {
            throw Failure(name: name, errno: errno)
        }
    }
}
