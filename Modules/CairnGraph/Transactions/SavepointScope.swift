// SPDX-License-Identifier: Apache-2.0

/// A transaction that can be marked and taken back to a mark: a ``GraphStore`` while one is open in it, or the
/// transaction of a database.
public protocol SavepointScope: ~Copyable {
    /// A point within the transaction that can be rolled back to.
    associatedtype Savepoint

    /// Marks this point of the transaction.
    mutating func savepoint() throws -> Savepoint

    /// Takes back what happened since the savepoint, which stays valid, and forgets the savepoints after it.
    mutating func rollBack(to savepoint: Savepoint) throws

    /// Forgets a savepoint and those after it; what happened since then stays part of the transaction.
    mutating func release(_ savepoint: Savepoint) throws
}

extension SavepointScope where Self: ~Copyable {
    /// Calls `body` within the open transaction: when it throws, what it did is taken back, and the
    /// transaction goes on as it was before. Such bodies may be nested.
    ///
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; or ``GraphError`` with code `.noTransaction`, for which `body` is not
    ///   called.
    /// - Complexity: Beside what `body` does, O(*n*) in its mutations when it throws.
    @discardableResult
    public mutating func withSavepoint<Result>(
        _ body: (inout Self) throws -> Result
    ) throws -> Result {
        let savepoint = try savepoint()
        let result: Result
        do {
            result = try body(&self)
        } catch {
            try rollBack(to: savepoint)
            try release(savepoint)
            throw error
        }
        try release(savepoint)
        return result
    }
}
