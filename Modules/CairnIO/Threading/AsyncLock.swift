// SPDX-License-Identifier: Apache-2.0
//
// A lock that threads and tasks take in turn: a thread sleeps until it may go on, a task is suspended and
// blocks no thread.
//
// - `word` is 0 when the lock is free, 1 when it is held, 2 when it is held and a caller may wait. Taking and
//   giving back a lock that no caller waits for is one atomic instruction each.
// - A caller that finds the lock held stores 2 and enters the queue under the queue's own lock. The holder that
//   gives the lock back and finds 2 takes one caller out of the queue under that lock, so no wake-up is lost.
// - A woken caller tries again, and stores 2 when it succeeds, because others may still be queued. A newcomer may
//   be faster: handing the lock over would leave it idle until a thread wakes.
// - It is held while a caller's body runs. For a few instructions use ``Locked``.

internal import Synchronization

/// A lock for threads and tasks.
package final class AsyncLock: Sendable {
    private let word = Atomic<UInt32>(0)
    private let queue = Locked<Queue>(Queue())

    private enum Waiter {
        case thread(Signal)
        case task(UnsafeContinuation<Bool, Never>)
    }

    private struct Queue: ~Copyable {
        private var waiters: [Waiter] = []
        private var first = 0

        mutating func append(_ waiter: Waiter) { waiters.append(waiter) }

        mutating func next() -> Waiter? {
            guard first < waiters.count else { return nil }
            let waiter = waiters[first]
            first += 1
            if first == waiters.count {
                waiters.removeAll(keepingCapacity: true)
                first = 0
            }
            return waiter
        }
    }

    /// A lock that is free.
    package init() {}

    /// Takes the lock if it is free.
    @inline(__always)
    package func tryLock() -> Bool {
        word.compareExchange(
            expected: 0, desired: 1, successOrdering: .acquiring, failureOrdering: .relaxed
        ).exchanged
    }

    /// Takes the lock; the thread sleeps until it is free.
    package func lock() {
        if tryLock() || trySpinning() { return }
        let signal = Signal()
        while true {
            let seen = signal.read()
            guard enqueue(.thread(signal)) else { return }
            signal.wait(seen: seen)
        }
    }

    /// Takes the lock; the task is suspended until it is free.
    package func lock() async {
        if tryLock() || trySpinning() { return }
        var isTaken = false
        while !isTaken {
            isTaken = await withUnsafeContinuation { continuation in
                if !enqueue(.task(continuation)) { continuation.resume(returning: true) }
            }
        }
    }

    /// Gives the lock back and wakes one waiting caller.
    package func unlock() {
        guard word.exchange(0, ordering: .releasing) == 2 else { return }
        switch queue.withLock({ $0.next() }) {
        case .thread(let signal):
            signal.raise()
            signal.wakeOne()
        case .task(let continuation): continuation.resume(returning: false)
        case nil: break
        }
    }

    /// Queues a caller.
    ///
    /// - Returns: False when the lock was free, and is the caller's now.
    private func enqueue(_ waiter: Waiter) -> Bool {
        queue.withLock { queue in
            guard word.exchange(2, ordering: .acquiring) != 0 else { return false }
            queue.append(waiter)
            return true
        }
    }

    /// Looks again for a few microseconds: most bodies are that short, and to sleep and wake takes longer.
    private func trySpinning() -> Bool {
        for _ in 0..<Self.lookCount {
            Signal.spin(Self.pauseCount)
            if word.load(ordering: .relaxed) == 0, tryLock() { return true }
        }
        return false
    }

    private static var lookCount: Int { 16 }
    private static var pauseCount: Int { 4 }
}
