// SPDX-License-Identifier: Apache-2.0

extension FunctionLibrary {
    static let lists: [String: FunctionBody] = [
        "size": .unary { (value, _) throws(QueryError) in
            switch value {
            case .list(let values): .int(Int64(values.count))
            case .string(let text): .int(Int64(text.unicodeScalars.count))
            case .map(let entries): .int(Int64(entries.count))
            default: throw refusal("size")
            }
        },
        "isempty": .unary { (value, _) throws(QueryError) in
            switch value {
            case .list(let values): .bool(values.isEmpty)
            case .string(let text): .bool(text.isEmpty)
            case .map(let entries): .bool(entries.isEmpty)
            default: throw refusal("isEmpty")
            }
        },
        "head": .unary { (value, _) throws(QueryError) in
            guard case .list(let values) = value else { throw refusal("head") }
            return values.first ?? .null
        },
        "last": .unary { (value, _) throws(QueryError) in
            guard case .list(let values) = value else { throw refusal("last") }
            return values.last ?? .null
        },
        "tail": .unary { (value, _) throws(QueryError) in
            guard case .list(let values) = value else { throw refusal("tail") }
            return .list(Array(values.dropFirst()))
        },
        "reverse": .unary { (value, _) throws(QueryError) in
            switch value {
            case .list(let values): .list(values.reversed())
            case .string(let text): .string(String(text.reversed()))
            default: throw refusal("reverse")
            }
        },
        "range": .variadic { (values, execution) throws(QueryError) in
            try range(values, execution)
        },
        "coalesce": .variadic { (values, _) throws(QueryError) in
            values.first { !$0.isNull } ?? .null
        },
    ]

    private static func range(
        _ values: [QueryValue], _ execution: Execution
    ) throws(QueryError) -> QueryValue {
        var bounds: [Int64] = []
        for value in values {
            if value.isNull { return .null }
            guard case .int(let bound) = value else {
                throw .runtime(.argument, .invalidArgumentType, name: "range")
            }
            bounds.append(bound)
        }
        let step = bounds.count > 2 ? bounds[2] : 1
        guard step != 0 else { throw .runtime(.argument, .numberOutOfRange, name: "range") }
        let (start, end) = (bounds[0], bounds[1])
        guard step > 0 ? start <= end : start >= end else { return .list([]) }
        let distance = UInt64(bitPattern: step > 0 ? end &- start : start &- end)
        let count = distance / step.magnitude
        guard count < UInt64(Int.max) else { throw .runtime(.limit, .tooMuchMemory) }
        try execution.reserve(Int(count) + 1)
        var list: [QueryValue] = []
        list.reserveCapacity(Int(count) + 1)
        for index in 0...count {
            // Never overflows: all elements lie between the bounds.
            list.append(.int(start &+ step &* Int64(bitPattern: index)))
        }
        return .list(list)
    }
}
