// SPDX-License-Identifier: Apache-2.0

import Foundation
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
