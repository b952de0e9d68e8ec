// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import CairnSync

/// The bytes that a leader writes. There is one job, which each round fills again: its buffer stays where it is, so a commit moves
/// nothing but numbers.
struct WriteJob: ~Copyable {
    /// How a job becomes durable.
    enum SyncPlan {
        /// It does not: the bytes are only handed to the system.
        case none
        /// By the write itself.
        case inWrite
        /// By a sync after the write.
        case afterWrite
        /// It is already: the job writes nothing, and rotations left nothing unsynced.
        case alreadyDurable
    }

    /// The file that is written.
    var file: any VirtualFile
    /// Finishes the frames that are written to it.
    var finisher: SegmentFinisher
    /// Up to here the blocks of the file exist, and hold zeros where nothing was written.
    var preparedEnd: UInt64
    /// The segments that end with this job, before its bytes go into their successor.
    var rotations: [SegmentRotation] = []
    /// Frames that were laid out, and that the leader finishes; empty between two rounds.
    var bytes = BinaryBuffer(capacity: 64 << 10)
    /// So many of the bytes, from the first on, are finished.
    var finishedByteCount = 0
    var offset: UInt64 = 0
    private(set) var syncPlan = SyncPlan.none
    /// Writes to the file before this one.
    var writeCount: UInt64 = 0
    /// Some of those writes may be in the system's cache only.
    private(set) var hadUnsyncedWrites = false
    /// The last LSN that the job covers.
    var lastLSN = LSN.never
    /// Commits that the job covers and that were not written before.
    var unwritten = SyncScheduler.Uncovered()

    init(file: any VirtualFile, finisher: SegmentFinisher, preparedEnd: UInt64) {
        self.file = file
        self.finisher = finisher
        self.preparedEnd = preparedEnd
    }

    /// Where the bytes end in the file.
    var end: UInt64 { offset + UInt64(bytes.count) }

    /// True when the write leaves bytes in the system's cache.
    var leavesUnsyncedBytes: Bool { !bytes.isEmpty && syncPlan != .inWrite }

    /// Decides how the job becomes durable, when its bytes and rotations are in it.
    mutating func plan(_ reason: SyncReason?, hadUnsyncedWrites: Bool) {
        self.hadUnsyncedWrites = hadUnsyncedWrites
        // A rotation syncs the old file, so nothing unsynced is left in front of the bytes.
        let mustSyncBefore = hadUnsyncedWrites && rotations.isEmpty
        switch (reason, bytes.isEmpty) {
        case (nil, _): syncPlan = .none
        case (_, false): syncPlan = mustSyncBefore ? .afterWrite : .inWrite
        case (_, true): syncPlan = mustSyncBefore ? .afterWrite : .alreadyDurable
        }
    }
}
