// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

@testable import CairnQuery

/// How deep a value of a query may nest: just below the limit, at it, and just above, wherever values are made.
struct QueryLimitsTests {
    static let makings: [(String, @Sendable (Int) -> Query)] = [
        ("reduce", { "RETURN reduce(l = [], x IN range(2, \($0)) | [l]) AS v" }),
        ("maps", { "RETURN reduce(m = {}, x IN range(2, \($0)) | {m: m}) AS v" }),
        ("parameter", { depth in Query("RETURN $v AS v", ["v": nested(depth)]) }),
        (
            "collect",
            { depth in
                Query(
                    "WITH $v AS v UNWIND [1] AS x RETURN collect(v) AS v", ["v": nested(depth - 1)])
            }
        ),
        (
            "list around a parameter",
            { depth in
                Query("RETURN [$v] AS v", ["v": nested(depth - 1)])
            }
        ),
    ]

    private static func nested(_ depth: Int) -> QueryValue {
        var value = QueryValue.int(1)
        for _ in 0..<depth { value = .list([value]) }
        return value
    }

    @Test(arguments: makings.indices)
    func valuesNest100Times(index: Int) throws {
        let (title, query) = Self.makings[index]
        let limit = QueryValue.nestingCountMax
        for depth in [limit - 1, limit, limit + 1] {
            do throws(QueryError) {
                _ = try GraphStore().query(query(depth))
                #expect(depth <= limit, "\(title): \(depth) of \(limit)")
            } catch {
                #expect(
                    depth > limit && error.code == .nestingTooDeep, "\(title): \(depth): \(error)")
            }
        }
    }
}
