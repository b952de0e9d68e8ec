// SPDX-License-Identifier: Apache-2.0

/// Tasks that wait for commits of others, and can be cancelled.
struct ChangeWaiters {
    private var waiters: [UInt64: Waiter] = [:]
    private var count: UInt64 = 0

    /// True when there is none.
    var isEmpty: Bool { waiters.isEmpty }

    /// Adds one.
    ///
    /// - Returns: Its number, to remove it by.
    mutating func add(_ waiter: Waiter) -> UInt64 {
        count += 1
        waiters[count] = waiter
        return count
    }

    /// Removes one; nil when it is gone already.
    mutating func remove(_ number: UInt64) -> Waiter? { waiters.removeValue(forKey: number) }

    /// Removes those whose target has come, in the order in which they came.
    mutating func take(where isReached: (WaitTarget) -> Bool) -> [Waiter] {
        guard !waiters.isEmpty else { return [] }
        let numbers = waiters.filter { isReached($0.value.target) }.keys.sorted()
        return numbers.compactMap { waiters.removeValue(forKey: $0) }
    }

    /// Removes all.
    mutating func takeAll() -> [Waiter] { take { _ in true } }
}
