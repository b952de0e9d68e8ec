// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments

/// The segment that takes records, in memory: the frames that no job has taken, and the segments that ended before it
/// and are not ended on disk. Frames are laid out here; the leader that takes them finishes them.
struct ActiveSegment: ~Copyable {
    private(set) var appender: SegmentAppender
    private var pending = BinaryBuffer(capacity: 64 << 10)
    /// So many of them, from the first on, are finished.
    private var finishedByteCount = 0
    /// A leader finishes frames that lie before the pending ones.
    private var isFinishing = false
    private var pendingOffset: UInt64
    /// Segments that the next job ends on disk.
    private(set) var rotations: [SegmentRotation] = []
    /// Segments that a leader is ending on disk.
    private(set) var rotating: [SegmentStatus] = []
    /// The bytes of the segments that have ended since the log was opened.
    private(set) var endedByteCount: UInt64 = 0
    /// Commits since the log was opened.
    private(set) var commitCount: UInt64 = 0
    /// True when a record follows the last durable mark.
    private var hasUnmarkedRecords: Bool
    private(set) var lastCommitNanoseconds: UInt64
    /// The next record goes into another segment, however small this one is.
    private(set) var nextBeginsSegment: Bool

    init(
        _ appender: SegmentAppender, endsInDurableMark: Bool, lastCommitNanoseconds: UInt64,
        nextBeginsSegment: Bool
    ) {
        self.nextBeginsSegment = nextBeginsSegment
        self.appender = appender
        pendingOffset = appender.byteCount
        hasUnmarkedRecords = !endsInDurableMark && appender.frameCount > 0
        self.lastCommitNanoseconds = lastCommitNanoseconds
    }

    /// The last LSN given out.
    var lastLSN: LSN { appender.lastLSN }
    var byteCount: UInt64 { appender.byteCount }
    var hasPending: Bool { !pending.isEmpty || !rotations.isEmpty || isFinishing }
    /// True when the next job ends a segment.
    var rotates: Bool { !rotations.isEmpty }

    /// True when the next record goes into another segment.
    func isFull(at limit: Int) -> Bool {
        appender.byteCount >= UInt64(limit) && appender.frameCount > 0
            || nextBeginsSegment
    }

    // MARK: Appending

    /// The time of a commit: never before that of an earlier one, whatever the clock does.
    mutating func commitTime(_ now: UInt64) -> UInt64 {
        if now > lastCommitNanoseconds { lastCommitNanoseconds = now }
        return lastCommitNanoseconds
    }

    /// Counts a commit whose frames were appended.
    mutating func noteCommit() {
        commitCount += 1
        hasUnmarkedRecords = true
    }

    /// Appends a transaction of one batch as a single frame.
    @inline(__always)
    mutating func append(
        batch: RawSpan, time: UInt64, durable: LSN, compression: CompressionID = .none,
        uncompressedByteCount: Int = 0
    ) throws(LSNError) -> LSNRange {
        try appender.append(
            .transaction, relatedLSN: durable, compression: compression,
            uncompressedByteCount: uncompressedByteCount, prefix: time, payload: batch,
            to: &pending)
    }

    /// Appends a transaction: a single frame for one batch; begin, batches and commit for more.
    mutating func append(
        _ transaction: borrowing LogTransaction, time: UInt64, durable: LSN
    ) throws(LSNError) -> LSNRange {
        let batches = transaction.batches
        let first = try lastLSN.successor()
        let lsns = try LSNRange(first: first, count: UInt64(batches.count) + 2)
        if batches.count == 1 {
            let batch = batches[0]
            return try append(
                batch: transaction.stored(batch), time: time, durable: durable,
                compression: batch.compression,
                uncompressedByteCount: batch.uncompressedByteCount)
        }
        let none = RawSpan()
        try appender.append(.transactionBegin, relatedLSN: durable, payload: none, to: &pending)
        for batch in batches {
            try appender.append(
                .mutationBatch, relatedLSN: first, compression: batch.compression,
                uncompressedByteCount: batch.uncompressedByteCount,
                payload: transaction.stored(batch), to: &pending)
        }
        try appender.append(
            .transactionCommit, relatedLSN: first, prefix: time, payload: none, to: &pending)
        return lsns
    }

    /// Appends a checkpoint record.
    mutating func append(checkpoint fence: LSN, _ mark: RawSpan) throws(LSNError) {
        try appender.append(.checkpoint, relatedLSN: fence, payload: mark, to: &pending)
        hasUnmarkedRecords = true
    }

    /// Appends the mark that everything before is durable.
    ///
    /// - Returns: False when the log ends in one already.
    mutating func append(durableMark durable: LSN) throws(LSNError) -> Bool {
        guard hasUnmarkedRecords else { return false }
        hasUnmarkedRecords = false
        try appender.append(.durableMark, relatedLSN: durable, payload: RawSpan(), to: &pending)
        return true
    }

    // MARK: Rotation

    /// Ends the segment in memory and begins the next; the next job does so on disk.
    mutating func rotate(_ options: LogOptions) throws(LogError) {
        let ended = appender
        do throws(LSNError) {
            appender = try ended.successor(isEncrypted: options.encryption != nil)
        } catch {
            throw LogError(error)
        }
        endedByteCount &+= ended.byteCount
        nextBeginsSegment = false
        var bytes = BinaryBuffer(capacity: 64 << 10)
        swap(&bytes, &pending)
        rotations.append(
            SegmentRotation(
                bytes: bytes, finishedByteCount: finishedByteCount, offset: pendingOffset,
                ended: ended))
        finishedByteCount = 0
        pendingOffset = appender.byteCount
    }

    // MARK: Jobs

    /// Takes out pending frames that are to be encrypted, for a leader that waits for more of them.
    ///
    /// - Returns: How many of the bytes are finished; nil when there is nothing to do.
    mutating func beginFinishing(_ bytes: inout BinaryBuffer) -> Int? {
        guard appender.isEncrypted, rotations.isEmpty, pending.count > finishedByteCount else {
            return nil
        }
        isFinishing = true
        swap(&bytes, &pending)
        defer { finishedByteCount = 0 }
        return finishedByteCount
    }

    /// Puts finished frames back, before those that were appended meanwhile.
    mutating func endFinishing(_ bytes: inout BinaryBuffer) {
        isFinishing = false
        if let rotation = rotations.first { return rotation.prepend(&bytes) }
        finishedByteCount = bytes.count
        bytes.append(pending.bytes)
        swap(&bytes, &pending)
    }

    /// Moves everything that is not written into a job.
    @inline(__always)
    mutating func take(into job: inout WriteJob) {
        swap(&job.bytes, &pending)
        job.finishedByteCount = finishedByteCount
        finishedByteCount = 0
        job.offset = pendingOffset
        pendingOffset += UInt64(job.bytes.count)
        job.lastLSN = lastLSN
        guard !rotations.isEmpty else { return }
        swap(&job.rotations, &rotations)
        rotating = job.rotations.map(\.status)
    }

    /// Forgets the segments that a job has ended.
    mutating func forgetRotated() { rotating = [] }

    /// Shows how far a log was followed that another process writes.
    mutating func follow(_ appender: SegmentAppender, lastCommitNanoseconds time: UInt64) {
        self.appender = appender
        lastCommitNanoseconds = max(lastCommitNanoseconds, time)
    }
}
