// SPDX-License-Identifier: Apache-2.0
//
// One write, and what holds at each step:
//
//     writerLock.lock ─ validate, change the head, append to the log ─ writerLock.unlock ─ wait ─ publish ─ return
//                 └─ the LSN is given here                        └─ shared with all that wait
//
// - Under the writer lock lies only what needs it, and no disk: the next writer goes on while this one waits.
// - The head is ahead of readers by the commits that are appended and not yet published.
// - Readers see the published state: what the policy's level has reached, in LSN order (I15).
// - What a body saw of the head is published when its call returns, also when it wrote nothing or was refused.
// - After a failure of the log readers keep what was published, and writers are refused for good.

public import CairnIO
public import CairnLSN
public import CairnLog
public import CairnRecorder
public import CairnSnapshot
internal import CairnSync
public import SystemPackage

/// A state in memory whose changes survive a crash.
///
/// One directory holds its log and its snapshots. Opening loads the newest snapshot that is intact and
/// replays what was committed after it. All methods may be called from any thread and any task: one writer at a
/// time changes the state, many wait for the disk together, and readers wait for neither.
///
/// Each call that waits has an `async` twin of the same name, which blocks no thread.
///
/// A body that was passed to `read(_:_:)`, `write` or `commit` must not call the same object again:
/// that ends the program with a sentence. Only a read within a read is allowed.
public final class Durable<State: ReplayableState>: Sendable {
    /// The report of the opening: snapshot, replay, repair.
    public let recovery: DurableRecovery
    let log: WriteAheadLog
    package let recorder: WalRecorder
    let snapshots: SnapshotDirectory
    let publisher: Publisher<State>
    /// Held by a writer from its first look at the head until its commit is appended.
    let writerLock = AsyncLock()
    let head: Head<State>
    /// Held while a checkpoint is made, before ``writerLock``.
    let checkpoints = AsyncLock()
    private let store: StoreDirectory
    var storePath: FilePath { store.root.path }
    var storeRoot: any VirtualDirectory { store.root }
    let history: ProgramHistory
    let checksStates: Bool
    /// Makes checkpoints by itself.
    let keeper: CheckpointKeeper
    /// Takes what the store drops, where there is an archive.
    let archiver: StoreArchiver?
    let environment: StorageEnvironment
    /// When the snapshots were in place, by their fences, as far as that is known.
    let checkpointTimes: Locked<[LSN: UInt64]>
    /// The follower of a writer in another process, in a store that was opened for reading.
    let following: Following<State>?
    /// The level that the policy gives each commit, which readers see.
    let publishedLevel: DurabilityLevel

    private init(
        _ opened: consuming OpenedStore<State>, _ store: StoreDirectory, checksStates: Bool,
        _ checkpoints: CheckpointOptions, mirror: (any WalMirror)?
    ) {
        precondition(
            !(State.self is AnyClass),
            "\(State.self) is a class: readers see one state while a writer changes the next, so use a struct"
        )
        self.store = store
        self.checksStates = checksStates
        log = opened.log
        snapshots = opened.snapshots
        recovery = opened.recovery
        keeper = opened.keeper(checkpoints)
        archiver = checkpoints.archive.map {
            StoreArchiver($0, of: store.root, opened.log.logID, opened.environment)
        }
        environment = opened.environment
        checkpointTimes = Locked(opened.recovery.log.checkpointNanoseconds)
        history = opened.history
        recorder = WalRecorder(log: opened.log, mirror: mirror)
        publishedLevel = opened.log.options.syncPolicy == .everyCommit ? .durable : .written
        publisher = Publisher(opened.state.view(), at: opened.lastCommitLSN)
        following =
            store.access == .readOnly
            ? Following(
                Followed(
                    state: opened.state.view(), lsn: opened.lastCommitLSN, history: opened.history,
                    store: store)) : nil
        head = Head(opened.state, recorder)
    }

    deinit {
        keeper.stop(waiting: false)
        store.release()
    }

    // MARK: Opening and closing

    /// Opens the state in the directory at `path`, which is created when it is missing.
    ///
    /// On return everything that was recovered is durable.
    ///
    /// - Parameters:
    ///   - path: The directory of the store.
    ///   - options: The options of the log.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - mirror: A second form of the state that follows the log.
    ///   - checksStates: Whether each commit must leave a state that a checkpoint could write; one that does not is
    ///     refused with the code `.unencodable`, and the path, and the store goes on. Otherwise such a state shows at the
    ///     next checkpoint, which then throws, and so does every later one. Each commit takes time with the whole state,
    ///     so this is for tests and debug builds.
    ///   - checkpoints: When the store makes checkpoints by itself.
    /// - Throws: ``DurableError``; its code says whether the store is damaged, in use, of another log or of another
    ///   program, and nothing was changed then. The latter is `.doesNotFit`, for a newer version of this program, too:
    ///   see ``ReplayableState/name`` and ``ReplayableState/version``.
    public static func open(
        _ path: FilePath, options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system,
        checkpoints: CheckpointOptions = CheckpointOptions(), checksStates: Bool = false,
        mirror: (any WalMirror)? = nil
    ) throws(DurableError) -> Durable {
        let store: StoreDirectory
        do throws(StorageError) {
            store = try StoreDirectory.open(
                path, access: options.access, createIfMissing: options.createIfMissing,
                besideWriter: true, environment: environment)
        } catch {
            throw DurableError(LogError(error))
        }
        do throws(DurableError) {
            let opened = try OpenedStore<State>.open(
                store, options, environment, compressor: checkpoints.compressor)
            let durable = Durable(
                opened, store, checksStates: checksStates, checkpoints, mirror: mirror)
            if store.access == .readWrite {
                durable.keeper.begin(durable)
            } else {
                // The state is in memory: a writer may come.
                store.release()
            }
            return durable
        } catch {
            store.release()
            throw error
        }
    }

