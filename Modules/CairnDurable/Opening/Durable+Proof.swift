// SPDX-License-Identifier: Apache-2.0
//
// The same state gives the same bytes (I13), and replay gives the same state (I14). So the digest that a checkpoint
// left in the log must come out again when its log is replayed.

internal import CairnCodec
internal import CairnFormat
public import CairnIO
public import CairnLSN
public import CairnLog
internal import CairnSnapshot
public import SystemPackage

extension Durable {
    /// Replays all that a store still has of its past, from its oldest snapshot on, and compares the state with the
    /// digest of each checkpoint that is passed. Nothing is changed.
    ///
    /// - Parameters:
    ///   - path: The directory of the store.
    ///   - options: The options of the log.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - lsn: Later commits are left out.
    /// - Throws: ``DurableError``, as opening for reading does. A digest that differs is a result and no error.
    /// - Complexity: As opening without a snapshot would have; and O(*n*) in the state for each checkpoint.
    public static func prove(
        _ path: FilePath, upTo lsn: LSN = LSN(rawValue: .max), options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system
    ) throws(DurableError) -> StateProof {
        do {
            let store = try StoreDirectory.openForReading(path, environment)
            defer { store.release() }
            return try OpenedStore<State>.besideWriter(store) {
                try Proving<State>(store, options, environment).run(upTo: lsn)
            }
        } catch let error as StorageError {
            throw DurableError(LogError(error))
        } catch {
            throw DurableError(wrapping: error)
        }
    }
}

/// A replay that compares digests on its way.
struct Proving<State: ReplayableState> {
    private let store: StoreDirectory
    private let options: LogOptions
    private let environment: StorageEnvironment
    private let snapshots: SnapshotDirectory
    private let identity: LogID?
    private let history: ProgramHistory

    init(_ store: StoreDirectory, _ options: LogOptions, _ environment: StorageEnvironment) throws {
        self.store = store
        var options = options
        options.access = .readOnly
        self.options = options
        self.environment = environment
        identity = try WriteAheadLog.identity(in: store, environment: environment)
        history = try OpenedStore<State>.history(in: store, identity, environment)
        snapshots = try SnapshotDirectory.open(
            in: store.root, access: .readOnly, environment: environment,
            options: options)
    }

    func run(upTo last: LSN) throws -> StateProof {
        var marks = try readMarks(upTo: last)
        var start = try oldestStart(upTo: last)
        let reading = EventReading(history, of: State.self)
        let first = start.fence?.lsn ?? .never
        var lastLSN = first
        var transactionCount: UInt64 = 0
        _ = try WriteAheadLog.open(
            in: store, options: options, environment: environment, after: ReplayFence(first)
        ) { batch, transaction in
            guard transaction.commitLSN <= last else { return }
            if transaction.batchIndex == 0 {
                try marks.compare(before: transaction.commitLSN, start.state, from: first)
                transactionCount += 1
            }
            _ = try OpenedStore<State>.replay(batch, transaction, reading, &start.state)
            lastLSN = transaction.commitLSN
        }
        try marks.compare(before: LSN(rawValue: .max), start.state, from: first)
        return StateProof(
            start: start.fence, lastLSN: lastLSN, transactionCount: transactionCount,
            marks: marks.compared, digest: try Marks.digest(of: start.state))
    }

    /// The checkpoints of the log, by ascending fence.
    private func readMarks(upTo last: LSN) throws -> Marks {
        var marks: [Marks.Pending] = []
        _ = try WriteAheadLog.records(in: store, options: options, environment: environment) {
            record in
            if let mark = record.mark, record.relatedLSN <= last {
                let isOurs =
                    history.version(at: record.lsns.first) == State.version
                marks.append(
                    .init(
                        lsn: record.lsns.first, fence: record.relatedLSN, digest: mark.digest,
                        isOfThisVersion: isOurs))
            }
            return true
        }
        return Marks(pending: marks.sorted { ($0.fence, $0.lsn) < ($1.fence, $1.lsn) }[...])
    }

    /// The oldest state from which the log goes on.
    private func oldestStart(upTo last: LSN) throws -> OpenedStore<State>.Loaded {
        let firstLSN =
            try WriteAheadLog.firstLSN(in: store, environment: environment) ?? .first
        guard firstLSN > .first else { return OpenedStore<State>.Loaded() }
        for info in try snapshots.list() where info.fence.lsn <= last {
            guard info.fence.lsn >= firstLSN.predecessor else { continue }
            do throws(SnapshotError) {
                var reader = try snapshots.streamingReader(info, expectedLogID: identity)
                var loaded = OpenedStore<State>.Loaded()
                loaded.state = try State(from: &reader)
                try reader.finish()
                loaded.fence = info.fence
                return loaded
            } catch {
                guard error.code == .damaged || error.code == .notASnapshot else { throw error }
            }
        }
        throw LogError(code: .replayGap, lsn: firstLSN)
    }
}
