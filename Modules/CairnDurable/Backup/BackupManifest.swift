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
struct BackupManifest: Codable, Hashable, Sendable {
    /// A file of the backup. None is ever changed.
    struct Entry: Codable, Hashable, Sendable {
        /// The directory, `/`, and the name.
        let path: String
        let byteCount: UInt64
        /// CRC-32C of all of it.
        let checksum: UInt32
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
        let manifest: BackupManifest = try CodableSnapshot.read(
            CodableSnapshot.stateSection, from: &reader)
        guard manifest.lsn == info.fence.lsn.rawValue else {
            throw SnapshotError(code: .wrongName, fence: info.fence)
        }
        return manifest
    }

    /// Writes the manifest, durably.
    func write(
        in root: any VirtualDirectory, of log: LogID, _ environment: StorageEnvironment
    ) throws(SnapshotError) {
        let directory = try SnapshotDirectory.open(
            StoreDirectory.backupName, in: root, access: .readWrite, environment: environment)
        var writer = try directory.writer(
            logID: log, fence: SnapshotFence(LSN(rawValue: lsn)))
        try CodableSnapshot.write(self, CodableSnapshot.stateSection, to: &writer)
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
