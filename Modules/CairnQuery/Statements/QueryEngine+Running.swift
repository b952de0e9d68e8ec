// SPDX-License-Identifier: Apache-2.0

public import CairnGraph

extension QueryEngine {
    /// Runs a statement that only reads.
    ///
    /// - Returns: All rows. ``cursor(_:on:limits:)`` gives them one by one.
    /// - Throws: ``QueryError``; with code `.readOnly` when the statement changes the graph.
    public func query(
        _ query: Query, on graph: GraphStore, limits: QueryLimits = QueryLimits()
    ) throws(QueryError) -> QueryResult {
        let plan = try readingPlan(query, graph)
        let values = try Self.values(of: plan, query)
        // The rows are collected here, so the graph need not be copied.
        return try withUnsafePointer(to: graph) { (graph) throws(QueryError) in
            let execution = Execution(
                plan, on: UnsafeMutablePointer(mutating: graph), isOwned: false,
                parameters: values, host: host, limits: limits)
            return try QueryCursor(execution).collect()
        }
    }

    /// Begins a statement that only reads, whose rows are computed as they are asked for.
    ///
    /// - Throws: ``QueryError``; with code `.readOnly` when the statement changes the graph.
    public func cursor(
        _ query: Query, on graph: GraphStore, limits: QueryLimits = QueryLimits()
    ) throws(QueryError) -> QueryCursor {
        QueryCursor(try reading(query, graph, limits), holdsGraph: true)
    }

    private func reading(
        _ query: Query, _ graph: GraphStore, _ limits: QueryLimits
    ) throws(QueryError) -> Execution {
        let plan = try readingPlan(query, graph)
        let values = try Self.values(of: plan, query)
        return Execution(plan, graph, parameters: values, host: host, limits: limits)
    }

    private func readingPlan(
        _ query: Query, _ graph: GraphStore
    ) throws(QueryError) -> Plan {
        let plan = try plan(query, for: graph)
        guard !plan.isWriting || plan.mode == .explain else {
            throw QueryError(.semantic, .readOnly, .compileTime)
        }
        return plan
    }

    /// Runs a statement that may change the graph. When it fails, the graph is left as it became until then: the
    /// caller takes it back.
    func run(
        _ query: Query, on graph: inout GraphStore, limits: QueryLimits
    ) throws(QueryError) -> QueryResult {
        let plan = try plan(query, for: graph)
        let values = try Self.values(of: plan, query)
        // The graph is moved, not copied: a copy would make every change copy what it touches.
        var moved = GraphStore()
        swap(&moved, &graph)
        let execution = Execution(plan, moved, parameters: values, host: host, limits: limits)
        moved = GraphStore()
        defer { swap(&execution.store, &graph) }
        return try QueryCursor(execution).collect()
    }

    /// The values of the parameters of a plan, in its order.
    private static func values(
        of plan: Plan, _ query: Query
    ) throws(QueryError) -> [QueryValue] {
        var values: [QueryValue] = []
        values.reserveCapacity(plan.parameters.count)
        for name in plan.parameters {
            guard let value = query.parameters[name] else {
                guard plan.mode != .explain else {
                    values.append(.null)
                    continue
                }
                throw QueryError(.parameterMissing, .missingParameter, .compileTime, name: name)
            }
            values.append(try value.bounded())
        }
        return values
    }
}
