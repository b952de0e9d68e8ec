// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The thirteen questions of `Tools/questions`, on the bundled piece of Debian's package list: what the engine gives is what
/// a program gives that was written apart from it, in another language.
struct QuestionsTests {
    private static let python = [
        "/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3",
    ]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Parameters for the names that the piece has.
    private static let parameters: [String: [String: any Sendable]] = [
        "1": ["name": "libc6"], "4": ["prefix": "lib", "above": 500], "5": ["name": "libgcc-s1"],
        "6": ["source": "bash", "target": "libc6"],
        "6b": ["source": "apt", "target": "gcc-12-base"],
        "6c": ["source": "libc6", "target": "bash"], "6d": ["source": "bash", "target": "bash"],
        "9": ["more": 3],
    ]

    private func questions() throws -> [[String: Any]] {
        let path = Fixture.root.appendingPathComponent("Tools/questions/debian.json")
        let entries = try JSONSerialization.jsonObject(with: Data(contentsOf: path))
        return try #require(entries as? [[String: Any]]).map { entry in
            var entry = entry
            if let parameters = Self.parameters[entry["id"] as? String ?? ""] {
                entry["parameters"] = parameters
            }
            return entry
        }
    }

    private func answers(_ export: String, _ questions: String) throws -> [String: Any] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.python))
        let program = Fixture.root.appendingPathComponent("Tools/questions/answer.py").path
        process.arguments = [program, export, questions]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try jsonObject(String(decoding: data, as: UTF8.self))
    }

    @Test(.enabled(if: QuestionsTests.python != nil, "needs Python 3"))
    func theAnswersAreThoseOfAnotherProgram() throws {
        let scratch = try Scratch()
        let database = scratch["db"]
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", database)
        let export = try Tool.output("export", database, "--format", "jsonl")
        let questions = try questions()
        #expect(questions.count == 13)
        let text = String(
            decoding: try JSONSerialization.data(withJSONObject: questions), as: UTF8.self)
        let expected = try answers(
            try scratch.write(export, to: "export"), try scratch.write(text, to: "questions"))
        var rowCount = 0
        for question in questions {
            let id = try #require(question["id"] as? String)
            let statement = try #require(question["text"] as? String)
            var arguments = ["query", database, "--json", statement]
            for (name, value) in question["parameters"] as? [String: Any] ?? [:] {
                arguments += ["--param", "\(name)=\(value)"]
            }
            let outcome = try Tool.run(arguments)
            try #require(outcome.status == 0, "\(id): \(outcome.errors)")
            var rows = try outcome.lines.map { try jsonObject($0) }
            if id.hasPrefix("6") { try checkPaths(&rows, database, id) }
            let wanted = try #require(expected[id] as? [[String: Any]])
            #expect(rows as NSArray == wanted as NSArray, "question \(id)")
            rowCount += rows.count
        }
        #expect(rowCount > 50)
    }

    /// Each name of a path is connected with the next; the rest is compared by length, because there may be several.
    private func checkPaths(
        _ rows: inout [[String: Any]], _ database: String, _ id: String
    ) throws {
        for index in rows.indices {
            let names = try #require(rows[index].removeValue(forKey: "names") as? [String])
            #expect(names.count - 1 == rows[index]["hops"] as? Int)
            for (one, other) in zip(names, names.dropFirst()) {
                let count = try Tool.output(
                    "query", database, "--csv", "--param", "a=\(one)", "--param", "b=\(other)",
                    """
                    MATCH ({name: $a})-[r:DEPENDS|PRE_DEPENDS]->({name: $b})
                    RETURN count(r) > 0 AS isConnected
                    """)
                #expect(count == "isConnected\ntrue\n", "question \(id): \(one) to \(other)")
            }
        }
    }
}
