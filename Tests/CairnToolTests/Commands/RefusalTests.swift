// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Foundation
import Testing

/// Directories that are no database, or not one for now: one sentence, exit status 1, nothing changed.
struct RefusalTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func commands(_ directory: String) -> [[String]] {
        [
            ["status", directory], ["neighbors", directory, "--name", "a"], ["dump", directory],
            ["export", directory, "--format", "jsonl"], ["checkpoint", directory],
        ]
    }

    /// Runs all commands on a directory and returns their sentences.
    private func refusals(_ directory: String, alsoImport: Bool = true) throws -> Set<String> {
        let importing = ["import", "dpkg", Fixture.path, "--into", directory]
        var sentences: Set<String> = []
        for arguments in commands(directory) + (alsoImport ? [importing] : []) {
            let outcome = try Tool.run(arguments)
            #expect(outcome.status == 1, "\(arguments)")
            #expect(outcome.output == "", "\(arguments)")
            #expect(outcome.errors.hasPrefix("cairn: "), "\(arguments)")
            #expect(outcome.errors.count { $0 == "\n" } == 1, "\(arguments)")
            sentences.insert(outcome.errors)
        }
        return sentences
    }

    @Test func aMissingDirectory() throws {
        let sentences = try refusals(scratch["none"], alsoImport: false)
        #expect(sentences.allSatisfy { $0.contains("\(scratch["none"]) does not exist") })
        #expect(try Tool.run(["verify", scratch["none"]]).status == 1)
        #expect(!FileManager.default.fileExists(atPath: scratch["none"]))
        // The directory above is missing too: nothing is made up on the way.
        for nested in ["/db", "/a/db", "/a/b/db/"] {
            #expect(
                try Tool.failure(
                    "import", "dpkg", Fixture.path, "--into", scratch["none"] + nested)
                    == "cairn: \(scratch["none"]) does not exist; create it first\n")
        }
        #expect(!FileManager.default.fileExists(atPath: scratch["none"]))
    }

    @Test func aDirectoryOfSomethingElse() throws {
        try FileManager.default.createDirectory(
            atPath: scratch["home"], withIntermediateDirectories: false)
        try scratch.write("dear diary", to: "home/diary.txt")
        let before = try scratch.contents(of: "home")
        let sentences = try refusals(scratch["home"])
        #expect(sentences.allSatisfy { $0.contains("no store") }, "\(sentences)")
        #expect(try Tool.run(["verify", scratch["home"]]).status == 1)
        #expect(try scratch.contents(of: "home") == before)
    }

    /// Another program has a `log` or `snapshots` too: it is told from a store, and nothing is made.
    @Test(arguments: ["log/app.log", "log/2026.wal", "snapshots/1.img", "log.creating/x"])
    func aDirectoryOfAnotherProgram(file: String) throws {
        let folder = scratch["app/" + (file as NSString).deletingLastPathComponent]
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try scratch.write("x", to: "app/" + file)
        let sentences = try refusals(scratch["app"])
        #expect(
            sentences == [
                "cairn: \(scratch["app"]) holds files of another program and no store; choose a new or empty "
                    + "directory\n"
            ])
        _ = try Tool.failure("verify", scratch["app"])
        _ = try Tool.failure("import", "jsonl", "-", "--into", scratch["app"], input: "")
        let names = FileManager.default.enumerator(atPath: scratch["app"])?.compactMap {
            $0 as? String
        }
        #expect(names?.sorted() == [(file as NSString).deletingLastPathComponent, file])
    }

    /// What was a store and lost its lock file, or its segments, is no directory of another program.
    @Test func aStoreWithoutALockFileIsAStore() throws {
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["db"])
        try FileManager.default.removeItem(atPath: scratch["db/LOCK"])
        try scratch.write("x", to: "db/log/notes.txt")
        _ = try Tool.output("status", scratch["db"])
        _ = try Tool.output("checkpoint", scratch["db"])
        try FileManager.default.removeItem(atPath: scratch["db/log"])
        try FileManager.default.createDirectory(
            atPath: scratch["db/log"], withIntermediateDirectories: false)
        #expect(try Tool.failure("status", scratch["db"]).contains("the log is gone"))
    }

    @Test func aFileInPlaceOfADirectoryAbove() throws {
        try scratch.write("text", to: "file")
        #expect(
            try Tool.failure("import", "dpkg", Fixture.path, "--into", scratch["file/a/db"])
                == "cairn: \(scratch["file"]) is not a directory\n")
    }

    @Test func anEmptyDirectoryHoldsNothingToRead() throws {
        try FileManager.default.createDirectory(
            atPath: scratch["empty"], withIntermediateDirectories: false)
        let sentences = try refusals(scratch["empty"], alsoImport: false)
        #expect(sentences.allSatisfy { $0.contains("there is no store in \(scratch["empty"])") })
        // Not even a lock file is made.
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch["empty"]).isEmpty)
        // But something can be put there.
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["empty"])
    }

    @Test func aFile() throws {
        try scratch.write("text", to: "file")
        let sentences = try refusals(scratch["file"])
        let meaning = "\(scratch["file"]) is neither a directory nor a container of Cairn"
        #expect(sentences.allSatisfy { $0.contains(meaning) })
    }

    @Test func aDirectoryThatAnotherProcessHoldsIsReadAndNotWritten() throws {
        let run = try ToolRun([
            "import", "dpkg", "-", "--into", scratch["db"], "--batch", "1", "--acks",
        ])
        run.write(Fixture.stanzas[0])
        run.waitForLines(1)
        let held = "is held by process \(run.processID)"
        for arguments in [
            ["checkpoint", scratch["db"]],
            ["import", "dpkg", Fixture.path, "--into", scratch["db"]],
        ] {
            #expect(try Tool.failure(arguments).contains(held))
        }
        #expect(try Tool.json("status", scratch["db"], "--json")["nodes"] as? Int ?? 0 > 0)
        #expect(try Tool.json("verify", scratch["db"], "--json")["verdict"] as? String == "clean")
        #expect(try Tool.output("dump", scratch["db"]).contains("transaction"))
        #expect(try Tool.output("export", scratch["db"], "--format", "jsonl").contains("Package"))
        _ = try Tool.output("backup", scratch["db"], scratch["backups"])
        #expect(try Tool.output("backup", "--verify", scratch["backups"]).hasPrefix("clean"))
        // The holder did not notice, and afterwards the directory is free.
        run.write(Fixture.stanzas[1])
        run.closeInput()
        #expect(run.waitForEnd().status == 0)
        let status = try Tool.json("status", scratch["db"], "--json")
        #expect((status["labels"] as? [String: Int])?["Package"] == 2)
    }

    @Test func aNewerFormatVersion() throws {
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["db"])
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch["db/log"])
        let name = try #require(names.first { $0.hasSuffix(".wal") })
        let url = URL(fileURLWithPath: scratch["db/log/" + name])
        var bytes = try Array(Data(contentsOf: url))
        // The preamble of a later version: magic, major version, minor version, checksum.
        bytes[8] += 1
        let sum = CRC32C.checksum(of: bytes.span.bytes.extracting(0..<12))
        withUnsafeBytes(of: sum.littleEndian) { bytes.replaceSubrange(12..<16, with: $0) }
        try Data(bytes).write(to: url)

        let before = try scratch.contents(of: "db")
        let sentences = try refusals(scratch["db"])
        #expect(sentences.allSatisfy { $0.contains("newer") }, "\(sentences)")
        let found = try Tool.run(["verify", scratch["db"], "--json"])
        #expect(found.status == 1)
        #expect(try jsonObject(found.output)["verdict"] as? String == "unsupportedVersion")
        #expect(try scratch.contents(of: "db") == before)
    }

    /// A log that is there but cannot be read is never an empty graph.
    @Test func logFilesThatCannotBeRead() throws {
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["db"])
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch["db/log"])
        let name = try #require(names.first { $0.hasSuffix(".wal") })
        // A directory in its place, because permissions do not stop root.
        try FileManager.default.removeItem(atPath: scratch["db/log/" + name])
        try FileManager.default.createDirectory(
            atPath: scratch["db/log/" + name], withIntermediateDirectories: false)
        let before = try scratch.contents(of: "db")
        _ = try refusals(scratch["db"])
        #expect(try scratch.contents(of: "db") == before)
    }
}
