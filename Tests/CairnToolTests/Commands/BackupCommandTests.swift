// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `cairn backup`, `restore`, `drill`, `verify --deep` and `salvage`, on a small graph.
struct BackupCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["db"], "--batch", "5")
        _ = try Tool.output("checkpoint", scratch["db"])
    }

    private func nodeCount(_ name: String) throws -> Int? {
        try Tool.json("status", scratch[name], "--json")["nodes"] as? Int
    }

    @Test func aBackupIsCheckedRestoredAndDrilled() throws {
        let backup = try Tool.json("backup", scratch["db"], scratch["backups"], "--json")
        let path = try #require(backup["path"] as? String)
        let lsn = try #require(backup["lsn"] as? Int)
        #expect(try Tool.output("backup", "--verify", scratch["backups"]).hasPrefix("clean"))
        #expect(try Tool.json("verify", path, "--json")["verdict"] as? String == "clean")

        let plan = try Tool.json("restore", scratch["backups"], "--dry-run", "--json")
        let latest = try #require(plan["latest"] as? [String: Any])
        #expect(latest["lsn"] as? Int ?? 0 <= lsn)
        #expect(plan["proof"] == nil)
        let restored = try Tool.json(
            "restore", scratch["backups"], "--to", "latest", "--into", scratch["new"], "--json")
        let proof = try #require(restored["proof"] as? [String: Any])
        #expect(proof["snapshotProven"] as? Bool == true)
        #expect(restored["newLogID"] as? String != restored["logID"] as? String)
        #expect(try nodeCount("new") == nodeCount("db"))

        let drill = try Tool.json("drill", scratch["backups"], "--scratch", scratch["."], "--json")
        #expect((drill["proof"] as? [String: Any])?["snapshotProven"] as? Bool == true)
        let left = try FileManager.default.contentsOfDirectory(atPath: scratch["."])
        #expect(!left.contains { $0.hasPrefix("cairn-drill") })
        #expect(try Tool.failure("checkpoint", path).contains("is a backup"))
    }

    @Test func aMomentThatIsGoneIsRefusedWithTheNearestOne() throws {
        // The log begins with the store: before its first commit it was empty.
        _ = try Tool.output(
            "restore", scratch["db"], "--to", "2001-01-01T00:00:00Z", "--into", scratch["empty"])
        #expect(try nodeCount("empty") == 0)
        #expect(
            try Tool.failure("restore", scratch["db"], "--to", "99999999", "--into", scratch["new"])
                .contains("cannot be restored"))
        #expect(try Tool.run(["restore", scratch["db"]]).status == 64)
    }

    @Test func verifyDeepProvesTheState() throws {
        let lines = try Tool.output("verify", scratch["db"], "--deep")
        #expect(lines.contains("the state is the one that was there at 1 of 1 checkpoints"))
        let proof = try #require(
            try Tool.json("verify", scratch["db"], "--deep", "--json")["proof"] as? [String: Any])
        #expect(proof["holds"] as? Bool == true && proof["provenCheckpoints"] as? Int == 1)
    }

    @Test func verifySaysWhatToDoNextAndSalvageDoesIt() throws {
        let count = try nodeCount("db")
        let folder = scratch["db/log"]
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder).first {
                $0.hasSuffix(".wal")
            })
        let url = URL(fileURLWithPath: folder + "/" + name)
        var bytes = try Data(contentsOf: url)
        bytes[200] ^= 1
        try bytes.write(to: url)
        let verify = try Tool.run(["verify", scratch["db"]])
        #expect(verify.status == 1)
        #expect(verify.lines.last?.contains("cairn salvage \(scratch["db"])") == true)
        let salvage = try Tool.run(["salvage", scratch["db"], "--into", scratch["new"], "--json"])
        #expect(salvage.status == 0, "behind the damage the log could be read to its end")
        let report = try jsonObject(salvage.output)
        #expect(report["snapshot"] as? Int ?? 0 > 0)
        #expect(report["complete"] as? Bool == true && report["lostFrom"] is NSNull)
        #expect(try nodeCount("new") == count, "the snapshot has all of it")
        #expect(try Tool.output("verify", scratch["new"]).hasPrefix("clean"))
    }
}
