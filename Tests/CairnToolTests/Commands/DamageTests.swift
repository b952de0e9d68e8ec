// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A log with damage in it: what `verify` says, and what opening does.
struct DamageTests {
    private let scratch: Scratch
    /// The only segment.
    private let segment: String
    private let log: [UInt8]
    /// Records of the log: LSN and offset.
    private let records: [(lsn: Int, offset: Int)]

    init() throws {
        scratch = try Scratch()
        // An import that was killed leaves a log without a mark of its end.
        let run = try ToolRun([
            "import", "dpkg", "-", "--into", scratch["db"], "--batch", "20", "--acks",
        ])
        run.write(Fixture.stanzas.prefix(200).joined())
        run.waitForLines(10)
        run.kill()
        _ = run.waitForEnd()
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch["db/log"])
        segment = try #require(names.first { $0.hasSuffix(".wal") })
        log = try Array(Data(contentsOf: URL(fileURLWithPath: scratch["db/log/" + segment])))
        records = try Tool.run(["dump", scratch["db"], "--json"]).lines.map { line in
            let record = try jsonObject(line)
            return (
                try #require(record["lsn"] as? Int), try #require(record["offset"] as? Int)
            )
        }
        try #require(records.count == 11)
    }

    private func replaceLog(_ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: scratch["db/log/" + segment]))
    }

    private func findings() throws -> (status: Int32, verdict: String?, [[String: Any]]) {
        let outcome = try Tool.run(["verify", scratch["db"], "--json"])
        let found = try jsonObject(outcome.output)
        #expect(found.keys.sorted() == ["encrypted", "findings", "program", "verdict"])
        return (
            outcome.status, found["verdict"] as? String,
            try #require(found["findings"] as? [[String: Any]])
        )
    }

    @Test func aCleanLog() throws {
        let (status, verdict, findings) = try findings()
        #expect(status == 0)
        #expect(verdict == "clean")
        #expect(findings.isEmpty)
        #expect(try Tool.output("verify", scratch["db"]).hasPrefix("clean"))
    }

    @Test func aFlippedBitInTheMiddleIsNamedAndRefused() throws {
        let (lsn, offset) = records[5]
        var bytes = log
        bytes[(offset + records[6].offset) / 2] ^= 0x10
        try replaceLog(bytes)
        let before = try scratch.contents(of: "db")

        let (status, verdict, findings) = try findings()
        #expect(status == 1)
        #expect(verdict == "corruption")
        let finding = try #require(findings.first)
        #expect(
            finding.keys.sorted() == ["file", "lsn", "meaning", "offset", "segment", "verdict"])
        #expect(finding["verdict"] as? String == "corruption")
        #expect(finding["file"] as? String == "log/\(segment)")
        #expect(finding["segment"] as? Int == 1)
        #expect(finding["offset"] as? Int == offset)
        #expect(finding["lsn"] as? Int == lsn)
        #expect((finding["meaning"] as? String)?.isEmpty == false)
        let text = try Tool.run(["verify", scratch["db"]])
        #expect(text.status == 1)
        #expect(text.output.contains("log/\(segment) at byte \(offset) (LSN \(lsn))"))

        for arguments in [
            ["status", scratch["db"]], ["export", scratch["db"], "--format", "jsonl"],
            ["checkpoint", scratch["db"]],
            ["import", "dpkg", Fixture.path, "--into", scratch["db"]],
        ] {
            let outcome = try Tool.run(arguments)
            #expect(outcome.status == 1, "\(arguments)")
            #expect(outcome.errors.contains("corruption"), "\(arguments): \(outcome.errors)")
            #expect(outcome.errors.contains("(LSN \(lsn))"), "\(arguments): \(outcome.errors)")
        }
        #expect(try scratch.contents(of: "db") == before)
    }

    @Test func aLogCutInItsLastFrameIsRepairedAndTheBytesAreKept() throws {
        let (_, offset) = try #require(records.last)
        let end = try #require(log.lastIndex { $0 != 0 }) + 1
        let cut = (offset + end) / 2
        try replaceLog(Array(log[..<cut]))

        let (status, verdict, findings) = try findings()
        #expect(status == 1)
        #expect(verdict == "tornTail")
        #expect(findings.first?["offset"] as? Int == offset)

        // Reading leaves it as it is and says so.
        let before = try scratch.contents(of: "db")
        let reading = try Tool.json("status", scratch["db"], "--json")
        #expect((reading["labels"] as? [String: Int])?["Package"] == 180)
        #expect(try scratch.contents(of: "db") == before)

        // Writing repairs it. All that is in the list is there already but for the last batch.
        let list = try scratch.write(Fixture.stanzas.prefix(180).joined(), to: "list")
        let importing = try Tool.run(["import", "dpkg", list, "--into", scratch["db"]])
        #expect(importing.errors.contains("repaired a torn tail"), "\(importing.errors)")
        let summary = try Tool.json("import", "dpkg", list, "--into", scratch["db"], "--json")
        #expect(summary["transactions"] as? Int == 0)
        let recovery = try Tool.json("status", scratch["db"], "--json")["recovery"]
        #expect(((recovery as? [String: Any])?["quarantine"] as? [String])?.count == 1)
        let quarantine = try scratch.contents(of: "db/quarantine")
        #expect(quarantine.values.contains(Data(log[offset..<cut])))
        #expect(try self.findings().status == 0)
        #expect(
            try Tool.json("status", scratch["db"], "--json")["nodes"] as? Int == summary["nodes"]
                as? Int)
    }

    /// Cut at places all over the last two frames: what is read are the whole frames before.
    @Test func everyCutLeavesWholeTransactions() throws {
        let start = records[9].offset
        let end = try #require(log.lastIndex { $0 != 0 }) + 1
        for cut in stride(from: start, to: end, by: max(1, (end - start) / 20)) {
            try replaceLog(Array(log[..<cut]))
            let status = try Tool.json("status", scratch["db"], "--json")
            let whole = cut <= records[10].offset ? 160 : 180
            #expect((status["labels"] as? [String: Int])?["Package"] == whole, "cut at \(cut)")
        }
    }
}
