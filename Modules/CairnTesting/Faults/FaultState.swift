// SPDX-License-Identifier: Apache-2.0

/// Decides call by call what a ``FaultPlan`` says.
struct FaultState: Sendable {
    private var rules: [(rule: FaultRule, matchCount: Int)]

    init(_ plan: FaultPlan) {
        rules = plan.rules.map { ($0, 0) }
    }

    /// The fault of a call, given how many calls and mutating calls came before it.
    mutating func action(
        for operation: SimulatedOperation, operationIndex: Int, callIndex: Int
    ) -> FaultRule.Action? {
        var action: FaultRule.Action?
        for index in rules.indices {
            let rule = rules[index].rule
            let matches =
                switch rule.place {
                case .operation(let first):
                    operation.kind.isMutating && Self.matches(operationIndex, first, rule.duration)
                case .call(let first):
                    Self.matches(callIndex, first, rule.duration)
                case .matching(let kind, let suffix, let skipping):
                    matches(index, operation, kind, suffix, skipping, rule.duration)
                }
            if matches, action == nil { action = rule.action }
        }
        return action
    }

    private static func matches(_ index: Int, _ first: Int, _ duration: FaultRule.Duration) -> Bool
    {
        duration == .once ? index == first : index >= first
    }

    private mutating func matches(
        _ index: Int, _ operation: SimulatedOperation, _ kind: SimulatedOperation.Kind?,
        _ suffix: String, _ skipping: Int, _ duration: FaultRule.Duration
    ) -> Bool {
        guard kind == nil || kind == operation.kind, operation.path.hasSuffix(suffix) else {
            return false
        }
        let earlier = rules[index].matchCount
        rules[index].matchCount += 1
        return Self.matches(earlier, skipping, duration)
    }
}
