// SPDX-License-Identifier: Apache-2.0

import Cairn
import CairnGraph
import CairnLSN
import CairnLog
import Testing

/// `cairn replay`
struct ReplayTests {
    @Test func saysWhatTheGraphHeldAfterACommit() throws {
        let scratch = try Scratch()
        let path = scratch["graph"]
        let database = try GraphDatabase.open(path)
        var commits: [UInt64] = []
        for number in 1...3 {
            let result = try database.write { graph in
                try graph.createNode(labels: ["A"], properties: ["n": .int(Int64(number))])
            }
            commits.append(try #require(result.receipt).commitLSN.rawValue)
        }
        try database.close()
        #expect(try Tool.json("replay", path, "--json")["nodes"] as? Int == 3)
        for (index, lsn) in commits.enumerated() {
            let past = try Tool.json("replay", path, "--to", "\(lsn)", "--json")
            #expect(past["nodes"] as? Int == index + 1)
            #expect(past["lastLSN"] as? Int == Int(lsn))
        }
        let events = try Tool.run(["replay", path, "--to", "\(commits[1])", "--events"])
        let words = events.lines.compactMap { $0.split(separator: " ").first }
        let named = words.compactMap { UInt64($0) }
        #expect(named == Array(commits[...1]))
        #expect(try Tool.run(["replay", scratch["none"]]).status == 1)
    }
}
