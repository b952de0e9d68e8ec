// SPDX-License-Identifier: Apache-2.0

internal import CairnDurable
internal import CairnGraph
public import CairnQuery

extension GraphDatabase {
    /// The results of a statement that only reads, as they change: first the current one, then each that a committed
    /// change leaves; see ``values(of:)-(_)``.
    ///
    /// ```swift
    /// for try await result in database.values(of: "MATCH (t:Task {done: false}) RETURN t.title AS title") {
    ///     show(result)
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - query: The statement and its parameters.
    ///   - engine: The engine whose procedures, clock and plans it uses; nil for the engine of the database.
    ///   - limits: Of each run; a deadline is one for all.
    public func values(
        of query: Query, with engine: QueryEngine? = nil, limits: QueryLimits = QueryLimits()
    ) -> QueryValues {
        let engine = engine ?? queryEngine
        return QueryValues(
            results: values(of: { graph in
                Result { () throws(QueryError) in
                    try engine.query(query, on: graph.view(), limits: limits.endingWithTask)
                }
            }))
    }
}

/// The results of a statement, as they change: see ``GraphDatabase/values(of:with:limits:)``.
public struct QueryValues: AsyncSequence, Sendable {
    /// The rows at one moment.
    public typealias Element = QueryResult
    /// ``/CairnQuery/QueryError`` of the statement, or ``/CairnDurable/DurableError`` of the store.
    public typealias Failure = any Error

    let results: DurableValues<GraphStore, Result<QueryResult, QueryError>>

    /// An iterator that begins with the current result.
    public func makeAsyncIterator() -> Iterator { Iterator(results: results.makeAsyncIterator()) }

    /// Gives one result after the other and waits in between.
    public struct Iterator: AsyncIteratorProtocol {
        var results: DurableValues<GraphStore, Result<QueryResult, QueryError>>.Iterator

        /// The next result, as soon as there is another one; nil at the end, or when the task is cancelled.
        ///
        /// - Throws: What the statement fails with, or what has stopped the store.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws -> QueryResult? {
            switch try await results.next(isolation: actor) {
            case .success(let result): return result
            case .failure(let error) where error.code == .cancelled && Task.isCancelled: return nil
            case .failure(let error): throw error
            case nil: return nil
            }
        }
    }
}
