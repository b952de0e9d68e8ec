// SPDX-License-Identifier: Apache-2.0
//
// Whatever walks over a value calls itself for each list and map within another. So the depth is bounded where
// values are made: by lists, maps, comprehensions, `collect`, parameters, and procedures.

extension QueryValue {
    /// How many lists and maps may lie within one another.
    public static let nestingCountMax = 100

    /// Whether at most `limit` lists and maps lie within one another. Never looks deeper than that.
    func isNested(atMost limit: Int) -> Bool {
        switch self {
        case .list(let values):
            limit > 0 && values.allSatisfy { $0.isNested(atMost: limit - 1) }
        case .map(let entries):
            limit > 0 && entries.values.allSatisfy { $0.isNested(atMost: limit - 1) }
        default: true
        }
    }

    /// The value, unless it is nested too deep.
    func bounded() throws(QueryError) -> QueryValue {
        guard isNested(atMost: Self.nestingCountMax) else {
            throw .runtime(.limit, .nestingTooDeep)
        }
        return self
    }
}
