// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph
internal import Synchronization

/// Compiles statements and remembers their plans.
///
/// Any number of threads may use one engine.
public final class QueryEngine: Sendable {
    /// The services that statements get from the program.
    public let host: QueryHost
    private let planCountMax: Int
    private let plans = Mutex<[Key: Plan]>([:])

    /// The text and the shape of the graph that a plan depends on.
    private struct Key: Hashable {
        let text: String
        let shape: GraphShape
    }

    /// An engine without procedures, time zones and clock, for ``CairnGraph/GraphStore`` alone.
    public static let standard = QueryEngine()

    /// An engine with the services of a program and a cache of plans.
    ///
    /// - Parameters:
    ///   - host: The procedures, the time zones and the clock of statements.
    ///   - planCountMax: How many plans are remembered at most.
    public init(host: QueryHost = QueryHost(), planCountMax: Int = 1000) {
        self.host = host
        self.planCountMax = planCountMax
    }

    /// The plan of a statement for a graph; a plan fits every graph, but is made for this one.
    ///
    /// - Throws: ``QueryError`` of the phase ``QueryError/Phase/compileTime``.
    func plan(_ query: Query, for store: borrowing GraphStore) throws(QueryError) -> Plan {
        let shape = GraphShape(store)
        if let prepared = query.prepared, prepared.engine === self {
            if let known = prepared.plan(for: shape) { return known }
            let plan = try make(query.text, GraphStatistics(copy store))
            prepared.remember(plan, for: shape)
            return plan
        }
        let key = Key(text: query.text, shape: shape)
        if let known = plans.withLock({ $0[key] }) { return known }
        let plan = try make(query.text, GraphStatistics(copy store))
        plans.withLock { plans in
            // Plans are made quickly; which ones are forgotten matters little.
            if plans.count >= planCountMax { plans.removeAll() }
            plans[key] = plan
        }
        return plan
    }

    /// Makes a plan.
    func make(_ text: String, _ statistics: GraphStatistics) throws(QueryError) -> Plan {
        do throws(QueryError) {
            let statement = try Parser.parse(text)
            _ = try SemanticChecker(procedures: host.procedures).check(statement)
            return try QueryPlanner.plan(statement, statistics, host.procedures)
        } catch {
            throw error.located(in: text)
        }
    }
}

/// The properties of a graph that a plan depends on.
struct GraphShape: Hashable {
    let ruleCount: Int
    /// The order of magnitude of the graph.
    let magnitude: Int

    init(_ store: borrowing GraphStore) {
        ruleCount = store.ruleCountInAll
        magnitude = Int.bitWidth - store.nodeCount.leadingZeroBitCount
    }
}
