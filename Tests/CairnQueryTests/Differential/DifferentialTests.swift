// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import CairnQuery
import Foundation
import Testing

/// Random statements on random graphs: the engine gives what the naive evaluator gives.
///
/// `CAIRN_DIFFERENTIAL=100000` tries so many, `CAIRN_DIFFERENTIAL_SEED=7` that one alone.
struct DifferentialTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["CAIRN_DIFFERENTIAL"].flatMap { UInt64($0) } ?? 1000
    private static let seed = environment["CAIRN_DIFFERENTIAL_SEED"].flatMap { UInt64($0) }

    @Test func theEngineGivesWhatTheNaiveEvaluatorGives() throws {
        var rowCount = 0
        for seed in Self.seed.map({ $0...$0 }) ?? 1...Self.count {
            var draw = Draw(seed: seed)
            let graph = NaiveGraph(using: &draw)
            let query = RandomQuery(using: &draw)
            let expected = Self.lines(query, query.rows(graph))
            rowCount += expected.count
            for isIndexed in [false, true] {
                let store = try graph.store(isIndexed: isIndexed)
                let found: [String]
                do {
                    found = Self.lines(query, try store.query(Query(query.text)))
                } catch {
                    Issue.record("seed \(seed): \(error) in \(query.text)")
                    return
                }
                guard found == expected else {
                    Issue.record(
                        """
                        seed \(seed), \(isIndexed ? "with" : "without") indexes: \(query.text)
                        expected \(expected)
                        found    \(found)
                        """)
                    return
                }
            }
        }
        // Statements that find nothing compare nothing.
        #expect(rowCount > Int(Self.count) || Self.seed != nil)
    }

    @Test func statementsThatWriteLeaveWhatTheNaiveEvaluatorLeaves() throws {
        var changeCount = 0
        for seed in Self.seed.map({ $0...$0 }) ?? 1...Self.count {
            var draw = Draw(seed: seed)
            let graph = NaiveGraph(using: &draw)
            let statement = RandomWrite(using: &draw)
            var changed = graph
            statement.apply(to: &changed)
            if changed.content != graph.content { changeCount += 1 }
            for isIndexed in [false, true] {
                var store = try graph.store(isIndexed: isIndexed)
                try store.execute(Query(statement.text))
                guard store.content == changed.content else {
                    Issue.record(
                        """
                        seed \(seed), \(isIndexed ? "with" : "without") indexes: \(statement.text)
                        before   \(graph.content)
                        expected \(changed.content)
                        found    \(store.content)
                        """)
                    return
                }
            }
        }
        #expect(changeCount > Int(Self.count) / 10 || Self.seed != nil)
    }

    private static func lines(_ query: RandomQuery, _ rows: [NaiveRow]) -> [String] {
        guard case .project(let projection)? = query.clauses.last else { return [] }
        let lines = rows.map { row in
            projection.items.map { (row[$0.name] ?? .null).shown }.joined(separator: " ")
        }
        return query.isOrdered ? lines : lines.sorted()
    }

    private static func lines(_ query: RandomQuery, _ result: QueryResult) -> [String] {
        let lines = result.map { $0.values.map(shown).joined(separator: " ") }
        return query.isOrdered ? lines : lines.sorted()
    }

    private static func shown(_ value: QueryValue) -> String {
        if case .double(let number) = value, number == number.rounded() { return "\(Int(number))" }
        return value.description
    }
}
