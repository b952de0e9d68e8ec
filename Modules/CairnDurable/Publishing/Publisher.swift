// SPDX-License-Identifier: Apache-2.0
//
// Shows committed states to readers, never ahead of what the policy promises.
//
// - A writer stages each commit after the log has appended it, in LSN order. A caller that waited for a round of the
//   log publishes all that the round covers, before its commit returns: so a caller reads its own writes.
// - A state that gives views of itself is staged as a view: publishing exchanges a reference.
// - Of another state there is a second copy, which follows: publishing applies the events of the round to it. A
//   reader that is still at work keeps the copy it has; the publisher then makes a new one for all later readers.
// - Readers hold the lock for some instructions only, and never wait for the disk.

internal import CairnIO
internal import CairnLSN
internal import Synchronization

/// The publisher of a state of a certain type; see ``PublisherCore``.
struct Publisher<State: ReplayableState>: Sendable {
    let core: PublisherCore

    init(_ state: consuming State, at lsn: LSN) {
        core = PublisherCore(StateBox(state), at: lsn)
    }

    /// Calls `body` with a state that does not change meanwhile.
    @inline(__always)
    func read<Result, Failure: Error>(
        latest: Bool = false, _ body: (borrowing State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let box = unsafeDowncast(core.beginReading(latest: latest), to: StateBox<State>.self)
        defer { box.endReading() }
        return try box.withState(body)
    }

    /// Calls `body` with the published state and the LSN of its last commit.
    func readWithLSN<Result, Failure: Error>(
        _ body: (borrowing State, LSN) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let (shared, lsn) = core.beginReadingWithLSN()
        let box = unsafeDowncast(shared, to: StateBox<State>.self)
        defer { box.endReading() }
        return try box.withState { (state) throws(Failure) in try body(state, lsn) }
    }

    /// Stages a commit by a view of the state that it left.
    func stage(viewOf state: inout State, at lsn: LSN) {
        core.stage(ViewChange(StateBox(viewOf: &state)), at: lsn)
    }

    /// The state with everything that was staged; for a writer whose own state cannot be kept.
    func newestState() -> State {
        unsafeDowncast(core.newestState(), to: StateBox<State>.self).state
    }
}

final class PublisherCore: Sendable {
    private struct Content: ~Copyable {
        var state: SharedState
        var queue: PublicationQueue
        var changeWaiters = ChangeWaiters()
        var hasEnded = false
    }

    private let content: Locked<Content>
    private let published: Atomic<UInt64>

    init(_ state: SharedState, at lsn: LSN) {
        content = Locked(
            Content(state: state, queue: PublicationQueue(publishedLSN: lsn)))
        published = Atomic(lsn.rawValue)
    }

    /// The last commit that readers see.
    var publishedLSN: LSN { LSN(rawValue: published.load(ordering: .acquiring)) }

    /// The number of commits that are appended and not published yet.
    var stagedCount: Int { content.withLock { $0.queue.count } }

    // MARK: Reading

    /// The state that readers see, or the newest view. The caller ends reading it.
    func beginReading(latest: Bool) -> SharedState {
        content.withLock { content in
            let state = latest ? content.queue.last?.view ?? content.state : content.state
            state.beginReading()
            return state
        }
    }

    /// The state that readers see, and the LSN of its last commit. The caller ends reading it.
    func beginReadingWithLSN() -> (SharedState, LSN) {
        content.withLock { content in
            let state = content.state
            state.beginReading()
            return (state, content.queue.publishedLSN)
        }
    }

    /// A state with everything that was staged, which is not shared or does not change.
    func newestState() -> SharedState {
        content.withLock { content in
            if let newest = content.queue.last?.view { return newest }
            let state = content.state.copied()
            content.queue.forEach { if $0.view == nil { $0.apply(to: state) } }
            return state
        }
    }

    // MARK: Publishing

    /// Adds a commit that was appended, by the writer, before the next one is appended.
    func stage(_ change: StagedChange, at lsn: LSN) {
        content.withLock { $0.queue.append(change, at: lsn) }
    }

    /// Shows readers what `fence` covers.
    ///
    /// - Parameter needed: Readers are known to see this commit on return.
    func publish(upTo fence: LSN, needed: LSN) {
        if publishedLSN >= needed { return }
        // Released after the lock: the last reference to a view frees what only it had.
        var released: (changes: [StagedChange], state: SharedState?) = ([], nil)
        let resumed = content.withLock { content -> [ChangeWaiters.Continuation] in
            released.changes = content.queue.take(upTo: fence)
            guard !released.changes.isEmpty else { return [] }
            released.state = content.state
            Self.apply(released.changes, to: &content.state)
            published.store(content.queue.publishedLSN.rawValue, ordering: .releasing)
            return content.changeWaiters.takeAll()
        }
        for continuation in resumed { continuation.resume() }
    }

    private static func apply(_ changes: [StagedChange], to state: inout SharedState) {
        if let newest = changes.last?.view { return state = newest }
        if !waitUntilUnread(state) { state = state.copied() }
        for change in changes { change.apply(to: state) }
    }

    /// Gives readers that are about to end some microseconds: a copy takes longer.
    private static func waitUntilUnread(_ state: SharedState) -> Bool {
        for _ in 0..<64 {
            if state.isUnread { return true }
            Signal.spin(8)
        }
        return false
    }

    /// Ends publishing after a failure of the log: readers keep what was published.
    func stop() {
        let (dropped, resumed) = content.withLock { content in
            content.hasEnded = true
            return (content.queue.stop(), content.changeWaiters.takeAll())
        }
        for continuation in resumed { continuation.resume() }
        _ = dropped
    }

    /// Says that nothing more will be published.
    func end() {
        let resumed = content.withLock { content in
            content.hasEnded = true
            return content.changeWaiters.takeAll()
        }
        for continuation in resumed { continuation.resume() }
    }

    // MARK: Observing

    /// Suspends until more than `lsn` is published, publishing ends, or the task is cancelled.
    ///
    /// - Returns: False when nothing more will come.
    func waitForChange(after lsn: LSN) async -> Bool {
        let number = Locked<UInt64?>(nil)
        await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: ChangeWaiters.Continuation) in
                let waits = content.withLock { content in
                    // A later cancellation finds the waiter.
                    guard !Task.isCancelled, content.queue.publishedLSN <= lsn, !content.hasEnded
                    else { return false }
                    let given = content.changeWaiters.add(continuation)
                    number.withLock { $0 = given }
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            let continuation = content.withLock { content in
                number.withLock { $0 }.flatMap { content.changeWaiters.remove($0) }
            }
            continuation?.resume()
        }
        return content.withLock { !$0.hasEnded || $0.queue.publishedLSN > lsn }
    }
}

/// Tasks that wait for a change, each for one.
struct ChangeWaiters {
    typealias Continuation = UnsafeContinuation<Void, Never>

    private var waiting: [UInt64: Continuation] = [:]
    private var count: UInt64 = 0

    mutating func add(_ continuation: Continuation) -> UInt64 {
        count += 1
        waiting[count] = continuation
        return count
    }

    mutating func remove(_ number: UInt64) -> Continuation? {
        waiting.removeValue(forKey: number)
    }

    mutating func takeAll() -> [Continuation] {
        guard !waiting.isEmpty else { return [] }
        defer { waiting.removeAll(keepingCapacity: true) }
        return waiting.sorted { $0.key < $1.key }.map(\.value)
    }
}
