// SPDX-License-Identifier: Apache-2.0
//
// The files of a log within the directory of its store: `log/`, `quarantine/`.
//
// - `log/` appears under its name only with its first segment in it, durably. So an empty `log/` means
//   that segments were removed, and a log with history never opens empty.
// - Nothing is removed or cut before a durable copy lies in `quarantine/`.

internal import CairnCodec
internal import CairnFormat
package import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import SystemPackage

package struct LogDirectory: Sendable {
    let store: StoreDirectory
    let environment: StorageEnvironment

    package static let logName: FileName = "log"
    static let creatingName: FileName = "log.creating"
    static let quarantineName: FileName = "quarantine"
    /// Names that the directory of a store without a log may hold.
    private static let knownNames: Set<FileName> = [StoreDirectory.lockName, creatingName]

    /// The segments; nil when there is no log.
    ///
    /// - Throws: ``LogError`` with code `.io`.
    func segments() throws(LogError) -> SegmentDirectory? {
        do throws(StorageError) {
            let directory = try store.root.openDirectory(Self.logName)
            return SegmentDirectory(directory, randomness: environment.randomness)
        } catch {
            if error.code == .notFound { return nil }
            throw LogError(error)
        }
    }

    /// Creates the log with its first segment, durably.
    ///
    /// - Throws: ``LogError`` with code `.notEmpty` when there are files that are not of a new store,
    ///   or `.io`.
    func create(_ encryption: (any StoreCipher)?) throws(LogError) -> SegmentDirectory {
        let entries = try io { () throws(StorageError) in try store.root.list() }
        guard entries.allSatisfy({ $0.name.map(Self.knownNames.contains) ?? false }) else {
            throw LogError(code: .notEmpty)
        }
        let isResumed = entries.contains { $0.name == Self.creatingName }
        let directory = try io { () throws(StorageError) in
            isResumed
                ? try store.root.openDirectory(Self.creatingName)
                : try store.root.createDirectory(Self.creatingName)
        }
        let segments = SegmentDirectory(directory, randomness: environment.randomness)
        let first = try segment { () throws(SegmentError) in
            // Files of an earlier attempt that a crash ended were never in place.
            try segments.removeTemporaries()
            for name in try segments.names() { try segments.remove(name) }
            var generator = RandomnessGenerator(environment.randomness)
            let header = SegmentHeader(firstOf: LogID(using: &generator))
            var content = BinaryBuffer(capacity: SegmentLayout.headerByteCount)
            _ = SegmentEncoder(new: header, encryption: encryption, into: &content)
            return try segments.create(header.name, content: content.bytes)
        }
        return try io { () throws(StorageError) in
            try first.close()
            try store.root.rename(Self.creatingName, to: Self.logName)
            try store.root.sync()
            return SegmentDirectory(
                try store.root.openDirectory(Self.logName), randomness: environment.randomness)
        }
    }

    /// Refuses a store in which something else stands in the place of `quarantine/`. An opening after a crash may have to
    /// put bytes there: it is said at once, and by verify, too, and not first when they are to be saved.
    ///
    /// - Throws: ``LogError`` with code `.io`.
    func checkQuarantine() throws(LogError) {
        do throws(StorageError) {
            _ = try store.root.openDirectory(Self.quarantineName)
        } catch {
            guard error.code == .notFound else { throw LogError(error) }
        }
    }

    /// Cuts a segment file at `offset`: copies the bytes from there on to `quarantine/`, durably, then
    /// shortens the file, durably. A copy that fails leaves no file behind.
    ///
    /// - Parameter end: Behind this there are only zeros, which are not copied.
    /// - Returns: The name of the copy; nil when there was nothing but zeros.
    func cut(
        _ name: SegmentName, in segments: SegmentDirectory, from offset: UInt64, to end: UInt64
    ) throws(LogError) -> FileName? {
        let file = try segment { () throws(SegmentError) in try segments.open(name, .readWrite) }
        return try io { () throws(StorageError) in
            let copy = end > offset ? try quarantine(name, file, from: offset, to: end) : nil
            try file.truncate(to: offset)
            try file.sync()
            try file.close()
            return copy
        }
    }

    private func quarantine(
        _ name: SegmentName, _ file: any VirtualFile, from start: UInt64, to end: UInt64
    ) throws(StorageError) -> FileName {
        let directory = try openQuarantine()
        let digits = String(environment.randomness.next(), radix: 16)
        let target = FileName(
            "\(name).\(start).\(String(repeating: "0", count: 16 - digits.count))\(digits)")!
        let temporary = FileName("\(target)\(Self.temporarySuffix)")!
        let copy = try directory.createFile(temporary)
        do throws(StorageError) {
            try Self.copy(file, from: start, to: end, into: copy)
            try directory.rename(temporary, to: target)
        } catch {
            // The first error is the one to tell.
            try? directory.remove(temporary)
            throw error
        }
        try directory.sync()
        return target
    }

    private static func copy(
        _ file: any VirtualFile, from start: UInt64, to end: UInt64, into copy: any VirtualFile
    ) throws(StorageError) {
        var offset = start
        var chunk = BinaryBuffer(capacity: 1 << 20)
        while offset < end {
            chunk.removeAll()
            let count = Int(min(end - offset, 1 << 20))
            try chunk.append(addingCapacity: count) { (span) throws(StorageError) in
                try file.read(into: &span, at: offset)
            }
            guard !chunk.isEmpty else { break }
            try copy.write(chunk.bytes, at: offset - start)
            offset += UInt64(chunk.count)
        }
        try copy.sync()
        try copy.close()
    }

    /// The suffix of an incomplete copy.
    private static let temporarySuffix = ".creating"

    /// Removes copies that a crash, or an older version on a full disk, left incomplete. Nothing was cut then:
    /// a segment is cut only after its copy has its final name, durably.
    private func removeTemporaries(in directory: any VirtualDirectory) throws(StorageError) {
        for entry in try directory.list() where entry.kind == .file {
            guard let name = entry.name, Self.isTemporary(name) else { continue }
            try directory.remove(name)
        }
    }

    /// True for `<name of a segment>.<offset>.<16 hexadecimal digits>.creating`.
    private static func isTemporary(_ name: FileName) -> Bool {
        guard name.ends(in: temporarySuffix) else { return false }
        let parts = name.string.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 5 && UInt64(parts[2]) != nil && parts[3].utf8.count == 16
            && parts[3].allSatisfy(\.isHexDigit)
            && FileName("\(parts[0]).\(parts[1])").flatMap(SegmentName.init) != nil
    }

    private func openQuarantine() throws(StorageError) -> any VirtualDirectory {
        do throws(StorageError) {
            let directory = try store.root.openDirectory(Self.quarantineName)
            try removeTemporaries(in: directory)
            return directory
        } catch {
            guard error.code == .notFound else { throw error }
        }
        let directory = try store.root.createDirectory(Self.quarantineName)
        try store.root.sync()
        return directory
    }
}

/// Runs `body` and turns its errors into those of the log.
func io<Result>(_ body: () throws(StorageError) -> Result) throws(LogError) -> Result {
    do { return try body() } catch { throw LogError(error) }
}

/// Runs `body` and turns its errors into those of the log.
func segment<Result>(_ body: () throws(SegmentError) -> Result) throws(LogError) -> Result {
    do { return try body() } catch { throw LogError(error) }
}
