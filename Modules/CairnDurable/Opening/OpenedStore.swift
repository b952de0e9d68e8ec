// SPDX-License-Identifier: Apache-2.0
//
// Opens a store: the newest intact snapshot, then what the log has after it.
//
// - A damaged snapshot is passed over and reported; the one before and more of the log replace it. When
//   the log no longer reaches back that far, opening is refused: a store never opens with a hole.
// - A snapshot of another log is refused, not passed over.
// - A store of another program, or of a newer version of this one, is refused before anything else of it is read. The
//   program is written down when it has read everything: until then nothing is changed.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
public import CairnLSN
public import CairnLog
public import CairnSegments
internal import CairnSnapshot

/// The report of an opening: what was read, replayed and repaired.
public struct DurableRecovery: Hashable, Sendable {
    /// The report of the log: the verdict on its end, replay, repair.
    public let log: RecoveryReport
    /// The fence of the snapshot that was loaded; nil when none was.
    public let snapshotFence: SnapshotFence?
    /// Events that were replayed.
    public let eventCount: UInt64
    /// Newer snapshots that could not be read.
    public let damagedSnapshots: [Finding]
    /// The damage that hides to which program the store belongs; such a store opens only for what reads nothing of its
    /// state.
    package let damagedProgram: Finding?
}

struct OpenedStore<State: ReplayableState> {
    let log: WriteAheadLog
    let snapshots: SnapshotDirectory
    let state: State
    let history: ProgramHistory
    let recovery: DurableRecovery
    let lastCommitLSN: LSN
    let environment: StorageEnvironment
    /// The bytes of the batches that were replayed.
    let replayedByteCount: Int
    /// The bytes of the snapshot that was loaded.
    let snapshotByteCount: Int

    static func open(
        _ store: StoreDirectory, _ options: LogOptions, _ environment: StorageEnvironment,
        compressor: (any BatchCompressor)? = nil
    ) throws(DurableError) -> OpenedStore {
        do {
            return try besideWriter(store) {
                try openAny(store, options, environment, compressor)
            }
        } catch {
            throw DurableError(wrapping: error)
        }
    }

    /// Opens again while a writer in another process takes away what was just found: a snapshot, or the log behind it.
    static func besideWriter<Result>(
        _ store: StoreDirectory, _ body: () throws -> Result
    ) throws -> Result {
        for _ in 0..<(store.access == .readOnly ? movesMax : 0) {
            do { return try body() } catch  where isMove(error) {}
        }
        return try body()
    }

    /// How often what is to be read may be taken away before it counts as missing.
    private static var movesMax: Int { 20 }

    /// Whether an error only says that a writer was faster.
    static func isMove(_ error: any Error) -> Bool {
        switch error {
        case let error as LogError:
            error.code == .changesGone || error.code == .replayGap
                || error.cause?.code == .notFound
        case let error as SnapshotError: error.code == .notFound || error.cause?.code == .notFound
        case let error as DurableError:
            error.cause?.code == .notFound || error.snapshot?.code == .notFound
        case is ProgramMoved: true
        case let error as StorageError: error.code == .notFound
        case let error as SegmentError: error.cause?.code == .notFound
        default: false
        }
    }

    private static func openAny(
        _ store: StoreDirectory, _ options: LogOptions, _ environment: StorageEnvironment,
        _ compressor: (any BatchCompressor)?
    ) throws -> OpenedStore {
        let identity = try WriteAheadLog.identity(in: store, environment: environment)
        let (history, damagedProgram) = try readableHistory(in: store, identity, environment)
        let reading = EventReading(history, of: State.self)
        let snapshots = try SnapshotDirectory.open(
            in: store.root, access: store.access, environment: environment, options: options,
            compressor: compressor)
        var loaded = try load(snapshots, identity, telling: options.openingObserver)
        var eventCount: UInt64 = 0
        var replayedByteCount = 0
        var lastCommitLSN = loaded.fence?.lsn ?? .never
        let log = try WriteAheadLog.open(
            in: store, options: options, environment: environment,
            after: Self.replayFence(lastCommitLSN)
        ) { batch, transaction in
            replayedByteCount += batch.byteCount
            eventCount += try replay(batch, transaction, reading, &loaded.state)
            lastCommitLSN = transaction.commitLSN
        } judgingEnd: { lastLSN in
            try history.expectEnd(at: lastLSN)
        }
        let lastLSN = log.status.nextLSN.predecessor
        let recovery = DurableRecovery(
            log: log.recovery, snapshotFence: loaded.fence, eventCount: eventCount,
            damagedSnapshots: loaded.damaged, damagedProgram: damagedProgram)
        return OpenedStore(
            log: log, snapshots: snapshots, state: loaded.state,
            history: try recorded(history, after: lastLSN, of: log.logID, in: store, environment),
            recovery: recovery, lastCommitLSN: lastCommitLSN, environment: environment,
            replayedByteCount: replayedByteCount,
            snapshotByteCount: Int(clamping: loaded.byteCount))
    }