    /// Opens the state in the directory at `path`; see the other method.
    public static func open(
        _ path: String, options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system,
        checkpoints: CheckpointOptions = CheckpointOptions(), checksStates: Bool = false,
        mirror: (any WalMirror)? = nil
    ) throws(DurableError) -> Durable {
        try open(
            FilePath(path), options: options, environment: environment, checkpoints: checkpoints,
            checksStates: checksStates, mirror: mirror)
    }

    /// Makes everything committed durable and closes the store; a second call does nothing. A checkpoint
    /// that is under way is waited for; ``CheckpointOptions/checkpointsOnClose`` makes one. Reading goes on to work.
    ///
    /// - Throws: ``DurableError`` when the log had failed or fails now; the store is closed all the same.
    public func close() throws(DurableError) {
        refuseCallFromBody("close")
        keeper.stop(waiting: true)
        if keeper.options.checkpointsOnClose { checkpointBeforeClosing() }
        checkpoints.lock()
        defer { checkpoints.unlock() }
        writerLock.lock()
        let isFirst = !head.isClosed
        head.isClosed = true
        writerLock.unlock()
        guard isFirst else { return }
        defer { store.release() }
        let result = Result { () throws(LogError) in try log.close() }
        publishReached()
        publisher.core.end()
        do throws(LogError) { try result.get() } catch { throw DurableError(error) }
    }

    /// Makes everything committed durable and closes the store, without blocking the thread; see the other method.
    public func close() async throws(DurableError) {
        try await withBlockingThread { [self] () throws(DurableError) in try close() }
    }

    // MARK: Durability

    /// Makes everything committed durable, whatever the policy, and forces the mirror.
    ///
    /// - Throws: ``DurableError`` with code `.poisoned`, `.indeterminate`, `.closed` or `.mirrorFailed`.
    public func sync() throws(DurableError) {
        refuseCallFromBody("sync")
        do throws(RecorderError) { try recorder.sync() } catch { throw failed(error) }
    }

    /// Makes everything committed durable without blocking the thread; see the other method.
    public func sync() async throws(DurableError) {
        do throws(RecorderError) { try await recorder.sync() } catch { throw failed(error) }
    }

    /// Shows readers what the log has made as safe as the policy promises.
    func publishReached(needed: LSN = LSN(rawValue: .max)) {
        publisher.core.publish(upTo: log.reachedLSN(publishedLevel), needed: needed)
    }

    /// The error that a caller gets for a failure. When the log has failed, readers keep what was published.
    func failed(_ error: RecorderError) -> DurableError {
        if log.hasFailed {
            publishReached()
            publisher.core.stop()
        }
        return DurableError(error)
    }

    // MARK: Looking at the store

    /// The program that the store belongs to; nil while a store that no program has named is open for reading only.
    public var program: StoreProgram? { history.program }

    /// The store at this moment. Reads no file.
    public var status: DurableStatus {
        DurableStatus(
            log: log.status, publishedLSN: publisher.core.publishedLSN,
            stagedCommitCount: publisher.core.stagedCount, checkpoints: keeper.status(logByteCount),
            failure: failure)
    }

    /// The error that stopped the store for good; nil while it works.
    public var failure: DurableError? { recorder.failure.map { DurableError($0) } }

    /// The snapshots in place, oldest first.
    public func listSnapshots() throws(DurableError) -> [SnapshotInfo] {
        do throws(SnapshotError) { return try snapshots.list() } catch { throw DurableError(error) }
    }

    /// The names of the files in `quarantine`, in order: what was ever cut off the log.
    public func listQuarantine() throws(DurableError) -> [String] {
        do throws(StorageError) {
            let entries = try store.root.openDirectory("quarantine").list()
            return entries.compactMap { $0.name?.string }
        } catch {
            if error.code == .notFound { return [] }
            throw DurableError(LogError(error))
        }
    }

    /// Ends the program when a body of this store calls it again, which would wait for itself.
    @inline(__always)
    func refuseCallFromBody(_ name: StaticString) {
        guard BodyScope.current(of: self) != nil else { return }
        preconditionFailure(
            "\(name) was called from within a body of the same store; return from the body first")
    }
}

/// A store at one moment.
public struct DurableStatus: Hashable, Sendable {
    /// The status of the log: segments, syncs, waiting callers.
    public let log: LogStatus
    /// The last commit that readers see.
    public let publishedLSN: LSN
    /// The number of commits that are appended and not yet as safe as the policy promises.
    public let stagedCommitCount: Int
    /// Its checkpoints, made by itself or by a call.
    public let checkpoints: CheckpointStatus
    /// The error that stopped the store for good; nil while it works.
    public let failure: DurableError?
}
