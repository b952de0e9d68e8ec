// SPDX-License-Identifier: Apache-2.0
//
// The record of one move: `archive/<number, 20 digits>.snap`, in the form of a snapshot, bound to the log. Records are
// numbered from 1 without a gap, and each appears after the files that it names, so an archive is read without a
// listing: record after record, until there is none.

internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSnapshot

struct ArchiveRecord: ListedFile, Hashable, Sendable {
    /// When, in nanoseconds since 1970.
    let nanoseconds: UInt64
    /// The last segment that this record or an earlier one has; 0 for none.
    let lastSegment: UInt64
    let files: [BackupManifest.Entry]

    init(nanoseconds: UInt64, lastSegment: UInt64, files: [BackupManifest.Entry]) {
        self.nanoseconds = nanoseconds
        self.lastSegment = lastSegment
        self.files = files
    }

    init?(_ value: CodedValue) {
        guard let nanoseconds = value[FileListFields.nanoseconds]?.unsigned,
            let lastSegment = value[FileListFields.lastSegment]?.unsigned,
            let files = BackupManifest.Entry.all(value[FileListFields.files])
        else { return nil }
        self.init(nanoseconds: nanoseconds, lastSegment: lastSegment, files: files)
    }

    /// The largest that is read: some 200,000 files.
    private static let byteCountMax = 16 << 20

    static func name(_ number: UInt64) -> ArchiveObjectName {
        let digits = "\(number)"
        let zeros = String(repeating: "0", count: max(0, 20 - digits.utf8.count))
        guard let file = FileName("\(zeros)\(digits).snap") else {
            preconditionFailure("digits are a name")
        }
        return ArchiveObjectName(folder: StoreDirectory.archiveName, file: file)
    }

    /// The record of that number; nil when the archive ends before.
    ///
    /// - Parameter log: The log that it must be of; nil for any.
    static func read(
        _ number: UInt64, from archive: some Archive, of log: LogID?,
        _ environment: StorageEnvironment
    ) throws(ArchiveError) -> (record: ArchiveRecord, log: LogID)? {
        let name = name(number)
        var bytes: [UInt8] = []
        let isThere = try archive.get(name) { (piece) throws(ArchiveError) in
            guard bytes.count + piece.byteCount <= byteCountMax else {
                throw ArchiveError(code: .damaged, object: name, reason: "it is too large")
            }
            piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        guard isThere else { return nil }
        let directory = MemoryDirectory([name.file: MemoryFile(bytes)])
        do throws(SnapshotError) {
            var reader = try SnapshotDirectory.open(
                name.folder, in: directory, access: .readOnly, environment: environment
            ).reader(SnapshotInfo(fence: fence(number)), expectedLogID: log)
            let id = reader.summary.logID
            return (try ArchiveRecord(from: &reader), id)
        } catch {
            throw ArchiveError(
                code: error.code == .foreignLog ? .differs : .damaged, object: name,
                reason: "\(error)")
        }
    }

    /// - Returns: False when there is a record of that number.
    func put(
        _ number: UInt64, into archive: some Archive, of log: LogID,
        _ environment: StorageEnvironment
    ) throws -> Bool {
        let name = Self.name(number)
        let directory = MemoryDirectory()
        var writer = try SnapshotDirectory.open(
            name.folder, in: directory, access: .readWrite, environment: environment
        ).writer(logID: log, fence: Self.fence(number))
        try write(to: &writer)
        _ = try writer.finish()
        guard let file = directory.file(name.file) else {
            preconditionFailure("a snapshot that was finished has its name")
        }
        return try archive.put(name, ArchiveContent(file, byteCount: file.byteCount()))
    }

    private static func fence(_ number: UInt64) -> SnapshotFence {
        SnapshotFence(LSN(rawValue: number))
    }
}
