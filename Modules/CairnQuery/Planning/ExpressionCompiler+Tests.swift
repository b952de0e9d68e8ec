// SPDX-License-Identifier: Apache-2.0

extension ExpressionCompiler {
    /// A condition as one on the nodes of a block: it looks at one property, and what it compares that with is the same
    /// for all nodes. Nil for another.
    func nodeTest(_ condition: Expression) throws(QueryError) -> NodeTest? {
        switch condition.kind {
        case .comparison(let left, let comparisons) where comparisons.count == 1:
            let (operation, right) = (comparisons[0].operator, comparisons[0].right)
            if let (place, value) = try compared(left, with: right) {
                return NodeTest(
                    slot: place.slot, kind: .comparison(key: place.key, operation, value))
            }
            guard let (place, value) = try compared(right, with: left) else { return nil }
            return NodeTest(
                slot: place.slot, kind: .comparison(key: place.key, operation.mirrored, value))
        case .text(.startsWith, let left, let right):
            guard let (place, value) = try compared(left, with: right) else { return nil }
            return NodeTest(slot: place.slot, kind: .prefix(key: place.key, value))
        case .isNull(let operand):
            return propertyPlace(operand).map {
                NodeTest(slot: $0.slot, kind: .isNull(key: $0.key, true))
            }
        case .not(let inner):
            guard case .isNull(let operand) = inner.kind else { return nil }
            return propertyPlace(operand).map {
                NodeTest(slot: $0.slot, kind: .isNull(key: $0.key, false))
            }
        default: return nil
        }
    }

    /// Where a property is, and how a value is computed that does not depend on what has it; nil where it does.
    private func compared(
        _ property: Expression, with value: Expression
    ) throws(QueryError) -> (PropertyPlace, Evaluator)? {
        guard let place = propertyPlace(property), !value.isVolatile,
            !value.freeNames.contains(where: { bindings[$0] == place.slot })
        else { return nil }
        return (place, try compile(value))
    }
}
