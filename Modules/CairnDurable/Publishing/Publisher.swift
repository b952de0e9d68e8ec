// SPDX-License-Identifier: Apache-2.0
//
// Shows committed states to readers, never ahead of what the policy promises.
//
// - A writer stages each commit after the log has appended it, in LSN order. Whoever waited for a round of the
//   log publishes all that the round covers, before its commit returns: so a caller reads its own writes.
// - A state that gives views of itself is staged as a view: publishing exchanges a reference.
// - Of another state there is a second copy, which follows: publishing applies the events of the round to it. A
//   reader that is still at work keeps the copy it has; the publisher then makes a new one for all later readers.
// - Readers hold the lock for some instructions only, and never wait for the disk.

internal import CairnIO
internal import CairnLSN
internal import Synchronization

final class Publisher<State: ReplayableState>: Sendable {
    /// One commit that is not published yet.
    enum Change: Sendable {
        /// The state after it.
        case view(StateBox<State>)
        /// Its effect.
        case effect(@Sendable (inout State) -> Void)
    }

    private struct Content: ~Copyable {
        var box: StateBox<State>
        var queue: PublicationQueue<Change>
        var observers = ChangeObservers()
        var hasEnded = false
    }

    private let content: Locked<Content>
    private let published: Atomic<UInt64>

    init(_ state: consuming State, at lsn: LSN) {
        content = Locked(
            Content(box: StateBox(state), queue: PublicationQueue(publishedLSN: lsn)))
        published = Atomic(lsn.rawValue)
    }

    /// The last commit that readers see.
    var publishedLSN: LSN { LSN(rawValue: published.load(ordering: .acquiring)) }

    /// How many commits are appended and not published yet.
    var stagedCount: Int { content.withLock { $0.queue.count } }

    // MARK: Reading

    /// Calls `body` with a state that does not change meanwhile.
    @inline(__always)
    func read<Result, Failure: Error>(
        latest: Bool = false, _ body: (borrowing State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let box = content.withLock { content in
            var box = content.box
            if latest, case .view(let newest)? = content.queue.last { box = newest }
            box.beginReading()
            return box
        }
        defer { box.endReading() }
        return try box.withState(body)
    }

    /// Calls `body` with the published state and the LSN of its last commit.
    func readWithLSN<Result, Failure: Error>(
        _ body: (borrowing State, LSN) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let (box, lsn) = content.withLock { content in
            content.box.beginReading()
            return (content.box, content.queue.publishedLSN)
        }
        defer { box.endReading() }
        return try box.withState { (state) throws(Failure) in try body(state, lsn) }
    }

    /// The state with everything that was staged; for a writer whose own state cannot be kept.
    func newestState() -> State {
        content.withLock { content in
            if case .view(let newest)? = content.queue.last { return newest.state }
            var state = content.box.state
            for case .effect(let effect) in content.queue.waiting { effect(&state) }
            return state
        }
    }

    // MARK: Publishing

    /// Adds a commit that was appended, by the writer, before the next one is appended.
    func stage(_ change: Change, at lsn: LSN) {
        content.withLock { $0.queue.append(change, at: lsn) }
    }

    /// Shows readers what `fence` covers.
    ///
    /// - Parameter needed: Readers are known to see this commit on return.
    func publish(upTo fence: LSN, needed: LSN) {
        if publishedLSN >= needed { return }
        // Released after the lock: the last reference to a view frees what only it had.
        var released: (changes: [Change], box: StateBox<State>?) = ([], nil)
        let resumed = content.withLock { content -> [ChangeObservers.Continuation] in
            released.changes = content.queue.take(upTo: fence)
            guard !released.changes.isEmpty else { return [] }
            released.box = Self.apply(released.changes, to: &content.box)
            published.store(content.queue.publishedLSN.rawValue, ordering: .releasing)
            return content.observers.takeAll()
        }
        for continuation in resumed { continuation.resume() }
    }

    /// - Returns: The box that was exchanged, if one was.
    private static func apply(
        _ changes: [Change], to box: inout StateBox<State>
    ) -> StateBox<State>? {
        let before = box
        if case .view(let newest)? = changes.last {
            box = newest
            return before
        }
        if !waitUntilUnread(box) { box = StateBox(box.state) }
        box.change { state in
            for case .effect(let effect) in changes { effect(&state) }
        }
        return before
    }

    /// Gives readers that are about to end some microseconds: a copy takes longer.
    private static func waitUntilUnread(_ box: StateBox<State>) -> Bool {
        for _ in 0..<64 {
            if box.isUnread { return true }
            Signal.spin(8)
        }
        return false
    }

    /// Ends publishing after a failure of the log: readers keep what was published.
    func stop() {
        let (dropped, resumed) = content.withLock { content in
            content.hasEnded = true
            return (content.queue.stop(), content.observers.takeAll())
        }
        for continuation in resumed { continuation.resume() }
        _ = dropped
    }

    /// Says that nothing more will be published.
    func end() {
        let resumed = content.withLock { content in
            content.hasEnded = true
            return content.observers.takeAll()
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
            await withUnsafeContinuation { (continuation: ChangeObservers.Continuation) in
                let waits = content.withLock { content in
                    // A cancellation that comes later finds the observer.
                    guard !Task.isCancelled, content.queue.publishedLSN <= lsn, !content.hasEnded
                    else { return false }
                    let given = content.observers.add(continuation)
                    number.withLock { $0 = given }
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            let continuation = content.withLock { content in
                number.withLock { $0 }.flatMap { content.observers.remove($0) }
            }
            continuation?.resume()
        }
        return content.withLock { !$0.hasEnded || $0.queue.publishedLSN > lsn }
    }
}

/// Tasks that wait for a change, each for one.
struct ChangeObservers {
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
