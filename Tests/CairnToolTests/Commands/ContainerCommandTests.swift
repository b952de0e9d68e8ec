// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `cairn pack`, `unpack`, and the other commands on a container.
struct ContainerCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["db"], "--batch", "5")
        _ = try Tool.output("checkpoint", scratch["db"])
        _ = try Tool.output("pack", scratch["db"], scratch["db.cairn"])
    }

    private func json(_ command: String, _ name: String) throws -> [String: Any] {
        try Tool.json(command, scratch[name], "--json")
    }

    private func nodeCount(_ name: String) throws -> Int? {
        try json("status", name)["nodes"] as? Int
    }

    @Test func everyCommandTakesAContainer() throws {
        let nodes = try #require(try nodeCount("db"))
        #expect(try nodeCount("db.cairn") == nodes)
        #expect(try json("verify", "db.cairn")["verdict"] as? String == "clean")
        #expect(try Tool.output("verify", scratch["db.cairn"], "--deep").contains("1 of 1"))
        let dumps = try ["db", "db.cairn"].map { try Tool.output("dump", scratch[$0]) }
        #expect(dumps[0] == dumps[1] && !dumps[0].isEmpty)
        let exports = try ["db", "db.cairn"].map {
            try Tool.output("export", scratch[$0], "--format", "jsonl")
        }
        #expect(exports[0] == exports[1] && !exports[0].isEmpty)
        _ = try Tool.output("query", scratch["db.cairn"], "CREATE (:Extra)", "--write")
        _ = try Tool.output("checkpoint", scratch["db.cairn"])
        #expect(try nodeCount("db.cairn") == nodes + 1)
        _ = try Tool.output("backup", scratch["db.cairn"], scratch["backups"])
        _ = try Tool.output(
            "restore", scratch["backups"], "--to", "latest", "--into", scratch["new.cairn"])
        #expect(try nodeCount("new.cairn") == nodes + 1)
        var isDirectory: ObjCBool = false
        #expect(
            FileManager.default.fileExists(atPath: scratch["new.cairn"], isDirectory: &isDirectory)
                && !isDirectory.boolValue)
        _ = try Tool.output("salvage", scratch["db.cairn"], "--into", scratch["saved"])
        #expect(try nodeCount("saved") == nodes + 1)
    }

    @Test func packingBackGivesTheSameFiles() throws {
        _ = try Tool.output("unpack", scratch["db.cairn"], scratch["again"])
        #expect(try Tool.output("dump", scratch["again"]) == Tool.output("dump", scratch["db"]))
        #expect(
            try Tool.failure("unpack", scratch["db.cairn"], scratch["again"]).contains("exists"))
        #expect(try Tool.failure("pack", scratch["db"], scratch["db.cairn"]).contains("exists"))
    }

    @Test func aDamagedContainerIsSaidToBeDamaged() throws {
        let path = scratch["db.cairn"]
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[4096 + 30] ^= 4
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(try Tool.failure("status", path).contains("damaged at byte 4096"))
        try Data("no container".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try Tool.failure("status", path).contains("neither a directory nor a container"))
    }
}