    /// The programs that wrote the store.
    ///
    /// - Throws: ``DurableError`` with code `.doesNotFit` when this one is no later version of them.
    static func history(
        in store: StoreDirectory, _ identity: LogID?, _ environment: StorageEnvironment
    ) throws(DurableError) -> ProgramHistory {
        let history = try ProgramHistory.read(in: store, identity, environment)
        guard !(State.self is any OpensAnyStore.Type) else {
            precondition(store.access == .readOnly, "only its program writes a store")
            return history
        }
        try history.expect(StoreProgram(of: State.self))
        return history
    }

    /// The programs that wrote the store, or what is wrong with the files that say it.
    private static func readableHistory(
        in store: StoreDirectory, _ identity: LogID?, _ environment: StorageEnvironment
    ) throws(DurableError) -> (ProgramHistory, Finding?) {
        do throws(DurableError) {
            return (try history(in: store, identity, environment), nil)
        } catch {
            let passesOver = (State.self as? any OpensAnyStore.Type)?.passesOverDamagedPrograms
            guard passesOver == true, let finding = error.finding,
                ProgramHistory.isAbout(finding)
            else { throw error }
            return (ProgramHistory(), finding)
        }
    }

    private static func recorded(
        _ history: ProgramHistory, after last: LSN, of log: LogID, in store: StoreDirectory,
        _ environment: StorageEnvironment
    ) throws(DurableError) -> ProgramHistory {
        guard store.access == .readWrite else { return history }
        return try history.adding(
            StoreProgram(of: State.self), after: last, of: log, in: store, environment)
    }

    private static func replayFence(_ lsn: LSN) -> ReplayFence {
        ReplayFence(lsn)
    }

    struct Loaded {
        var state = State()
        var fence: SnapshotFence?
        var damaged: [Finding] = []
        var byteCount: UInt64 = 0
    }

    /// Loads the newest snapshot that is intact.
    ///
    /// - Parameters:
    ///   - lsn: Passes over snapshots of a later commit.
    ///   - observer: Told how far the reading is.
    static func load(
        _ snapshots: SnapshotDirectory, _ identity: LogID?, upTo lsn: LSN = LSN(rawValue: .max),
        telling observer: OpeningObserver? = nil
    ) throws(SnapshotError) -> Loaded {
        var loaded = Loaded()
        for info in try snapshots.list().reversed() where info.fence.lsn <= lsn {
            do throws(SnapshotError) {
                var reader = try snapshots.streamingReader(info, expectedLogID: identity)
                reader.tell(observer)
                let state = try State(from: &reader)
                try reader.finish()
                loaded.state = state
                loaded.fence = info.fence
                loaded.byteCount = reader.summary.byteCount
                return loaded
            } catch {
                guard error.code == .damaged || error.code == .notASnapshot else { throw error }
                loaded.damaged.append(
                    Finding(
                        verdict: .corruption, file: "snapshots/\(info)", offset: error.offset,
                        lsn: info.fence.lsn,
                        meaning: "\(error); an older one and more of the log take its place"))
            }
        }
        return loaded
    }

    static func replay(
        _ batch: RawSpan, _ transaction: ReplayedTransaction,
        _ reading: EventReading<State.Event>, _ state: inout State
    ) throws -> UInt64 {
        guard reading.isCurrent(at: transaction.commitLSN) || State.self is any OpensAnyStore.Type
        else {
            return try replay(older: batch, transaction.commitLSN, reading, &state)
        }
        do throws(FormatError) {
            var reader = try BatchReader(batch)
            return try reader.forEachEvent(State.Event.self) { decoder in
                state.replayEncoded(&decoder)
            } orElse: { event, number throws(FormatError) in
                do {
                    try state.replay(event)
                } catch {
                    throw FormatError(code: .invalidReference, offset: Int(clamping: number))
                }
            }
        } catch {
            throw DurableError(
                code: .doesNotFit, lsn: transaction.commitLSN, reason: error,
                coding: State.Event.codingFailure(in: batch))
        }
    }

    /// Replays what an earlier version of the program wrote.
    private static func replay(
        older batch: RawSpan, _ commit: LSN, _ reading: EventReading<State.Event>,
        _ state: inout State
    ) throws -> UInt64 {
        try reading.forEach(in: batch, at: commit) { event, number in
            do { try state.replay(event) } catch {
                throw DurableError(
                    code: .doesNotFit, lsn: commit,
                    reason: FormatError(code: .invalidReference, offset: number))
            }
        }
    }
}

extension SnapshotReader {
    /// Tells the observer of an opening how far the reading is.
    fileprivate mutating func tell(_ opening: OpeningObserver?) {
        guard let opening else { return }
        let byteCount = summary.byteCount
        observer = { reached throws(CancellationError) in
            try opening(.init(.snapshot, readByteCount: reached, byteCount: byteCount))
        }
    }
}
