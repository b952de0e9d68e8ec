// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph
internal import Synchronization

/// Compiles statements and remembers their plans.
///
/// Any number of threads may use one engine.
public final class QueryEngine: Sendable {
    /// What statements get from the program.
    public let host: QueryHost
    private let planCountMax: Int
    private let plans = Mutex<[Key: Plan]>([:])

    /// What a plan depends on.
    private struct Key: Hashable {
        let text: String
        let ruleCount: Int
        /// The order of magnitude of the graph.
        let magnitude: Int
    }

    /// An engine without procedures, time zones and clock, for ``CairnGraph/GraphStore`` alone.
    public static let standard = QueryEngine()

    /// An engine.
    ///
    /// - Parameter planCountMax: How many plans are remembered at most.
    public init(host: QueryHost = QueryHost(), planCountMax: Int = 1000) {
        self.host = host
        self.planCountMax = planCountMax
    }

    /// The plan of a statement for a graph; a plan fits every graph, but is made for this one.
    ///
    /// - Throws: ``QueryError`` of the phase ``QueryError/Phase/compileTime``.
    func plan(_ text: String, for store: borrowing GraphStore) throws(QueryError) -> Plan {
        let key = Key(
            text: text, ruleCount: store.ruleCountInAll,
            magnitude: Int.bitWidth - store.nodeCount.leadingZeroBitCount)
        if let known = plans.withLock({ $0[key] }) { return known }
        let plan: Plan
        do throws(QueryError) {
            let statement = try Parser.parse(text)
            _ = try SemanticChecker(procedures: host.procedures).check(statement)
            plan = try QueryPlanner.plan(
                statement, GraphStatistics(copy store), host.procedures)
        } catch {
            throw error.located(in: text)
        }
        plans.withLock { plans in
            // Plans are made quickly; which ones are forgotten matters little.
            if plans.count >= planCountMax { plans.removeAll() }
            plans[key] = plan
        }
        return plan
    }
}
