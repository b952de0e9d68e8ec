// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import SystemPackage

/// Where results go. Bytes are gathered and written when there are many, and at the end.
///
/// Text for people has one way here and one to standard error, ``line(_:)`` and ``printDiagnostic(_:)``. Both take
/// one line and make it `visible` (`VisibleText.swift` of `CairnFormat`), so no name, path or value from a file
/// can move the cursor or forge a line. Only what is for programs is written as it is: JSON and exports. Nothing
/// else in the tool writes to a terminal, but for the bar that shows progress, which has numbers only.
struct StandardOutput: ~Copyable {
    /// The reader is gone: the other end of the pipe was closed.
    struct ReaderGone: Error {}

    /// The output refuses more.
    struct Failure: Error, CustomStringConvertible {
        let errno: Errno
        var description: String { "could not write the output: \(errno)" }
    }

    private static let gatheredByteCountMax = 64 << 10

    /// Bytes that were not written yet.
    var pending = BinaryBuffer(capacity: gatheredByteCountMax + 4096)

    /// Adds a line for people. What the text has of newlines and control characters becomes visible.
    mutating func line(_ text: String) throws {
        try exactLine(text.visible)
    }

    /// Adds a line for programs, as it is.
    mutating func line(_ json: JSONValue) throws {
        try exactLine(try json.text())
    }

    /// Adds a line that has control characters of its own, for colours; foreign text in it must be visible
    /// already.
    mutating func exactLine(_ text: String) throws {
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

    /// Prints lines for people and flushes.
    static func print(_ lines: String...) throws { try print(lines) }

    /// Prints lines for people and flushes.
    static func print(_ lines: [String]) throws {
        var output = StandardOutput()
        for line in lines { try output.line(line) }
        try output.flush()
    }

    /// Prints a line for programs, as it is, and flushes.
    static func print(_ json: JSONValue) throws {
        var output = StandardOutput()
        try output.line(json)
        try output.flush()
    }
}

/// Writes a line for people to standard error; errors of that do not matter. See ``StandardOutput``.
func printDiagnostic(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll((text.visible + "\n").utf8)
}
