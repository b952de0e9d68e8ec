// SPDX-License-Identifier: Apache-2.0

public import CairnDurable
public import CairnGraph
public import CairnQuery
public import CairnSync

extension GraphDatabase {
    /// Runs a statement that only reads, on a view: it waits neither for writers nor for the disk, and delays neither.
    ///
    /// ```swift
    /// let rows = try database.query("MATCH (p:Package {name: \(name)}) RETURN p.version AS version")
    /// ```
    ///
    /// - Parameters:
    ///   - query: The statement and its parameters.
    ///   - level: How far behind the last commit it may be.
    ///   - engine: Whose procedures, clock and plans it uses; nil for those of the database.
    ///   - limits: How long and how large it may become.
    /// - Throws: ``/CairnQuery/QueryError``; with code `.readOnly` when the statement changes the graph.
    public func query(
        _ query: Query, _ level: ReadLevel = .committed, with engine: QueryEngine? = nil,
        limits: QueryLimits = QueryLimits()
    ) throws(QueryError) -> QueryResult {
        try (engine ?? queryEngine).query(query, on: view(level), limits: limits)
    }

    /// Runs a statement that only reads, on the calling task, with whose cancellation it ends; see the other method.
    public func query(
        _ query: Query, _ level: ReadLevel = .committed, with engine: QueryEngine? = nil,
        limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> QueryResult {
        try (engine ?? queryEngine).query(query, on: view(level), limits: limits.endingWithTask)
    }

    /// Runs a statement that only reads, with the values of its parameters; see the other method.
    public func query(
        _ text: String, _ parameters: [String: QueryValue], limits: QueryLimits = QueryLimits()
    ) throws(QueryError) -> QueryResult {
        try query(Query(text, parameters), limits: limits)
    }

    /// Runs a statement that only reads, with the values of its parameters, on the calling task; see the other method.
    public func query(
        _ text: String, _ parameters: [String: QueryValue], limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> QueryResult {
        try await query(Query(text, parameters), limits: limits)
    }

    /// The rows of a statement that only reads, each computed when it is asked for, from the graph as it is now.
    public func rows(
        of query: Query, _ level: ReadLevel = .committed, with engine: QueryEngine? = nil,
        limits: QueryLimits = QueryLimits()
    ) -> QueryRows {
        (engine ?? queryEngine).rows(of: query, on: view(level), limits: limits)
    }

    /// Checks a statement, to be run many times.
    ///
    /// - Throws: ``/CairnQuery/QueryError`` of the phase `.compileTime`.
    public func prepare(_ text: String) throws(QueryError) -> PreparedQuery {
        try queryEngine.prepare(text)
    }

    /// Runs a statement, which may change the graph, in a transaction of its own. When it fails, nothing has changed.
    ///
    /// - Parameters:
    ///   - query: The statement and its parameters.
    ///   - engine: The engine whose procedures, clock and plans it uses; nil for the engine of the database.
    ///   - limits: The bounds of time, rows and memory.
    ///   - level: More than the policy gives; never less.
    /// - Returns: The rows, and the receipt; nil when nothing was changed.
    /// - Throws: ``/CairnQuery/QueryError``, and what `write(level:_:)` throws.
    @discardableResult
    public func write(
        query: Query, level: DurabilityLevel? = nil, with engine: QueryEngine? = nil,
        limits: QueryLimits = QueryLimits()
    ) throws -> WriteResult<QueryResult> {
        try write(level: level) { try $0.query(query, with: engine, limits: limits) }
    }

    /// Runs a statement in a transaction of its own without blocking the thread. It is computed on the calling task, with
    /// whose cancellation it ends; a commit that has begun is waited for. See the other method.
    @discardableResult
    public func write(
        query: Query, level: DurabilityLevel? = nil, with engine: QueryEngine? = nil,
        limits: QueryLimits = QueryLimits()
    ) async throws -> WriteResult<QueryResult> {
        try await write(level: level) {
            try $0.query(query, with: engine, limits: limits.endingWithTask)
        }
    }
}

extension GraphTransaction: QueryTarget {
    /// Calls `body` with the graph.
    public mutating func withGraph<Result>(
        _ body: (inout GraphStore) throws -> Result
    ) rethrows -> Result {
        try body(&graph)
    }

    /// Runs a statement, which may change the graph, as a part of the transaction. It sees what the transaction has done so
    /// far. When it fails, what it did is taken back, and the transaction goes on as it was before.
    ///
    /// - Parameters:
    ///   - query: The statement and its parameters.
    ///   - limits: The bounds of time, rows and memory.
    ///   - engine: Whose procedures, clock and plans it uses; nil for those of the database.
    /// - Throws: ``/CairnQuery/QueryError``, or what setting a savepoint throws.
    @discardableResult
    public mutating func query(
        _ query: Query, with engine: QueryEngine? = nil, limits: QueryLimits = QueryLimits()
    ) throws -> QueryResult {
        try self.query(query, with: engine ?? queryEngine, limits: limits)
    }

    /// Runs a statement with the values of its parameters; see the other method.
    @discardableResult
    public mutating func query(
        _ text: String, _ parameters: [String: QueryValue], limits: QueryLimits = QueryLimits()
    ) throws -> QueryResult {
        try query(Query(text, parameters), with: queryEngine, limits: limits)
    }
}
