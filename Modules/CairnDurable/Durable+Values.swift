// SPDX-License-Identifier: Apache-2.0

internal import CairnLSN

extension Durable {
    /// The values of a query, as they change: first the current one, then each that a committed change leaves.
    ///
    /// ```swift
    /// for try await points in scores.values(of: { $0.points["ada"] }) { show(points) }
    /// ```
    ///
    /// - Only what readers see at ``ReadLevel/committed`` is observed. All commits of one round of the log are one
    ///   change, and so is each transaction.
    /// - A reader that is slower than the changes is given the newest value next; nothing queues up.
    /// - Equal values that follow one another are given once.
    /// - `query` runs on the actor that iterates, so the values of a loop on the main actor arrive there.
    /// - The sequence ends when the store is closed and the last value was given, or when the task is cancelled;
    ///   it throws what stopped the store.
    ///
    /// - Parameter query: Must not write to the same store.
    public func values<Value: Equatable & Sendable>(
        of query: @escaping @Sendable (borrowing State) -> Value
    ) -> DurableValues<State, Value> {
        DurableValues(store: self, query: query, areEqual: { $0 == $1 })
    }

    /// The values of a query, as they change, of a type whose values cannot be compared: one for each change; see
    /// the other method.
    @_disfavoredOverload
    public func values<Value: Sendable>(
        of query: @escaping @Sendable (borrowing State) -> Value
    ) -> DurableValues<State, Value> {
        DurableValues(store: self, query: query, areEqual: { _, _ in false })
    }
}

/// The values of a query, as they change: see `values(of:)`.
public struct DurableValues<State: ReplayableState, Value: Sendable>: AsyncSequence, Sendable {
    /// The value at each durable change.
    public typealias Element = Value
    /// Iteration throws the error that stopped the store.
    public typealias Failure = DurableError

    let store: Durable<State>
    let query: @Sendable (borrowing State) -> Value
    let areEqual: @Sendable (Value, Value) -> Bool

    /// An iterator that begins with the current value.
    public func makeAsyncIterator() -> Iterator { Iterator(values: self) }

    /// Gives one value after the other and waits in between.
    public struct Iterator: AsyncIteratorProtocol {
        let values: DurableValues
        /// The commit that the last look has seen; nil before the first look.
        private var seen: LSN?
        private var last: Value?

        init(values: DurableValues) { self.values = values }

        /// The next value, as soon as there is one; nil at the end, or when the task is cancelled.
        ///
        /// - Throws: ``DurableError`` when the store was stopped.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(DurableError) -> Value? {
            while !Task.isCancelled {
                if let value = look() { return value }
                guard await values.store.publisher.core.waitForChange(after: seen ?? .never) else {
                    if let failure = values.store.failure { throw failure }
                    return nil
                }
            }
            return nil
        }

        /// The value now, if it is another one.
        private mutating func look() -> Value? {
            if let seen, values.store.publisher.core.publishedLSN <= seen { return nil }
            let (value, lsn) = values.store.readWithLSN(values.query)
            defer { seen = lsn }
            if seen != nil, let last, values.areEqual(last, value) { return nil }
            last = value
            return value
        }
    }
}
