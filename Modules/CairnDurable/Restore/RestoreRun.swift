// SPDX-License-Identifier: Apache-2.0
//
// Writes the past of a store into a new one.
//
// - The source is read only, and read as what it is: a damaged one is refused, not half restored.
// - The new store has a snapshot and the log after it, up to the moment. Their bytes are written anew, because every
//   checksum is salted with the identity of the log.
// - Order: lock, programs, timeline, snapshot, and last `log.creating/`, which becomes `log/` by rename. Before that
//   the directory is no store that opens: snapshots without a log are refused.
// - What was written is read back and compared with the source before it is called restored.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnSegments
internal import CairnSnapshot
internal import SystemPackage

struct RestoreRun {
    let source: StoreDirectory
    let environment: StorageEnvironment
    let plan: RestorePlan
    private let snapshots: SnapshotDirectory
    /// The keys of the source, and of the new store; the compressors that snapshots need.
    private let options: LogOptions

    /// Finds out what is to be done.
    ///
    /// - Throws: ``LogError``, ``SnapshotError``; ``DurableError`` with code `.outOfReach` for a moment that the source
    ///   does not have.
    init(
        _ source: StoreDirectory, _ target: RestoreTarget, _ options: LogOptions,
        _ environment: StorageEnvironment
    ) throws {
        self.source = source
        self.environment = environment
        self.options = options
        snapshots = try SnapshotDirectory.open(
            in: source.root, access: .readOnly, environment: environment, options: options)
        plan = try RestorePlanner(source, snapshots, options, environment).plan(target)
    }

    func run(into root: any VirtualDirectory) throws -> (logID: LogID, proof: RestoreProof) {
        var generator = RandomnessGenerator(environment.randomness)
        let logID = LogID(using: &generator)
        let store = StoreDirectory.making(root)
        try writePrograms(store, logID)
        try writeTimeline(root, logID)
        try writeSnapshot(root, logID)
        let fence = plan.snapshot?.lsn ?? .never
        var writer = try LogRewriter(
            in: root, logID, after: fence, environment: environment,
            encryption: options.encryption)
        try forEachFrame { frame, payload in try writer.append(frame, payload) }
        try writer.finish()
        return (logID, try prove(root, logID, writer))
    }

    private func writePrograms(_ store: StoreDirectory, _ logID: LogID) throws {
        let history = try ProgramHistory.read(in: source, plan.logID, environment)
        var written = ProgramHistory()
        for entry in history.entries where entry.fence <= plan.moment.lsn || written.entries.isEmpty
        {
            written = try written.adding(
                entry.program, after: entry.fence, of: logID, in: store, environment)
        }
    }

    private func writeTimeline(_ root: any VirtualDirectory, _ logID: LogID) throws {
        var timeline = try Timeline.read(in: source, plan.logID, environment)
        timeline.steps.insert(
            Timeline.Step(
                log: "\(plan.logID)", lsn: plan.moment.lsn.rawValue,
                nanoseconds: environment.clock.wallNanoseconds()), at: 0)
        try timeline.write(in: root, of: logID, at: plan.moment.lsn, environment)
    }

    private func writeSnapshot(_ root: any VirtualDirectory, _ logID: LogID) throws {
        guard let fence = plan.snapshot else { return }
        let target = try SnapshotDirectory.open(
            in: root, access: .readWrite, environment: environment, options: options)
        var reader = try snapshots.streamingReader(
            SnapshotInfo(fence: fence), expectedLogID: plan.logID)
        var writer = try target.writer(logID: logID, fence: fence)
        try reader.copy(into: &writer)
        _ = try writer.finish()
    }

    /// The frames after the snapshot, up to the moment, in order.
    private func forEachFrame(_ body: (FrameHeader, RawSpan) throws -> Void) throws {
        let fence = plan.snapshot?.lsn ?? .never
        let last = plan.moment.lsn
        guard last > fence else { return }
        try WriteAheadLog.frames(
            in: source, options: options, environment: environment, needsKey: true
        ) { frame, payload in
            guard frame.kind.lsnCount > 0, frame.kind != .segmentSeal else { return true }
            guard frame.lsn > fence else { return true }
            guard frame.lastLSN <= last else { return false }
            try body(frame, payload)
            return true
        }
    }

    /// Reads the new store and compares it with the source.
    private func prove(
        _ root: any VirtualDirectory, _ logID: LogID, _ writer: borrowing LogRewriter
    ) throws -> RestoreProof {
        let store = StoreDirectory.unlocked(root)
        var account = FrameAccount()
        var lastLSN = plan.snapshot?.lsn ?? .never
        let findings = try WriteAheadLog.frames(
            in: store, options: options,
            environment: environment, needsKey: true
        ) { frame, payload in
            guard frame.kind.lsnCount > 0, frame.kind != .segmentSeal else { return true }
            account.add(frame, payload)
            lastLSN = frame.lastLSN
            return true
        }
        if let finding = findings.first {
            throw LogError(code: .damaged, finding: finding, lsn: finding.lsn)
        }
        guard account == writer.account, lastLSN == plan.moment.lsn else {
            throw LogError(
                code: .damaged,
                finding: Finding(
                    verdict: .corruption, file: "log", lsn: lastLSN,
                    meaning: "what was restored reads back as something else"), lsn: lastLSN)
        }
        return RestoreProof(
            transactionCount: account.transactionCount,
            isSnapshotProven: try proveSnapshot(root, logID))
    }

    private func proveSnapshot(_ root: any VirtualDirectory, _ logID: LogID) throws -> Bool? {
        guard let fence = plan.snapshot else { return nil }
        let target = try SnapshotDirectory.open(
            in: root, access: .readOnly, environment: environment, options: options)
        var reader = try target.streamingReader(
            SnapshotInfo(fence: fence), expectedLogID: logID)
        let found = try reader.stateDigest()
        var expected: StateDigest?
        try WriteAheadLog.frames(
            in: source, options: options, environment: environment, needsKey: true
        ) { frame, payload in
            if frame.kind == .checkpoint, frame.relatedLSN == fence.lsn,
                let mark = CheckpointMark(payload: payload)
            {
                expected = mark.digest
            }
            return expected == nil
        }
        guard let expected else { return nil }
        guard found == expected else {
            throw LogError(
                code: .damaged,
                finding: Finding(
                    verdict: .corruption, file: "snapshots/\(SnapshotInfo(fence: fence))",
                    lsn: fence.lsn,
                    meaning: "the state in the snapshot is not the one that its checkpoint saw"),
                lsn: fence.lsn)
        }
        return true
    }
}

/// An account of the frames of a log without its identity, to compare two logs.
struct FrameAccount: Hashable {
    private(set) var transactionCount: UInt64 = 0
    private var checksum: UInt32 = 0
    private var byteCount: UInt64 = 0

    mutating func add(_ frame: FrameHeader, _ payload: RawSpan) {
        if frame.kind == .transaction || frame.kind == .transactionCommit { transactionCount += 1 }
        for number in [
            frame.lsn.rawValue, frame.relatedLSN.rawValue, UInt64(frame.kind.rawValue),
            UInt64(frame.compression.rawValue), UInt64(frame.uncompressedByteCount),
        ] {
            checksum = CRC32C.checksum(of: number, seed: checksum)
        }
        checksum = CRC32C.checksum(of: payload, seed: checksum)
        byteCount &+= UInt64(payload.byteCount)
    }
}
