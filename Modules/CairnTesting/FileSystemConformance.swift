// SPDX-License-Identifier: Apache-2.0

public import CairnIO
public import SystemPackage

/// Checks of the contract that every implementation of `VirtualFileSystem` must keep.
///
/// ```swift
/// @Test(arguments: FileSystemConformance.checks)
/// func conforms(check: FileSystemConformance.Check) throws {
///     try check.run(MyFileSystem(), "/tmp/empty-\(check.name)")
/// }
/// ```
public enum FileSystemConformance {
    /// A property of file systems, with the code that checks it.
    public struct Check: Sendable, CustomStringConvertible {
        /// The property that the check verifies.
        public let name: String
        private let body: @Sendable (any VirtualFileSystem, FilePath) throws -> Void

        init(
            _ name: String,
            _ body: @escaping @Sendable (any VirtualFileSystem, FilePath) throws -> Void
        ) {
            self.name = name
            self.body = body
        }

        /// Runs the check in a directory that does not exist yet and whose parent does.
        ///
        /// - Throws: ``Failure``, or the `StorageError` that came where none should.
        public func run(_ fileSystem: any VirtualFileSystem, _ path: FilePath) throws {
            try body(fileSystem, path)
        }

        /// The name.
        public var description: String { name }
    }

    /// A rule that an implementation broke.
    public struct Failure: Error, CustomStringConvertible {
        /// The expectation that did not hold.
        public let description: String
        /// The place of the expectation in this module.
        public let line: UInt
    }

    /// All checks.
    public static let checks: [Check] = directoryChecks + fileChecks + lockChecks

    /// The checks that a file system must pass besides, so that a file on it can hold the files of a store.
    public static let containerChecks: [Check] = replacementChecks

    static func expect(
        _ condition: Bool, _ expectation: String, line: UInt = #line
    ) throws(Failure) {
        guard condition else { throw Failure(description: expectation, line: line) }
    }

    static func expect(
        _ code: StorageError.Code, line: UInt = #line, _ body: () throws(StorageError) -> Void
    ) throws(Failure) {
        do throws(StorageError) {
            try body()
        } catch {
            let text = "an error of code \(code), not \(error.code): \(error)"
            return try expect(error.code == code, text, line: line)
        }
        throw Failure(description: "an error of code \(code), but there was none", line: line)
    }
}

extension VirtualFile {
    func writeArray(_ bytes: [UInt8], at offset: UInt64) throws(StorageError) {
        try write(bytes.span.bytes, at: offset)
    }

    func writeArrayDurably(_ bytes: [UInt8], at offset: UInt64) throws(StorageError) {
        try writeDurably(bytes.span.bytes, at: offset)
    }

    /// The bytes of one read of up to `count` bytes.
    func readArray(_ count: Int, at offset: UInt64) throws(StorageError) -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) {
            buffer, initializedCount throws(StorageError) in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            var output = OutputRawSpan(buffer: raw, initializedCount: 0)
            do throws(StorageError) {
                try read(into: &output, at: offset)
            } catch {
                _ = output.finalize(for: raw)
                throw error
            }
            initializedCount = output.finalize(for: raw)
        }
    }
}
