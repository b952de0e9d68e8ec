// SPDX-License-Identifier: Apache-2.0

import CairnTesting
import Foundation
import Testing

/// SIGKILL on a process that changes a database by statements.
@Suite(.serialized)
struct QueryKillTests {
    /// Statements one after the other, each of which makes 20 nodes in a chain, on one database that is killed ten times at
    /// random moments. Of each statement all is there or nothing, and all that was answered is there.
    @Test func aStatementIsThereAsAWholeOrNotAtAll() throws {
        let seed: UInt64 = 20_261_130
        var generator = SplitMix64(seed: seed)
        let scratch = try Scratch()
        _ = try Tool.output("import", "jsonl", "-", "--into", scratch["db"], input: "")
        var number = 0
        var answered: Set<Int> = []
        for round in 1...10 {
            let run = try ToolRun(["shell", scratch["db"], "--write", "--csv"])
            let first = number
            var script = ""
            for _ in 0..<200 {
                script += """
                    UNWIND range(1, 20) AS place CREATE (:Link {statement: \(number), place: place});
                    MATCH (a:Link {statement: \(number)}), (b:Link {statement: \(number)})
                    WHERE b.place = a.place + 1 CREATE (a)-[:NEXT]->(b) WITH count(*) AS links
                    RETURN \(number) AS done;

                    """
                number += 1
            }
            run.write(script)
            run.waitForLines(2 * .random(in: 1...40, using: &generator))
            usleep(.random(in: 0...3000, using: &generator))
            run.kill()
            let outcome = run.waitForEnd()
            try #require(outcome.wasKilled, "seed \(seed), round \(round): \(outcome.errors)")
            answered.formUnion(outcome.lines.compactMap { Int($0) }.filter { $0 >= first })
            try check(scratch["db"], answered, "seed \(seed), round \(round)")
        }
        #expect(answered.count >= 10)
    }

    private func check(_ database: String, _ answered: Set<Int>, _ place: Comment) throws {
        let text = try Tool.run([
            "query", database, "--json",
            """
            MATCH (a:Link) OPTIONAL MATCH (a)-[r:NEXT]->()
            RETURN a.statement AS statement, count(DISTINCT a) AS nodes, count(r) AS links
            """,
        ])
        try #require(text.status == 0, "\(place): \(text.errors)")
        var whole: Set<Int> = []
        for line in text.lines {
            let row = try jsonObject(line)
            let statement = try #require(row["statement"] as? Int)
            #expect(row["nodes"] as? Int == 20, place)
            let links = try #require(row["links"] as? Int)
            #expect(links == 0 || links == 19, place)
            if links == 19 { whole.insert(statement) }
        }
        #expect(answered.isSubset(of: whole), place)
    }
}
