// SPDX-License-Identifier: Apache-2.0
//
// Recovers what can be read.
//
// - Every file is read, and what does not hold is passed over: behind damage reading goes on with the next intact record.
// - A loss is a gap in the LSNs of intact records after the snapshot. Nothing behind one is applied by itself, but it is
//   tried on a copy, to tell which transactions rest on what is lost.
// - A transaction is applied as a whole or not at all.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnSegments
internal import CairnSnapshot

struct Salvage<State: ReplayableState> {
    private let store: StoreDirectory
    private let choices: SalvageOptions
    private let options: LogOptions
    private let environment: StorageEnvironment
    private let logID: LogID?
    private let history: ProgramHistory

    private var state = State()
    /// The state with what was tried beyond `state`; nil as long as there is no difference.
    private var trial: State?
    private var snapshot: SnapshotFence?
    private var damagedSnapshots: [SnapshotFence] = []
    private var findings: [Finding] = []
    private var lost: [LSNRange] = []
    private var lostFrom: LSN?
    private var covered = LSN.never
    private var appliedCount: UInt64 = 0
    private var leftBehind: [LSN] = []
    private var unfit: [SalvageReport.Unfit] = []
    private var lastLSN = LSN.never
    private var hasEnded = false

    init(
        _ store: StoreDirectory, _ choices: SalvageOptions, _ options: LogOptions,
        _ environment: StorageEnvironment
    ) throws {
        self.store = store
        self.choices = choices
        var options = options
        options.access = .readOnly
        self.options = options
        self.environment = environment
        logID = try Self.identity(of: store, environment)
        do {
            history = try OpenedStore<State>.history(in: store, logID, environment)
        } catch {
            guard choices.assumesProgram, error.code != .doesNotFit, error.code != .io else {
                throw error
            }
            history = ProgramHistory.of(StoreProgram(of: State.self))
        }
    }

    /// The identity of the log: the one that most of its files have, for any one of them may be of another store. Of
    /// those that as many have, the one in the first segment.
    private static func identity(
        of store: StoreDirectory, _ environment: StorageEnvironment
    ) throws -> LogID? {
        var found: [LogID] = []
        if let log = try? store.root.openDirectory("log") {
            let names = try log.list().compactMap { $0.name.flatMap(SegmentName.init) }
            for name in names.sorted() {
                guard let file = try? log.openFile(name.fileName, .readOnly),
                    let reader = try? SegmentReader(file, name: name)
                else { continue }
                found.append(reader.header.logID)
            }
        }
        let snapshots = try SnapshotDirectory.open(
            in: store.root, access: .readOnly, environment: environment)
        for info in try snapshots.list() {
            if let reader = try? snapshots.streamingReader(info, expectedLogID: nil) {
                found.append(reader.summary.logID)
            }
        }
        let counts = Dictionary(grouping: found) { $0 }.mapValues(\.count)
        let most = counts.values.max()
        return found.first { counts[$0] == most }
    }

    var report: SalvageReport {
        SalvageReport(
            logID: logID, snapshot: snapshot, damagedSnapshots: damagedSnapshots,
            findings: findings, lost: lost, lostFrom: lostFrom,
            appliedCount: appliedCount, leftBehind: leftBehind,
            unfit: unfit, lastLSN: lastLSN, endLSN: max(covered, lastLSN), newLogID: nil)
    }

    mutating func run() throws {
        try loadSnapshot()
        covered = snapshot?.lsn ?? .never
        lastLSN = covered
        let reading = EventReading(history, of: State.self)
        var open: (transaction: LSN, state: State?)?
        var tried = LSN.never
        // The log's reader calls back, so what changes lies in one place.
        var failure: (any Error)?
        var copy = self
        let found = try WriteAheadLog.verify(
            in: store, options: options, environment: environment, of: logID, needsKey: true,
            resuming: true
        ) { frame in
            copy.note(frame)
        } _: { batch, transaction in
            guard failure == nil, transaction.commitLSN > copy.snapshotLSN else { return }
            if transaction.batchIndex == 0 {
                // A second file of a number, or a fork of the log, may bring LSNs again.
                let isNew = transaction.commitLSN > tried
                tried = max(tried, transaction.commitLSN)
                open = (transaction.commitLSN, isNew ? copy.begin() : nil)
            }
            guard open?.state != nil else { return }
            do {
                try reading.forEach(in: batch, at: transaction.commitLSN) { event, number in
                    try Self.apply(event, number, transaction.commitLSN, to: &open!.state!)
                }
                guard transaction.batchIndex == transaction.batchCount - 1,
                    let next = open?.state
                else { return }
                copy.accept(next, transaction.commitLSN)
            } catch let error as DurableError where error.code == .doesNotFit {
                open?.state = nil
                copy.refuse(transaction.commitLSN, error)
            } catch {
                failure = error
            }
        }
        self = copy
        if let failure { throw failure }
        findings = found.findings
        // The last segment may hold no record.
        if let last = found.segments.last { noteEnd(last.name.baseLSN.predecessor) }
        let last = found.segments.last?.name.segment
        let isCut = findings.contains { finding in
            guard finding.verdict != .tornTail else { return false }
            // A loss within a segment that is read to its end shows as a gap.
            if finding.verdict == .corruption, found.isReadToTheEnd { return false }
            guard let segment = finding.segment, let last else { return true }
            return segment >= last
        }
        if isCut { lostFrom = LSN(rawValue: covered.rawValue &+ 1) }
    }

