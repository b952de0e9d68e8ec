// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `cairn import dpkg`, as a child process.
struct ImportCommandTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func reportsAsTextOrJSON() throws {
        let text = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["a"])
        #expect(text.hasPrefix("stanzas        331\nnodes          1,627\nrelationships  3,485\n"))

        let json = try Tool.json("import", "dpkg", Fixture.path, "--into", scratch["b"], "--json")
        #expect(
            json.keys.sorted() == [
                "nodes", "peakMemoryBytes", "relationships", "seconds", "stanzas", "transactions",
            ])
        #expect(json["stanzas"] as? Int == 331)
        #expect(json["nodes"] as? Int == 1627)
        #expect(json["relationships"] as? Int == 3485)
        // One for the constraints and one for the stanzas.
        #expect(json["transactions"] as? Int == 2)
        #expect(try #require(json["peakMemoryBytes"] as? Int) > 1_000_000)
        #expect(try #require(json["seconds"] as? Double) > 0)
    }

    @Test func readsStandardInput() throws {
        let json = try Tool.json(
            "import", "dpkg", "-", "--into", scratch["db"], "--json",
            input: Fixture.stanzas.joined())
        #expect(json["stanzas"] as? Int == 331)
    }

    @Test func acknowledgesEachBatchOnALine() throws {
        let outcome = try Tool.run([
            "import", "dpkg", Fixture.path, "--into", scratch["db"], "--batch", "100", "--acks",
            "--json",
        ])
        // Nothing is printed for people when no terminal is there.
        #expect(outcome.errors == "")
        let acks = outcome.lines.dropLast().map { $0.split(separator: " ") }
        #expect(acks.allSatisfy { $0.count == 3 && $0[0] == "ack" })
        #expect(acks.map { $0[2] } == ["100", "200", "300", "331"])
        let status = try Tool.json("status", scratch["db"], "--json")
        #expect(acks.last.flatMap { Int($0[1]) } == status["durableLSN"] as? Int)
        #expect(try jsonObject(try #require(outcome.lines.last))["transactions"] as? Int == 5)
    }

    @Test func acknowledgesBeforeTheInputEnds() throws {
        let run = try ToolRun([
            "import", "dpkg", "-", "--into", scratch["db"], "--batch", "1", "--acks",
        ])
        // A stanza is complete once the line after it is known to be blank.
        for (index, stanza) in Fixture.stanzas.prefix(3).enumerated() {
            run.write(stanza)
            run.waitForLines(index + 1)
        }
        run.kill()
        #expect(run.waitForEnd().lines.count == 3)
        #expect(try Tool.json("status", scratch["db"], "--json")["labels"] as? [String: Int] != nil)
    }

    @Test func twoImportsIntoTwoDirectoriesAreEqual() throws {
        for (name, batch) in [("a", "1000"), ("b", "7")] {
            _ = try Tool.output(
                "import", "dpkg", Fixture.path, "--into", scratch[name], "--batch", batch)
        }
        let first = try Tool.output("export", scratch["a"], "--format", "jsonl")
        #expect(
            first.split(separator: "\n").count == 1627 + 3485 + 2, "nodes, relationships, rules")
        #expect(try Tool.output("export", scratch["b"], "--format", "jsonl") == first)
    }

    @Test func saysWhereAStanzaIsMalformed() throws {
        let list = try scratch.write("Package: a\n\nPackage: b\nDepends: (\n", to: "list")
        let database = scratch["db"]
        #expect(
            try Tool.failure("import", "dpkg", list, "--into", database, "--batch", "2")
                == "cairn: \(list), line 4, field Depends: a package name is missing; nothing was imported\n"
        )
        let outcome = try Tool.run(["import", "dpkg", list, "--into", database, "--batch", "1"])
        #expect(outcome.status == 1)
        #expect(
            outcome.errors
                == "cairn: \(list), line 4, field Depends: a package name is missing; only the first stanza was imported\n"
        )
        #expect(try Tool.json("status", database, "--json")["nodes"] as? Int == 1)
    }

    @Test func refusesWhatMakesNoSense() throws {
        let database = scratch["db"]
        let wrong: [[String]] = [
            ["import", "dpkg", Fixture.path],
            ["import", "dpkg", "--into", database],
            ["import", "dpkg", Fixture.path, "--into", database, "--batch", "0"],
            ["import", "dpkg", Fixture.path, "--into", database, "--batch", "x"],
            ["import", "xml", Fixture.path, "--into", database],
            ["export", database, "--format", "xml"],
            ["neighbors", database, "--name", "a", "--direction", "up"],
            ["fly"],
        ]
        for arguments in wrong {
            let outcome = try Tool.run(arguments)
            #expect(outcome.status == 64, "\(arguments)")
            #expect(outcome.output == "")
        }
        #expect(!FileManager.default.fileExists(atPath: database))
    }

    @Test func refusesAnInputThatCannotBeRead() throws {
        let database = scratch["db"]
        #expect(
            try Tool.failure("import", "dpkg", scratch["no"], "--into", database)
                == "cairn: could not read \(scratch["no"]): No such file or directory\n")
        #expect(!FileManager.default.fileExists(atPath: database))
        #expect(
            try Tool.failure("import", "dpkg", scratch.path, "--into", database)
                == "cairn: could not read \(scratch.path): Is a directory\n")
    }

    @Test func everyCommandHasHelp() throws {
        #expect(try Tool.output("--version") == "0.1.0\n")
        let commands = [
            [], ["import"], ["import", "dpkg"], ["status"], ["neighbors"], ["verify"], ["dump"],
            ["checkpoint"], ["export"],
        ]
        for command in commands {
            let outcome = try Tool.run(command + ["--help"])
            #expect(outcome.status == 0)
            #expect(outcome.output.hasPrefix("OVERVIEW: "), "\(command)")
            // Every argument and option says what it is for.
            for line in outcome.lines where line.hasPrefix("  -") || line.hasPrefix("  <") {
                #expect(line.contains("   ") || line.count > 24, "\(command): \(line)")
            }
        }
    }
}
