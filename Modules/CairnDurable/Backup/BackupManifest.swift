// SPDX-License-Identifier: Apache-2.0
//
// The file that makes a directory a whole backup: `backup/<LSN, 20 digits>.snap`, in the form of a snapshot. It binds the backup
// to its log, has a checksum over every byte, and appears whole, after all that it speaks of is durable.

internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnSegments
internal import CairnSnapshot

/// The list of files of a backup, with sizes and digests.
struct BackupManifest: ListedFile, Hashable, Sendable {
    /// A file of the backup. None is ever changed.
    struct Entry: Encodable, Hashable, Sendable {
        /// The directory, `/`, and the name.
        let path: String
        let byteCount: UInt64
        /// CRC-32C of all of it.
        let checksum: UInt32

        init(path: String, byteCount: UInt64, checksum: UInt32) {
            self.path = path
            self.byteCount = byteCount
            self.checksum = checksum
        }

        init?(_ value: CodedValue) {
            guard let path = value[FileListFields.path]?.text,
                let byteCount = value[FileListFields.byteCount]?.unsigned,
                let checksum = value[FileListFields.checksum]?.unsigned.flatMap(
                    UInt32.init(exactly:))
            else { return nil }
            self.init(path: path, byteCount: byteCount, checksum: checksum)
        }

        /// The entries of a list; nil when one is none.
        static func all(_ value: CodedValue?) -> [Entry]? {
            guard let values = value?.elements else { return nil }
            let entries = values.compactMap(Entry.init)
            return entries.count == values.count ? entries : nil
        }
    }

    /// The last LSN of the backup.
    let lsn: UInt64
    /// When it was made, and when its last transaction was committed, in nanoseconds since 1970.
    let nanoseconds: UInt64
    let lastCommitNanoseconds: UInt64
    let files: [Entry]

    /// The manifest of a directory; nil when it has none.
    ///
    /// - Throws: ``SnapshotError`` when it cannot be read.
    static func read(
        in root: any VirtualDirectory, _ identity: LogID?, _ environment: StorageEnvironment
    ) throws(SnapshotError) -> BackupManifest? {
        let directory = try SnapshotDirectory.open(
            StoreDirectory.backupName, in: root, access: .readOnly, environment: environment)
        guard let info = try directory.list().last else { return nil }
        var reader = try directory.reader(info, expectedLogID: identity)
        return try read(from: &reader)
    }

    /// Reads a manifest, which says the same LSN as the header of its file.
    static func read(from reader: inout SnapshotReader) throws(SnapshotError) -> BackupManifest {
        let manifest = try BackupManifest(from: &reader)
        let fence = reader.summary.fence
        guard manifest.lsn == fence.lsn.rawValue else {
            throw SnapshotError(code: .wrongName, fence: fence, offset: 0)
        }
        return manifest
    }

    init(
        lsn: UInt64, nanoseconds: UInt64, lastCommitNanoseconds: UInt64, files: [Entry]
    ) {
        self.lsn = lsn
        self.nanoseconds = nanoseconds
        self.lastCommitNanoseconds = lastCommitNanoseconds
        self.files = files
    }

    init?(_ value: CodedValue) {
        guard let lsn = value[FileListFields.lsn]?.unsigned,
            let nanoseconds = value[FileListFields.nanoseconds]?.unsigned,
            let lastCommit = value[FileListFields.lastCommitNanoseconds]?.unsigned,
            let files = Entry.all(value[FileListFields.files])
        else { return nil }
        self.init(
            lsn: lsn, nanoseconds: nanoseconds, lastCommitNanoseconds: lastCommit, files: files)
    }

    /// Writes the manifest, durably.
    func write(
        in root: any VirtualDirectory, of log: LogID, _ environment: StorageEnvironment
    ) throws(SnapshotError) {
        let directory = try SnapshotDirectory.open(
            StoreDirectory.backupName, in: root, access: .readWrite, environment: environment)
        var writer = try directory.writer(
            logID: log, fence: SnapshotFence(LSN(rawValue: lsn)))
        try write(to: &writer)
        _ = try writer.finish()
    }
}

/// The name of a backup within the directory of all backups: `<LSN, 20 digits>-<log, 32 digits>.backup`.
///
/// The last name of a log is its newest backup, and backups of two logs, or of two timelines of one, are told apart.
struct BackupName: Hashable, Comparable {
    let lsn: LSN
    let log: LogID

    init(lsn: LSN, log: LogID) {
        self.lsn = lsn
        self.log = log
    }

    init?(_ name: FileName) {
        let parts = name.string.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1] == "backup" else { return nil }
        let numbers = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard numbers.count == 2, numbers[0].utf8.count == 20, let lsn = UInt64(numbers[0]),
            let log = LogID(String(numbers[1]))
        else { return nil }
        self.init(lsn: LSN(rawValue: lsn), log: log)
        guard fileName == name else { return nil }
    }

    var fileName: FileName {
        let digits = lsn.description
        let zeros = String(repeating: "0", count: max(0, 20 - digits.utf8.count))
        guard let name = FileName("\(zeros)\(digits)-\(log).backup") else {
            preconditionFailure("digits are a name")
        }
        return name
    }

    static func < (lhs: Self, rhs: Self) -> Bool { lhs.lsn < rhs.lsn }
}