    private static func apply(
        _ event: State.Event, _ number: Int, _ lsn: LSN, to state: inout State
    ) throws(DurableError) {
        do {
            try state.validateReplay(of: event)
            try state.replay(event)
        } catch {
            throw DurableError(
                code: .doesNotFit, lsn: lsn,
                reason: FormatError(code: .invalidReference, offset: number))
        }
    }

    private var snapshotLSN: LSN { snapshot?.lsn ?? .never }

    private mutating func loadSnapshot() throws {
        let snapshots = try SnapshotDirectory.open(
            in: store.root, access: .readOnly, environment: environment,
            options: options)
        for info in try snapshots.list().reversed() {
            do throws(SnapshotError) {
                var reader = try snapshots.streamingReader(info, expectedLogID: logID)
                let loaded = try State(from: &reader)
                try reader.finish()
                guard snapshot == nil else { continue }
                state = loaded
                snapshot = info.fence
            } catch {
                guard error.code != .io, error.code != .encryption,
                    error.code != .unknownCompression
                else { throw error }
                damagedSnapshots.insert(info.fence, at: 0)
            }
        }
    }

    /// An intact record: what lies between it and the one before is lost.
    private mutating func note(_ frame: FrameHeader) {
        // One without an LSN of its own carries the last one.
        let before = frame.kind.lsnCount > 0 ? frame.lsn.predecessor : frame.lsn
        noteEnd(before)
        covered = max(covered, frame.lastLSN)
    }

    /// Records up to an LSN were there: those that were not read are lost.
    private mutating func noteEnd(_ last: LSN) {
        guard last > covered else { return }
        let first = LSN(rawValue: covered.rawValue + 1)
        if let range = try? LSNRange(first: first, count: last.rawValue - covered.rawValue) {
            lost.append(range)
        }
        covered = last
    }

    /// The state that the next transaction is tried on.
    private func begin() -> State { (trial ?? state).view() }

    private var isKept: Bool { !hasEnded && (lost.isEmpty || choices.goesBehindLosses) }

    private mutating func accept(_ next: consuming State, _ lsn: LSN) {
        guard isKept, trial == nil else {
            trial = next
            leftBehind.append(lsn)
            return
        }
        state = next
        appliedCount += 1
        lastLSN = lsn
    }

    private mutating func refuse(_ lsn: LSN, _ error: DurableError) {
        unfit.append(.init(lsn: lsn, meaning: "\(error)"))
        if !choices.leavesOutUnfit { hasEnded = true }
    }

    /// Writes the recovered state into a new store.
    func write(into root: any VirtualDirectory) throws -> LogID {
        var generator = RandomnessGenerator(environment.randomness)
        let new = LogID(using: &generator)
        let store = StoreDirectory.making(root)
        _ = try ProgramHistory().adding(
            StoreProgram(of: State.self), after: .never, of: new, in: store, environment)
        var timeline =
            (try? Timeline.read(in: self.store, logID, environment)) ?? Timeline()
        if let logID {
            timeline.steps.insert(
                Timeline.Step(
                    log: "\(logID)", lsn: lastLSN.rawValue,
                    nanoseconds: environment.clock.wallNanoseconds()), at: 0)
        }
        try timeline.write(in: root, of: new, at: lastLSN, environment)
        if lastLSN > .never {
            let snapshots = try SnapshotDirectory.open(
                in: root, access: .readWrite, environment: environment,
                encryption: options.encryption)
            var sink = try snapshots.writer(logID: new, fence: SnapshotFence(lastLSN))
            try state.write(to: &sink)
            _ = try sink.finish()
        }
        var writer = try LogRewriter(
            in: root, new, after: lastLSN, environment: environment,
            encryption: options.encryption)
        try writer.finish()
        return new
    }
}

extension ProgramHistory {
    /// Of a store that one program wrote from the beginning.
    static func of(_ program: StoreProgram) -> ProgramHistory {
        var history = ProgramHistory()
        history.assume(program)
        return history
    }
}
