// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import SystemPackage

/// Where results go. Bytes are gathered and written when there are many, and at the end.
struct StandardOutput: ~Copyable {
    /// Nobody reads any more: the other end of the pipe was closed.
    struct ReaderGone: Error {}

    /// The output refuses more.
    struct Failure: Error, CustomStringConvertible {
        let errno: Errno
        var description: String { "could not write the output: \(errno)" }
    }

    private static let gatheredByteCountMax = 64 << 10

    /// What was not written yet.
    var pending = ByteBuffer(capacity: gatheredByteCountMax + 4096)

    /// Adds a text and a newline.
    mutating func line(_ text: String) throws {
        pending.append(utf8: text)
        pending.append(UInt8(ascii: "\n"))
        try writeIfMany()
    }

    /// Writes when enough was gathered.
    mutating func writeIfMany() throws {
        if pending.count >= Self.gatheredByteCountMax { try flush() }
    }

    /// Writes everything.
    mutating func flush() throws {
        defer { pending.removeAll() }
        do throws(Errno) {
            try pending.bytes.withUnsafeBytes { bytes throws(Errno) in
                var rest = bytes[...]
                while !rest.isEmpty {
                    rest = rest.dropFirst(try Self.write(UnsafeRawBufferPointer(rebasing: rest)))
                }
            }
        } catch {
            if error == .brokenPipe { throw ReaderGone() }
            throw Failure(errno: error)
        }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer) throws(Errno) -> Int {
        do {
            return try FileDescriptor.standardOutput.write(bytes)
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}

extension StandardOutput {
    /// Writes bytes at once.
    static func write(_ bytes: RawSpan) throws {
        var output = StandardOutput()
        output.pending.append(bytes)
        try output.flush()
    }

    /// Prints one result and flushes.
    static func print(_ text: String) throws {
        var output = StandardOutput()
        try output.line(text)
        try output.flush()
    }
}

/// Writes a line for people to standard error; errors of that do not matter.
func printDiagnostic(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll((text + "\n").utf8)
}
