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
        let nested = scratch["none"] + "/db"
        _ = try Tool.failure("import", "dpkg", Fixture.path, "--into", nested)
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

    @Test func anEmptyDirectoryHoldsNothingToRead() throws {
        try FileManager.default.createDirectory(
            atPath: scratch["empty"], withIntermediateDirectories: false)
        _ = try refusals(scratch["empty"], alsoImport: false)
        #expect(try scratch.contents(of: "empty").isEmpty)
        // But something can be put there.
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["empty"])
    }

    @Test func aFile() throws {
        try scratch.write("text", to: "file")
        let sentences = try refusals(scratch["file"])
        #expect(sentences.allSatisfy { $0.contains("\(scratch["file"]) is not a directory") })
    }

    @Test func aDirectoryThatAnotherProcessHolds() throws {
        let run = try ToolRun([
            "import", "dpkg", "-", "--into", scratch["db"], "--batch", "1", "--acks",
        ])
        run.write(Fixture.stanzas[0])
        run.waitForLines(1)
        let sentences = try refusals(scratch["db"])
        #expect(sentences.allSatisfy { $0.contains("is held by process \(run.processID)") })
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
