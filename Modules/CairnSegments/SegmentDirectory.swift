// SPDX-License-Identifier: Apache-2.0
//
// The directory that holds the segments of one log.
//
// - A segment file gets its name only after its header is durable, and it is listed only then.
// - Files whose names are not ours are never touched. A temporary file is removed only when name and
//   content show that it is ours and the caller holds the lock.

internal import CairnFormat
public import CairnIO

/// The segments of one log, as files.
public struct SegmentDirectory: Sendable {
    let directory: any VirtualDirectory
    let randomness: any RandomnessSource

    /// The segments in `directory`.
    public init(_ directory: any VirtualDirectory, randomness: any RandomnessSource) {
        self.directory = directory
        self.randomness = randomness
    }

    /// The names of all segments, in the order of the log. What has the name of a segment counts also when it is no
    /// file; then opening it says so.
    public func names() throws(SegmentError) -> [SegmentName] {
        do {
            return try directory.list().compactMap { entry in
                entry.name.flatMap(SegmentName.init)
            }.sorted()
        } catch {
            throw SegmentError(error)
        }
    }

    /// Opens the file of a segment; ``SegmentReader`` checks its header.
    public func open(_ name: SegmentName, _ access: FileAccess) throws(SegmentError)
        -> any VirtualFile
    {
        do {
            return try directory.openFile(name.fileName, access)
        } catch {
            throw SegmentError(error, name: name)
        }
    }

    /// Creates a segment whose file begins with `content`, durably: temporary name, write, sync,
    /// rename, directory sync.
    ///
    /// - Parameters:
    ///   - name: The name of the segment.
    ///   - content: At least the header.
    /// - Returns: The open file. It is in place and durable.
    public func create(
        _ name: SegmentName, content: RawSpan
    ) throws(SegmentError) -> any VirtualFile {
        do throws(StorageError) {
            let temporary = Self.temporaryName(for: name, randomness.next())
            let file = try directory.createFile(temporary)
            try file.write(content, at: 0)
            try file.sync()
            try directory.rename(temporary, to: name.fileName)
            try directory.sync()
            return file
        } catch {
            throw SegmentError(error, name: name)
        }
    }

    /// Removes a segment file. Durable after ``sync()``.
    public func remove(_ name: SegmentName) throws(SegmentError) {
        do {
            try directory.remove(name.fileName)
        } catch {
            throw SegmentError(error, name: name)
        }
    }

    /// Makes creations and removals durable.
    public func sync() throws(SegmentError) {
        do {
            try directory.sync()
        } catch {
            throw SegmentError(error)
        }
    }

    /// Removes what a crash left of segments that were being created.
    ///
    /// - Returns: How many files were removed.
    @discardableResult
    package func removeTemporaries() throws(SegmentError) -> Int {
        do throws(StorageError) {
            var count = 0
            for entry in try directory.list() where entry.kind == .file {
                guard let name = entry.name, Self.isTemporary(name), try isOurs(name) else {
                    continue
                }
                try directory.remove(name)
                count += 1
            }
            return count
        } catch {
            throw SegmentError(error)
        }
    }

    private static func temporaryName(for name: SegmentName, _ number: UInt64) -> FileName {
        FileName("\(name.fileName).\(hexadecimal(number)).creating")!
    }

    static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func isTemporary(_ name: FileName) -> Bool {
        guard name.ends(in: ".creating") else { return false }
        let parts = name.string.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[3] == "creating" && parts[2].count == 16
            && parts[2].allSatisfy(\.isHexDigit)
            && FileName("\(parts[0]).\(parts[1])").flatMap(SegmentName.init) != nil
    }

    /// True when a file begins like a segment, or holds nothing yet.
    func isOurs(_ name: FileName) throws(StorageError) -> Bool {
        let file = try directory.openFile(name, .readOnly)
        var head = BinaryBuffer(capacity: 8)
        try head.append(addingCapacity: 8) { (span) throws(StorageError) in
            try file.read(into: &span, at: 0)
        }
        return head.bytes.isAllZero
            || (head.count == 8 && head.bytes.load(FilePreamble.magic) == SegmentLayout.magic)
    }
}
