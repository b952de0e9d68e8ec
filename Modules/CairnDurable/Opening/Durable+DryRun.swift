// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
public import CairnIO
public import CairnLSN
public import CairnLog
internal import CairnSnapshot
public import SystemPackage

extension Durable {
    /// Replays a store without changing a byte of it, and shows each event before it is applied: to look at a
    /// state of the past, and to find the event that ends a program when it opens its store.
    ///
    /// ```swift
    /// let state = try Durable<Scores>.dryRun("scores") { event, lsn in print(lsn, event) }
    /// ```
    ///
    /// The last line that this prints names the event whose `apply` trapped; `dryRun(_:upTo:)` with the LSN before
    /// it gives the state that the program had then.
    ///
    /// - Parameters:
    ///   - path: The directory of the store.
    ///   - options: The options of the log.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - lsn: Events of later commits are left out. Snapshots are used as far as they lie before it.
    ///   - visit: Is given each event and the LSN of its commit, before the event is applied.
    /// - Returns: The state.
    /// - Throws: ``DurableError``, as opening for reading does; `.damaged` also when the log no longer reaches back
    ///   to `lsn`. What `visit` throws.
    public static func dryRun(
        _ path: FilePath, upTo lsn: LSN = LSN(rawValue: .max), options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system,
        _ visit: (State.Event, LSN) throws -> Void = { _, _ in }
    ) throws -> State {
        var options = options
        options.access = .readOnly
        do {
            let store = try StoreDirectory.openForReading(path, environment)
            defer { store.release() }
            let identity = try WriteAheadLog.identity(in: store, environment: environment)
            let history = try OpenedStore<State>.history(in: store, identity, environment)
            let reading = EventReading(history, of: State.self)
            let snapshots = try SnapshotDirectory.open(
                in: store.root, access: .readOnly, environment: environment,
                options: options)
            var loaded = try OpenedStore<State>.load(snapshots, identity, upTo: lsn)
            _ = try WriteAheadLog.open(
                in: store, options: options, environment: environment,
                after: ReplayFence(loaded.fence?.lsn ?? .never)
            ) { batch, transaction in
                guard transaction.commitLSN <= lsn else { return }
                try replay(batch, transaction.commitLSN, reading, &loaded.state, visit)
            }
            return loaded.state
        } catch let error as StorageError {
            throw DurableError(LogError(error))
        } catch let error as LogError {
            throw DurableError(error)
        } catch let error as SnapshotError {
            throw DurableError(error)
        }
    }

    private static func replay(
        _ batch: RawSpan, _ lsn: LSN, _ reading: EventReading<State.Event>, _ state: inout State,
        _ visit: (State.Event, LSN) throws -> Void
    ) throws {
        try reading.forEach(in: batch, at: lsn) { event, number in
            try visit(event, lsn)
            do { try state.replay(event) } catch {
                throw DurableError(
                    code: .doesNotFit, lsn: lsn,
                    reason: FormatError(code: .invalidReference, offset: number))
            }
        }
    }
}
