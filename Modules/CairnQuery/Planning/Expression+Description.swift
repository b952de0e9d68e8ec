// SPDX-License-Identifier: Apache-2.0

extension Expression: CustomStringConvertible {
    /// The expression in short, as a plan shows it.
    var description: String {
        switch kind {
        case .literal(let literal): literal.value.description
        case .parameter(let name): "$\(name)"
        case .variable(let name): name.hasPrefix("\u{0}") ? "()" : name
        case .property(let base, let key): "\(base).\(key)"
        case .element(let list, let index): "\(list)[\(index)]"
        case .slice(let list, let from, let to):
            "\(list)[\(from?.description ?? "")..\(to?.description ?? "")]"
        case .list(let elements): "[\(Self.joined(elements, ", "))]"
        case .map(let entries):
            "{" + entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        case .negated(let operand): "-\(operand)"
        case .arithmetic(let operation, let left, let right):
            "(\(left) \(operation.rawValue) \(right))"
        case .comparison(let first, let comparisons):
            first.description + comparisons.map { " \($0.operator.rawValue) \($0.right)" }.joined()
        case .and(let operands): Self.joined(operands, " AND ")
        case .or(let operands): "(\(Self.joined(operands, " OR ")))"
        case .exclusiveOr(let operands): "(\(Self.joined(operands, " XOR ")))"
        case .not(let operand): "NOT \(operand)"
        case .isNull(let operand): "\(operand) IS NULL"
        case .membership(let element, let list): "\(element) IN \(list)"
        case .text(let operation, let left, let right): "\(left) \(operation.rawValue) \(right)"
        case .hasLabels(let entity, let labels): "\(entity):\(labels.joined(separator: ":"))"
        case .call(let call):
            "\(call.name)(\(call.isDistinct ? "DISTINCT " : "")\(Self.joined(call.arguments, ", ")))"
        case .countOfRows: "count(*)"
        case .conditional: "CASE …"
        case .listComprehension(let comprehension):
            "[\(comprehension.variable) IN \(comprehension.list) …]"
        case .patternComprehension: "[pattern …]"
        case .quantifier(let quantifier):
            "\(quantifier.kind.rawValue)(\(quantifier.variable) IN \(quantifier.list) …)"
        case .reduction: "reduce(…)"
        case .pattern: "pattern"
        case .exists: "EXISTS {…}"
        case .count: "COUNT {…}"
        }
    }

    private static func joined(_ expressions: [Expression], _ separator: String) -> String {
        expressions.map(\.description).joined(separator: separator)
    }
}
