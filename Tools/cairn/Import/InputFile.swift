// SPDX-License-Identifier: Apache-2.0

internal import SystemPackage

/// A file, or standard input, that is read from start to end. Compressed content is inflated on the way.
final class InputFile {
    /// The file could not be opened or read.
    struct Failure: Error, CustomStringConvertible {
        let name: String
        let errno: Errno
        var description: String { "could not read \(name): \(errno)" }
    }

    /// For messages.
    let name: String
    /// How many bytes it has, where that is known before it is read.
    let byteCount: Int?
    private let content: any ByteSource

    /// Opens the file at `path`; `-` is standard input.
    ///
    /// - Throws: ``Failure``, or ``CompressionError`` for content that cannot be read.
    init(_ path: String) throws {
        let name = path == "-" ? "standard input" : path
        self.name = name
        let file = try PlainInput(path == "-" ? nil : path, name: name)
        let end = file.byteCount
        let head = try file.readHead()
        switch try ContentKind(head, name: name) {
        case .plain:
            content = file
            byteCount = end
        case .gzip:
            content = GzipInput(file, name: name)
            byteCount = nil
        case .program(let program):
            content = try ProgramInput(program, reading: file, name: name)
            byteCount = nil
        }
    }

    /// Reads the next bytes; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try content.read(into: buffer)
    }
}

/// Bytes that are read from start to end.
protocol ByteSource: AnyObject {
    /// Reads the next bytes; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// The bytes of a file as they are. Its first ones can be looked at before they are read.
final class PlainInput: ByteSource, @unchecked Sendable {
    // Unchecked: it is handed to one thread after its head was read, and read by that thread alone.
    let byteCount: Int?
    private let name: String
    private let descriptor: FileDescriptor
    private let isOwned: Bool
    private var head: ArraySlice<UInt8> = []

    init(_ path: String?, name: String) throws {
        self.name = name
        isOwned = path != nil
        guard let path else {
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
            throw InputFile.Failure(name: path, errno: errno)
        }
    }

    deinit {
        if isOwned { try? descriptor.close() }
    }

    /// The first bytes, as many as tell what the content is; they are read again.
    ///
    /// A directory cannot be read, so it is refused here.
    func readHead() throws -> [UInt8] {
        var gathered: [UInt8] = []
        while ContentKind.mayBegin(gathered) {
            var chunk = [UInt8](repeating: 0, count: 64)
            let count = try chunk.withUnsafeMutableBytes { try readFile(into: $0) }
            if count == 0 { break }
            gathered += chunk[..<count]
        }
        head = gathered[...]
        return gathered
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard !head.isEmpty else { return try readFile(into: buffer) }
        let part = head.prefix(buffer.count)
        buffer.copyBytes(from: part)
        head = head.dropFirst(part.count)
        return part.count
    }

    private func readFile(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        do {
            return try descriptor.read(into: buffer)
        } catch let errno as Errno {
            throw InputFile.Failure(name: name, errno: errno)
        }
    }
}
