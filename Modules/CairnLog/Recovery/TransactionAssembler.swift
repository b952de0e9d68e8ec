// SPDX-License-Identifier: Apache-2.0
//
// Puts the frames of a log back together to transactions.
//
// - A transaction is handed on only when its commit was read.
// - One that is encrypted, and for which there is no key, is checked and counted, and not handed on.
// - Memory is bounded by the largest transaction of several frames; a single-frame one is handed on from the
//   reader's window.

internal import CairnCodec
internal import CairnFormat
internal import CairnLSN

struct TransactionAssembler: ~Copyable {
    private let options: LogOptions
    private let fence: LSN
    private var openLSN: LSN?
    private var gathered = BinaryBuffer(capacity: 0)
    private var gatheredEnds: [Int] = []
    private var inflated = BinaryBuffer(capacity: 0)

    private(set) var transactionCount: UInt64 = 0
    private(set) var batchCount: UInt64 = 0
    private(set) var checkpointLSN: LSN = .never
    /// When each snapshot was in place, by its fence.
    private(set) var checkpointNanoseconds: [LSN: UInt64] = [:]
    /// The latest time of a commit.
    private(set) var lastCommitNanoseconds: UInt64 = 0

    /// Delivers the transactions committed after `fence`.
    init(options: LogOptions, after fence: ReplayFence) {
        self.options = options
        self.fence = fence.lsn
    }

    /// The first LSN of a transaction whose end was not read.
    var unfinishedLSN: LSN? { openLSN }

    /// Why an intact frame is impossible at its place.
    enum Defect: String, Error {
        case outsideOfTransaction = "a frame of a transaction stands outside of one"
        case insideOfTransaction = "a transaction begins within another"
        case wrongBegin = "a frame refers to another transaction than the one it stands in"
        case payload = "the payload of a frame is too short for its kind"
    }

    /// Takes the next frame.
    ///
    /// - Throws: ``Defect``, ``CodecError``, or what `handler` throws.
    @inline(__always)
    mutating func add(
        _ frame: FrameHeader, _ payload: RawSpan, _ handler: ReplayHandler
    ) throws {
        // Nearly all frames of nearly all logs.
        guard frame.kind == .transaction else { return try addPart(frame, payload, handler) }
        guard openLSN == nil else { throw Defect.insideOfTransaction }
        try replaySingleFrame(frame, payload, handler)
    }

    /// Takes a frame that is no transaction by itself.
    private mutating func addPart(
        _ frame: FrameHeader, _ payload: RawSpan, _ handler: ReplayHandler
    ) throws {
        switch frame.kind {
        case .transactionBegin:
            guard openLSN == nil else { throw Defect.insideOfTransaction }
            openLSN = frame.lsn
        case .mutation, .mutationBatch:
            try expectOpen(frame)
            // Whether the fence covers the transaction is known at its commit only.
            try gather(frame, payload)
        case .transactionCommit:
            try expectOpen(frame)
            try replayGathered(frame, payload, handler)
        case .transactionAbort:
            try expectOpen(frame)
            forget()
        case .checkpoint:
            guard openLSN == nil else { throw Defect.insideOfTransaction }
            checkpointLSN = frame.relatedLSN
            if let mark = CheckpointMark(payload: payload) {
                checkpointNanoseconds[frame.relatedLSN] = mark.nanoseconds
            }
        default: break
        }
    }

    private func expectOpen(_ frame: FrameHeader) throws(Defect) {
        guard let openLSN else { throw .outsideOfTransaction }
        guard frame.relatedLSN == openLSN else { throw .wrongBegin }
    }

    @inline(__always)
    private mutating func replaySingleFrame(
        _ frame: FrameHeader, _ payload: RawSpan, _ handler: ReplayHandler
    ) throws {
        guard let time = Self.time(payload) else { throw Defect.payload }
        lastCommitNanoseconds = max(lastCommitNanoseconds, time)
        guard frame.lastLSN > fence else { return }
        let transaction = ReplayedTransaction(
            lsns: try LSNRange(first: frame.lsn, count: frame.kind.lsnCount),
            commitNanoseconds: time, batchCount: 1, batchIndex: 0)
        let stored = payload.extracting(droppingFirst: 8)
        guard frame.compression == .none, !frame.isEncrypted else {
            return try replayInflated(stored, frame, transaction, handler)
        }
        transactionCount += 1
        batchCount += 1
        try handler(stored, transaction)
    }

    private mutating func replayInflated(
        _ stored: RawSpan, _ frame: FrameHeader, _ transaction: ReplayedTransaction,
        _ handler: ReplayHandler
    ) throws {
        inflated.removeAll()
        guard !frame.isEncrypted else {
            transactionCount += 1
            batchCount += 1
            return
        }
        try Self.inflate(stored, frame, options, into: &inflated)
        // Only readable transactions are counted.
        transactionCount += 1
        batchCount += 1
        try handler(inflated.bytes, transaction)
    }

    /// The commit time at the start of a payload; nil when that is too short.
    private static func time(_ payload: RawSpan) -> UInt64? {
        guard payload.byteCount >= 8 else { return nil }
        return UInt64(
            littleEndian: payload.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self))
    }

    private mutating func gather(_ frame: FrameHeader, _ payload: RawSpan) throws {
        if frame.compression == .none || frame.isEncrypted {
            gathered.append(payload)
        } else {
            try Self.inflate(payload, frame, options, into: &gathered)
        }
        gatheredEnds.append(gathered.count)
    }

    private static func inflate(
        _ stored: RawSpan, _ frame: FrameHeader, _ options: LogOptions,
        into buffer: inout BinaryBuffer
    ) throws(CodecError) {
        guard let decompressor = options.decompressor(for: frame.compression) else {
            throw CodecError(code: .unknownCompression, offset: 0)
        }
        try decompressor.decompress(
            stored, uncompressedByteCount: frame.uncompressedByteCount, into: &buffer)
    }

    private mutating func replayGathered(
        _ frame: FrameHeader, _ payload: RawSpan, _ handler: ReplayHandler
    ) throws {
        defer { forget() }
        guard let time = Self.time(payload) else { throw Defect.payload }
        lastCommitNanoseconds = max(lastCommitNanoseconds, time)
        // A transaction without a batch changes nothing, and no writer writes one.
        guard let first = openLSN, frame.lsn > fence, !gatheredEnds.isEmpty else { return }
        transactionCount += 1
        guard !frame.isEncrypted else {
            batchCount += UInt64(gatheredEnds.count)
            return
        }
        var start = 0
        for (index, end) in gatheredEnds.enumerated() {
            batchCount += 1
            try handler(
                gathered.bytes.extracting(start..<end),
                ReplayedTransaction(
                    lsns: try LSNRange(
                        first: first, count: frame.lsn.rawValue - first.rawValue + 1),
                    commitNanoseconds: time, batchCount: gatheredEnds.count, batchIndex: index))
            start = end
        }
    }

    /// Drops the transaction that is open, if one is.
    mutating func forget() {
        openLSN = nil
        gathered.removeAll()
        gatheredEnds.removeAll(keepingCapacity: true)
    }
}
