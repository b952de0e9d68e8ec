// SPDX-License-Identifier: Apache-2.0

/// The slots, names and parameters that the parts of a plan share while it is made.
final class PlanBuilder {
    /// Names, each with a number.
    struct Names {
        private(set) var names: [String] = []
        private var numbers: [String: Int] = [:]

        mutating func number(of name: String) -> Int {
            if let known = numbers[name] { return known }
            numbers[name] = names.count
            names.append(name)
            return names.count - 1
        }
    }

    let statistics: GraphStatistics
    let procedures: [String: QueryProcedure]
    var keys = Names()
    var labels = Names()
    var types = Names()
    var parameters = Names()
    var argumentParameters: Set<String> = []
    var subplans: [PlanNode] = []
    private(set) var slotCount = 0
    private var hiddenCount = 0

    init(_ statistics: GraphStatistics, _ procedures: [String: QueryProcedure]) {
        self.statistics = statistics
        self.procedures = procedures
    }

    /// A place of the row that nothing else uses.
    func slot() -> Int {
        slotCount += 1
        return slotCount - 1
    }

    /// A name that no statement can contain.
    func hiddenName() -> String {
        hiddenCount += 1
        return "\u{0}\(hiddenCount)"
    }

    func addSubplan(_ plan: PlanNode) -> Int {
        subplans.append(plan)
        return subplans.count - 1
    }
}

/// The counts, constraints and indexes of a graph that a planner reads.
struct GraphStatistics: Sendable {
    let nodeCount: Double
    let relationshipCount: Double
    let labelCounts: [String: Int]
    let typeCounts: [String: Int]
    /// The rules for nodes by label.
    let labelRules: [String: RuleKeys]
    /// The rules for relationships by type.
    let typeRules: [String: RuleKeys]

    /// The rules for one label, or one type, that find members by their properties.
    struct RuleKeys: Sendable {
        /// Keys that are unique together.
        var unique: [[String]] = []
        /// The keys of ordered indexes.
        var indexes: [[String]] = []
    }

    func count(ofLabel label: String) -> Double { Double(labelCounts[label] ?? 0) }

    /// How many relationships of one of some types there are; of all for no type.
    func count(ofTypes types: [String]) -> Double {
        types.isEmpty
            ? relationshipCount : types.reduce(0) { $0 + Double(typeCounts[$1] ?? 0) }
    }
}
