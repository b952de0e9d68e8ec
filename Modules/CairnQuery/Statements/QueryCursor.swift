// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// The rows of a statement, computed as they are asked for. It sees the graph as it was when the statement began.
public final class QueryCursor {
    private let execution: Execution
    private let root: Operator
    private let header: QueryHeader
    private var hasBegun = false
    private var isAtEnd = false
    private var rowCount = 0
    private var pendingLines: [String]

    /// - Parameter holdsGraph: Whether each row can read the graph as soon as it is given.
    init(_ execution: Execution, holdsGraph: Bool = false) {
        self.execution = execution
        root = execution.plan.root.instantiate(in: execution)
        let isExplained = execution.plan.mode == .explain
        header = QueryHeader(isExplained ? ["plan"] : execution.plan.columnNames)
        if holdsGraph { header.graph = execution.store.view() }
        pendingLines = isExplained ? execution.plan.lines().reversed() : []
    }

    /// The names of the columns.
    public var columns: [String] { header.names }

    /// The changes that the statement has made so far.
    public var changes: QueryChanges { execution.changes }

    /// Whether the statement was begun with PROFILE.
    public var isProfiled: Bool { execution.plan.mode == .profile }

    /// The plan, a line for each step, with the rows that were expected, and those that there were and the time where the
    /// statement was begun with PROFILE.
    public var plan: [String] { execution.plan.lines(execution) }

    /// The next row; nil behind the last.
    ///
    /// - Throws: ``QueryError`` of the phase ``QueryError/Phase/runtime``. There are no more rows then.
    public func next() throws(QueryError) -> QueryRow? {
        guard !isAtEnd else { return nil }
        if execution.plan.mode == .explain {
            return pendingLines.popLast().map { QueryRow(header, [.string($0)]) }
        }
        do throws(QueryError) {
            if !hasBegun {
                hasBegun = true
                try root.open(execution)
            }
            while try root.next(execution) {
                // A statement without columns is run for what it changes.
                guard !execution.plan.columns.isEmpty else { continue }
                rowCount += 1
                if let limit = execution.limits.rowCountMax, rowCount > limit {
                    throw .runtime(.limit, .tooManyRows)
                }
                var values: [QueryValue] = []
                values.reserveCapacity(execution.plan.columns.count)
                for column in execution.plan.columns { values.append(execution.row[column.slot]) }
                return QueryRow(header, values)
            }
        } catch {
            isAtEnd = true
            throw error
        }
        isAtEnd = true
        return nil
    }

    /// The rest of the rows.
    func collect() throws(QueryError) -> QueryResult {
        var rows: [QueryRow] = []
        while let row = try next() {
            try execution.hold(row.values.count + 2)
            rows.append(row)
        }
        // Rows read nodes in the graph as it is now. Others hold no view, which would make later changes copy.
        if header.graph == nil, rows.contains(where: { $0.values.contains(where: \.hasEntities) }) {
            header.graph = execution.store.view()
        }
        return QueryResult(
            header: header, rows: rows, changes: changes,
            plan: execution.plan.mode == .run ? [] : plan)
    }
}
