// SPDX-License-Identifier: Apache-2.0

/// An expression, as text and as what it means.
indirect enum NaiveExpression {
    case literal(Plain)
    case variable(String)
    case property(String, String)
    case id(String)
    case comparison(String, NaiveExpression, NaiveExpression)
    case and(NaiveExpression, NaiveExpression)
    case or(NaiveExpression, NaiveExpression)
    case xor(NaiveExpression, NaiveExpression)
    case not(NaiveExpression)
    case isNull(NaiveExpression, Bool)
    case isIn(NaiveExpression, [Plain])
    case startsWith(NaiveExpression, String)
    case hasLabel(String, String)
    case exists([NaivePath], NaiveExpression?)
    case countOf([NaivePath], NaiveExpression?)
    case sum(NaiveExpression, NaiveExpression)
    case coalesce(NaiveExpression, Plain)
    case conditional(NaiveExpression, NaiveExpression, NaiveExpression)

    var text: String {
        switch self {
        case .literal(let value): value.literal
        case .variable(let name): name
        case .property(let name, let key): "\(name).\(key)"
        case .id(let name): "id(\(name))"
        case .comparison(let operation, let left, let right):
            "(\(left.text) \(operation) \(right.text))"
        case .and(let left, let right): "(\(left.text) AND \(right.text))"
        case .or(let left, let right): "(\(left.text) OR \(right.text))"
        case .xor(let left, let right): "(\(left.text) XOR \(right.text))"
        case .not(let operand): "(NOT \(operand.text))"
        case .isNull(let operand, let isNull): "(\(operand.text) IS \(isNull ? "" : "NOT ")NULL)"
        case .isIn(let operand, let list):
            "(\(operand.text) IN [\(list.map(\.literal).joined(separator: ", "))])"
        case .startsWith(let operand, let prefix): "(\(operand.text) STARTS WITH '\(prefix)')"
        case .hasLabel(let name, let label): "\(name):\(label)"
        case .exists(let paths, let condition):
            "EXISTS { MATCH \(NaivePath.text(paths))\(Self.whereText(condition)) }"
        case .countOf(let paths, let condition):
            "COUNT { MATCH \(NaivePath.text(paths))\(Self.whereText(condition)) }"
        case .sum(let left, let right): "(\(left.text) + \(right.text))"
        case .coalesce(let operand, let value): "coalesce(\(operand.text), \(value.literal))"
        case .conditional(let condition, let one, let other):
            "CASE WHEN \(condition.text) THEN \(one.text) ELSE \(other.text) END"
        }
    }

    static func whereText(_ condition: NaiveExpression?) -> String {
        condition.map { " WHERE \($0.text)" } ?? ""
    }

    func value(_ row: NaiveRow, _ graph: NaiveGraph) -> Plain {
        switch self {
        case .literal(let value): return value
        case .variable(let name): return row[name] ?? .null
        case .property(let name, let key): return graph.property(key, of: row[name] ?? .null)
        case .id(let name):
            switch row[name] {
            case .node(let id), .relationship(let id): return .int(id)
            default: return .null
            }
        case .sum(let left, let right):
            guard case .int(let one) = left.value(row, graph),
                case .int(let two) = right.value(row, graph)
            else { return .null }
            return .int(one + two)
        case .coalesce(let operand, let other):
            let value = operand.value(row, graph)
            return value.isNull ? other : value
        case .conditional(let condition, let one, let other):
            return (condition.truth(row, graph) == true ? one : other).value(row, graph)
        case .countOf(let paths, let condition):
            return .int(graph.matches(paths, condition, row).count)
        default: return truth(row, graph).map(Plain.bool) ?? .null
        }
    }

    /// Whether it holds; nil when that is not known.
    func truth(_ row: NaiveRow, _ graph: NaiveGraph) -> Bool? {
        switch self {
        case .comparison(let operation, let left, let right):
            return Self.compare(operation, left.value(row, graph), right.value(row, graph))
        case .and(let left, let right):
            return Self.and(left.truth(row, graph), right.truth(row, graph))
        case .or(let left, let right):
            return Self.and(left.truth(row, graph).map(!), right.truth(row, graph).map(!)).map(!)
        case .xor(let left, let right):
            guard let one = left.truth(row, graph), let two = right.truth(row, graph) else {
                return nil
            }
            return one != two
        case .not(let operand): return operand.truth(row, graph).map(!)
        case .isNull(let operand, let isNull): return operand.value(row, graph).isNull == isNull
        case .isIn(let operand, let list):
            let value = operand.value(row, graph)
            var isKnown = true
            for other in list {
                guard let isEqual = value.equals(other) else {
                    isKnown = false
                    continue
                }
                if isEqual { return true }
            }
            return isKnown ? false : nil
        case .startsWith(let operand, let prefix):
            guard case .text(let text) = operand.value(row, graph) else { return nil }
            return text.hasPrefix(prefix)
        case .hasLabel(let name, let label):
            guard case .node(let id)? = row[name] else { return nil }
            return graph.nodes[id].labels.contains(label)
        case .exists(let paths, let condition):
            return !graph.matches(paths, condition, row).isEmpty
        default:
            if case .bool(let truth) = value(row, graph) { return truth }
            return nil
        }
    }

    private static func and(_ one: Bool?, _ two: Bool?) -> Bool? {
        if one == false || two == false { return false }
        return one == nil || two == nil ? nil : true
    }

    private static func compare(_ operation: String, _ one: Plain, _ two: Plain) -> Bool? {
        switch operation {
        case "=": one.equals(two)
        case "<>": one.equals(two).map(!)
        case "<": one.isLess(than: two)
        case ">": two.isLess(than: one)
        case "<=": two.isLess(than: one).map(!)
        default: one.isLess(than: two).map(!)
        }
    }
}

extension Plain {
    var literal: String {
        if case .double(let value) = self { "\(value)" } else { shown }
    }
}

extension NaiveGraph {
    func property(_ key: String, of value: Plain) -> Plain {
        switch value {
        case .node(let id): nodes[id].properties[key] ?? .null
        case .relationship(let id): relationships[id].properties[key] ?? .null
        default: .null
        }
    }
}

/// Values by the names of variables.
typealias NaiveRow = [String: Plain]
