// SPDX-License-Identifier: Apache-2.0

import Cairn
import CairnGraph
import Foundation
import SystemPackage
import Testing

/// `cairn inspect`: what the bytes of a file mean, sound or damaged, and nothing changed.
struct InspectTests {
    private let scratch: Scratch
    private let segment: String

    init() throws {
        scratch = try Scratch()
        _ = try Tool.output(
            "import", "dpkg", "-", "--into", scratch["db"],
            input: Fixture.stanzas.prefix(20).joined())
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch["db/log"])
        segment = scratch["db/log/" + (try #require(names.first { $0.hasSuffix(".wal") }))]
    }

    private func bytes() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: segment)) }

    @Test func aSoundFile() throws {
        let before = try bytes()
        let outcome = try Tool.run(["inspect", segment])
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(outcome.lines.first == "segment, \(before.count) bytes")
        #expect(outcome.lines.last == "valid: nothing is left over")
        #expect(outcome.output.contains("header.magic"))
        #expect(outcome.output.contains("transaction"))
        #expect(try bytes() == before)
    }

    @Test func aDamagedFileIsShownUpToTheDamage() throws {
        var damaged = try bytes()
        damaged[72 + 40] ^= 4
        try damaged.write(to: URL(fileURLWithPath: segment))
        let outcome = try Tool.run(["inspect", segment])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("error at byte 72: payloadChecksum (corrupt)"))
        #expect(outcome.output.contains("header.segmentID"))
        #expect(try bytes() == damaged)
    }

    @Test func aFileThatEndsTooEarly() throws {
        try bytes().prefix(40).write(to: URL(fileURLWithPath: segment))
        let outcome = try Tool.run(["inspect", segment])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("error at byte 40: truncated"))
    }

    /// A store with one large segment and one large snapshot. Returns their paths.
    private func largeFiles() throws -> (segment: String, snapshot: String) {
        let database = try GraphDatabase.open(FilePath(scratch["large"]))
        for index in 0..<24 {
            _ = try database.write { transaction in
                try transaction.createNode(
                    properties: ["x": .bytes([UInt8](repeating: UInt8(index), count: 60_000))])
            }
        }
        try database.checkpoint()
        try database.close()
        func path(_ folder: String) throws -> String {
            let names = try FileManager.default.contentsOfDirectory(
                atPath: scratch["large/" + folder])
            return scratch[
                "large/\(folder)/"
                    + (try #require(names.sorted().first { !$0.hasSuffix(".prepared") }))]
        }
        return (try path("log"), try path("snapshots"))
    }

    @Test func aLargeFileIsReadToItsEnd() throws {
        let (segment, snapshot) = try largeFiles()
        let outcome = try Tool.run(["inspect", segment])
        #expect(outcome.status == 0)
        #expect(outcome.lines.last == "valid: nothing is left over")
        #expect(outcome.lines.dropLast().last?.contains("were read and are not shown") == true)
        #expect(!outcome.output.contains("torn"))
        let shown = outcome.lines.count
        let less = try Tool.run(["inspect", segment, "--bytes", "100000"])
        #expect(less.status == 0)
        #expect(less.lines.count < shown && less.lines.count > 20)
        let all = try Tool.run(["inspect", segment, "--bytes", "100000000"])
        #expect(all.status == 0)
        #expect(all.lines.count > shown)
        #expect(!all.output.contains("not shown"))
        #expect(all.lines.first == outcome.lines.first)

        let part = try Tool.run(["inspect", snapshot])
        #expect(part.status == 0)
        #expect(part.output.contains("header.magic") || part.output.contains("magic ="))
        #expect(part.lines.contains { $0.hasPrefix("section ") && $0.hasSuffix("see --bytes") })
        #expect(part.lines.last == "valid: nothing is left over")
        let whole = try Tool.run(["inspect", snapshot, "--bytes", "\(Int.max)"])
        #expect(whole.status == 0)
        #expect(whole.lines.count > part.lines.count)
    }

    @Test func damageInALargeFileIsFoundWhereverItIs() throws {
        let (segment, snapshot) = try largeFiles()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: segment))
        for place in [70_000, 1_300_000] {
            var damaged = bytes
            damaged[place] ^= 4
            try damaged.write(to: URL(fileURLWithPath: segment))
            let outcome = try Tool.run(["inspect", segment])
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("payloadChecksum (corrupt)"), "\(place)")
            #expect(outcome.lines.last == "recovery: a loss, proven by laterWatermark")
            let whole = try Tool.run(["inspect", segment, "--bytes", "10000000"])
            let line = { (outcome: Tool.Outcome) in
                outcome.lines.first { $0.hasPrefix("error at byte") }?.prefix { $0 != ":" }
            }
            #expect(line(outcome) == line(whole))
        }
        // A torn end behind what is shown.
        try bytes.prefix(1_300_000).write(to: URL(fileURLWithPath: segment))
        let torn = try Tool.run(["inspect", segment])
        #expect(torn.status == 1)
        #expect(
            torn.lines.last?.hasPrefix("recovery: a torn end, to be cut off at byte 12") == true)

        var damaged = try Data(contentsOf: URL(fileURLWithPath: snapshot))
        damaged[1_300_000] ^= 4
        try damaged.write(to: URL(fileURLWithPath: snapshot))
        let outcome = try Tool.run(["inspect", snapshot])
        #expect(outcome.status == 1)
        #expect(outcome.lines.last?.hasPrefix("error ") == true)
    }

    @Test func whatCannotBeReadIsNamed() throws {
        #expect(
            try Tool.failure("inspect", scratch["none"])
                == "cairn: \(scratch["none"]) does not exist\n")
        #expect(try Tool.run(["inspect", segment, "--bytes", "-1"]).status == 64)
    }

    @Test func noColourWhereThereIsNoTerminal() throws {
        #expect(!(try Tool.run(["inspect", segment])).output.contains("\u{1b}"))
    }

    /// `script` gives a command a terminal; where there is no such program, nothing can be said.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
    func colourOnATerminal() throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
        #if os(Linux)
        process.arguments = ["-qec", "'\(Tool.url.path)' inspect '\(segment)'", "/dev/null"]
        #else
        process.arguments = ["-q", "/dev/null", Tool.url.path, "inspect", segment]
        #endif
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(
            decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(text.contains("\u{1b}[1msegment"))
    }

    @Test func aFileThatNobodyMayWriteIsRead() throws {
        let before = try bytes()
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: segment)
        #expect(try Tool.run(["inspect", segment]).status == 0)
        #expect(try bytes() == before)
    }

    @Test func aFileOfSomethingElseIsRefused() throws {
        let path = scratch["notes.txt"]
        try Data("hello".utf8).write(to: URL(fileURLWithPath: path))
        let outcome = try Tool.run(["inspect", path])
        #expect(outcome.status != 0)
        #expect(outcome.output == "")
    }
}
