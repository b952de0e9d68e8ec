// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import CairnTool

/// The importer against a count that was written apart from it, in another language.
struct CountTests {
    private static let python = [
        "/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3",
    ]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// What `Tools/count-dpkg.py` says of a list.
    private func count(_ path: String) throws -> [String: Any] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.python))
        process.arguments = [Fixture.root.appendingPathComponent("Tools/count-dpkg.py").path, path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try jsonObject(String(decoding: data, as: UTF8.self))
    }

    private func expectEqualCounts(_ path: String, stanzas: Int, minimum: Int) throws {
        let expected = try count(path)
        let scratch = try Scratch()
        let summary = try Tool.json(
            "import", "dpkg", path, "--into", scratch["db"], "--batch", "37", "--json")
        let status = try Tool.json("status", scratch["db"], "--json")
        #expect(expected["stanzas"] as? Int == stanzas)
        for key in ["stanzas", "nodes", "relationships"] {
            #expect(summary[key] as? Int == expected[key] as? Int, "\(key)")
        }
        for key in ["nodes", "relationships"] {
            #expect(status[key] as? Int == expected[key] as? Int, "\(key)")
        }
        for key in ["labels", "types"] {
            #expect(status[key] as? [String: Int] == expected[key] as? [String: Int], "\(key)")
        }
        #expect(try #require(expected["relationships"] as? Int) >= minimum)
        #expect(try #require(expected["types"] as? [String: Int]).count == 8)
    }

    @Test(.enabled(if: CountTests.python != nil, "needs Python 3"))
    func countsOfTheBundledListAgree() throws {
        try expectEqualCounts(Fixture.path, stanzas: 331, minimum: 3000)
    }

    /// Every stanza a second time, in reverse order, half of them without their dependencies.
    @Test(.enabled(if: CountTests.python != nil, "needs Python 3"))
    func countsOfAListWithRepeatedNamesAgree() throws {
        let scratch = try Scratch()
        let text = Fixture.stanzas.joined() + Fixture.stanzas(variant: 3).reversed().joined()
        let path = try scratch.write(text, to: "list.txt")
        try expectEqualCounts(path, stanzas: 662, minimum: 2000)
    }
}
