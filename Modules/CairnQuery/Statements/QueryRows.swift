// SPDX-License-Identifier: Apache-2.0

public import CairnGraph

/// The rows of a statement that reads, each computed when it is asked for; from the graph as it was when the sequence was
/// made, in each loop anew.
///
/// The statement ends with ``QueryError/Code/cancelled`` when the task is cancelled. Rows are computed on the task that
/// iterates, which lets others run now and then.
public struct QueryRows: AsyncSequence, Sendable {
    /// A row.
    public typealias Element = QueryRow
    /// Why there are no more rows.
    public typealias Failure = QueryError

    let query: Query
    let graph: GraphStore
    let engine: QueryEngine
    let limits: QueryLimits

    /// An iterator, which begins the statement.
    public func makeAsyncIterator() -> Iterator { Iterator(rows: self) }

    /// Computes one row after the other.
    public struct Iterator: AsyncIteratorProtocol {
        let rows: QueryRows
        private var cursor: QueryCursor?
        private var rowCount: UInt32 = 0

        init(rows: QueryRows) { self.rows = rows }

        /// The next row; nil behind the last.
        ///
        /// - Throws: ``QueryError``. There are no more rows then.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(QueryError) -> QueryRow? {
            if cursor == nil {
                cursor = try rows.engine.cursor(
                    rows.query, on: rows.graph, limits: rows.limits.endingWithTask)
            }
            guard !Task.isCancelled else { throw .runtime(.limit, .cancelled) }
            rowCount &+= 1
            if rowCount & 0xFF == 0 { await Task.yield() }
            return try cursor?.next()
        }
    }
}

extension QueryEngine {
    /// The rows of a statement that only reads, each computed when it is asked for. Errors are thrown by the loop.
    public func rows(
        of query: Query, on graph: GraphStore, limits: QueryLimits = QueryLimits()
    ) -> QueryRows {
        QueryRows(query: query, graph: graph, engine: self, limits: limits)
    }
}
