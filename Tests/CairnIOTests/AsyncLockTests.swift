// SPDX-License-Identifier: Apache-2.0

import CairnTesting
import Testing

@testable import CairnIO

/// A lock that threads and tasks take in turn.
@Suite(.timeLimit(.minutes(2)))
struct AsyncLockTests {
    /// A number that only the lock protects.
    private final class Counter: @unchecked Sendable {
        var value = 0
        var isHeld = false
    }

    private func add(_ counter: Counter) {
        precondition(!counter.isHeld, "two at a time")
        counter.isHeld = true
        counter.value += 1
        counter.isHeld = false
    }

    @Test func threadsAndTasksTakeTurnsAndNobodyIsForgotten() async throws {
        let (lock, counter) = (AsyncLock(), Counter())
        let threads = try (0..<6).map { _ in
            try BackgroundThread {
                for _ in 0..<2000 {
                    lock.lock()
                    add(counter)
                    lock.unlock()
                }
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    for _ in 0..<2000 {
                        await lock.lock()
                        add(counter)
                        lock.unlock()
                    }
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(counter.value == 24_000)
        #expect(lock.tryLock(), "it is free in the end")
        #expect(!lock.tryLock())
    }

    @Test func whoWaitsGetsItWhenItIsGivenBack() async throws {
        let (lock, order) = (AsyncLock(), Locked<[String]>([]))
        #expect(lock.tryLock())
        let thread = try BackgroundThread {
            lock.lock()
            order.withLock { $0.append("thread") }
            lock.unlock()
        }
        let task = Task {
            await lock.lock()
            order.withLock { $0.append("task") }
            lock.unlock()
        }
        await Task.yield()
        Locked(()).sleep(nanoseconds: 5_000_000) { _ in false }
        #expect(order.withLock { $0 }.isEmpty)
        lock.unlock()
        await task.value
        thread.join()
        #expect(order.withLock { $0.sorted() } == ["task", "thread"])
    }
}
