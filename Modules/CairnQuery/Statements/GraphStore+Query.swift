// SPDX-License-Identifier: Apache-2.0

public import CairnGraph

/// A holder of a graph that statements may change, and that can take their changes back: the transaction of a database.
public protocol QueryTarget: SavepointScope, ~Copyable {
    /// Calls `body` with the graph, which it may change in place.
    mutating func withGraph<Result>(
        _ body: (inout GraphStore) throws -> Result
    ) rethrows -> Result
}

extension QueryTarget where Self: ~Copyable {
    /// Runs a statement, which may change the graph, as a part of the open transaction. It sees what the transaction has
    /// done so far. When it fails, what it did is taken back, and the transaction goes on as it was before.
    ///
    /// - Throws: ``QueryError``, or what setting a savepoint throws.
    @discardableResult
    public mutating func query(
        _ query: Query, with engine: QueryEngine, limits: QueryLimits = QueryLimits()
    ) throws -> QueryResult {
        try withSavepoint { target in
            try target.withGraph { graph in
                try engine.run(query, on: &graph, limits: limits)
            }
        }
    }
}

extension GraphStore {
    /// Runs a statement that only reads.
    ///
    /// - Throws: ``QueryError``; with code `.readOnly` when the statement changes the graph.
    public func query(
        _ query: Query, with engine: QueryEngine = .standard, limits: QueryLimits = QueryLimits()
    ) throws(QueryError) -> QueryResult {
        try engine.query(query, on: self, limits: limits)
    }

    /// Runs a statement that only reads, with the values of its parameters.
    ///
    /// - Throws: ``QueryError``; with code `.readOnly` when the statement changes the graph.
    public func query(
        _ text: String, _ parameters: [String: QueryValue]
    ) throws(QueryError) -> QueryResult {
        try QueryEngine.standard.query(Query(text, parameters), on: self)
    }

    /// Runs a statement that may change the graph: as a transaction of its own, or within the open one. When it fails,
    /// all it did is taken back.
    ///
    /// - Throws: ``QueryError``.
    @discardableResult
    public mutating func execute(
        _ query: Query, with engine: QueryEngine = .standard, limits: QueryLimits = QueryLimits()
    ) throws -> QueryResult {
        func run(_ store: inout GraphStore) throws -> QueryResult {
            try engine.run(query, on: &store, limits: limits)
        }
        return isInTransaction ? try withSavepoint(run) : try withTransaction(run)
    }

    /// Runs a statement that may change the graph, with the values of its parameters.
    ///
    /// - Throws: ``QueryError``.
    @discardableResult
    public mutating func execute(
        _ text: String, _ parameters: [String: QueryValue]
    ) throws -> QueryResult {
        try execute(Query(text, parameters))
    }
}
