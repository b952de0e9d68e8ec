// SPDX-License-Identifier: Apache-2.0
//
// Conditions on properties that are texts look at them where they lie in the graph: no string is made of a text that a
// condition only reads.

internal import CairnGraph

extension ExpressionCompiler {
    /// Where an expression is a property of a variable.
    func propertyPlace(_ expression: Expression) -> PropertyPlace? {
        guard known[expression] == nil, case .property(let base, let key) = expression.kind,
            case .variable(let name) = base.kind, known[base] == nil, let slot = bindings[name]
        else { return nil }
        return PropertyPlace(slot: slot, key: builder.keys.number(of: key))
    }

    /// A comparison whose left side, or both sides, are properties of variables; nil for another.
    func packedComparison(
        _ left: Expression, _ operation: Comparison.Operator, _ right: Expression
    ) throws(QueryError) -> Evaluator? {
        guard let place = propertyPlace(left) else { return nil }
        let (first, second) = (try compile(left), try compile(right))
        if let other = propertyPlace(right) {
            return { (execution) throws(QueryError) in
                if case .string(let one)? = try execution.packed(place),
                    case .string(let two)? = try execution.packed(other)
                {
                    return .bool(operation.holds(one, two))
                }
                let value = try first(execution)
                return operation.apply(value, try second(execution)).map(QueryValue.bool) ?? .null
            }
        }
        return { (execution) throws(QueryError) in
            let packed = try execution.packed(place)
            let other = try second(execution)
            if case .string(let bytes)? = packed, case .string(let text) = other {
                let holds = text.utf8Span.span.bytes.withUnsafeBytes { operation.holds(bytes, $0) }
                return .bool(holds)
            }
            let value: QueryValue
            if let packed { value = QueryValue(packed) } else { value = try first(execution) }
            return operation.apply(value, other).map(QueryValue.bool) ?? .null
        }
    }

    /// Whether a property of a variable begins with a text; nil for another expression.
    func packedPrefix(_ left: Expression, _ right: Expression) throws(QueryError) -> Evaluator? {
        guard let place = propertyPlace(left) else { return nil }
        let (first, second) = (try compile(left), try compile(right))
        return { (execution) throws(QueryError) in
            let packed = try execution.packed(place)
            let other = try second(execution)
            guard case .string(let part) = other else {
                if packed == nil { _ = try first(execution) }
                return .null
            }
            if case .string(let bytes)? = packed {
                return .bool(part.utf8Span.span.bytes.withUnsafeBytes { bytes.hasPrefix($0) })
            }
            guard packed == nil, case .string(let text) = try first(execution) else {
                return .null
            }
            return .bool(text.utf8.starts(with: part.utf8))
        }
    }
}

extension Comparison.Operator {
    /// Whether it holds between two integers.
    @inline(__always)
    func holds(_ left: Int64, _ right: Int64) -> Bool {
        switch self {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }

    /// Whether it holds between two texts.
    func holds(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .equal: left.hasSameBytes(as: right)
        case .notEqual: !left.hasSameBytes(as: right)
        case .less: left.order(right) == .before
        case .lessOrEqual: left.order(right) != .after
        case .greater: left.order(right) == .after
        case .greaterOrEqual: left.order(right) != .before
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes begin with others.
    func hasPrefix(_ other: UnsafeRawBufferPointer) -> Bool {
        count >= other.count
            && UnsafeRawBufferPointer(rebasing: self[..<other.count]).order(other) == .same
    }
}
