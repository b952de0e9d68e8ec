// SPDX-License-Identifier: Apache-2.0

import CairnTesting
import Foundation
import Testing

/// SIGKILL on a real process.
@Suite(.serialized)
struct KillTests {
    /// Twenty rounds on one database. Each imports a list in which every package changed, and is killed
    /// at a random moment. What is there then must be the state after some number of whole batches, no
    /// fewer than were acknowledged: the same, byte for byte, as a database whose process was not killed.
    @Test func everyAcknowledgedCommitSurvivesTwentyKills() throws {
        let seed: UInt64 = 20_261_123
        var generator = SplitMix64(seed: seed)
        let scratch = try Scratch()
        let batch = 10
        for round in 1...20 {
            let place: Comment = "seed \(seed), round \(round)"
            let stanzas = Fixture.stanzas(variant: round)
            let list = try scratch.write(stanzas.joined(), to: "list")
            let acknowledged = try importAndKill(
                list, into: scratch["db"], batch: batch,
                afterAcks: .random(in: 1...28, using: &generator),
                microseconds: .random(in: 0...8000, using: &generator))
            try #require(acknowledged < stanzas.count, place)

            let recovered = try Tool.output("export", scratch["db"], "--format", "jsonl")
            func reference(_ count: Int) throws -> String {
                let prefix = try scratch.write(stanzas.prefix(count).joined(), to: "prefix")
                _ = try Tool.output(
                    "import", "dpkg", prefix, "--into", scratch["reference"], "--batch", "\(batch)")
                return try Tool.output("export", scratch["reference"], "--format", "jsonl")
            }
            if recovered != (try reference(acknowledged)) {
                // Durable, but the process died before it could say so.
                try #require(recovered == (try reference(acknowledged + batch)), place)
            }
            // From here on a part comes from a snapshot.
            if round.isMultiple(of: 4) {
                _ = try Tool.output("checkpoint", scratch["db"])
                _ = try Tool.output("checkpoint", scratch["reference"])
            }
        }
        // The store goes on working.
        let summary = try Tool.json(
            "import", "dpkg", Fixture.path, "--into", scratch["db"], "--json")
        #expect(summary["stanzas"] as? Int == Fixture.stanzas.count)
        #expect(try Tool.json("verify", scratch["db"], "--json")["verdict"] as? String == "clean")
    }

    /// Killed while the database is being made: the next import works, and loses nothing that was said.
    @Test func aDatabaseKilledWhileItIsMadeCanBeUsed() throws {
        for microseconds in stride(from: 0, through: 30_000, by: 3000) {
            let scratch = try Scratch()
            let run = try ToolRun([
                "import", "dpkg", Fixture.path, "--into", scratch["db"], "--batch", "10", "--acks",
            ])
            usleep(UInt32(microseconds))
            run.kill()
            let acks = run.waitForEnd().lines.filter { $0.hasPrefix("ack ") }.count
            let verdict = try Tool.run(["verify", scratch["db"], "--json"])
            if acks > 0 {
                let found = try jsonObject(verdict.output)["verdict"] as? String
                #expect(found == "clean" || found == "tornTail", "after \(microseconds) µs")
            }
            let summary = try Tool.json(
                "import", "dpkg", Fixture.path, "--into", scratch["db"], "--batch", "10", "--json")
            #expect(summary["nodes"] as? Int == 1627, "after \(microseconds) µs")
            #expect(
                try Tool.json("verify", scratch["db"], "--json")["verdict"] as? String == "clean",
                "after \(microseconds) µs")
        }
    }

    /// Imports and kills the importer that long after an acknowledgement.
    ///
    /// - Returns: How many stanzas were acknowledged before it died.
    private func importAndKill(
        _ list: String, into directory: String, batch: Int, afterAcks count: Int,
        microseconds: UInt32
    ) throws -> Int {
        let run = try ToolRun([
            "import", "dpkg", list, "--into", directory, "--batch", "\(batch)", "--acks",
        ])
        run.waitForLines(count)
        usleep(microseconds)
        run.kill()
        let outcome = run.waitForEnd()
        try #require(outcome.wasKilled, "\(outcome.errors)")
        let acks = outcome.lines.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        return try #require(acks.last)
    }
}
