// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Names, values, paths and arguments with control characters: no command lets them reach a terminal, and none
/// lets a name forge a line.
struct TerminalTextTests {
    private let scratch: Scratch
    private let database: String

    /// As JSON text.
    private static let name = #"n\u001b[2J\u0007\u009b31m\u202e"#
    private static let graph = #"""
        {"kind":"node","id":0,"labels":["ok\u001b]0;title\u0007","new\nline  99"],"properties":{"name":"\#(name)"}}
        {"kind":"node","id":1,"labels":[],"properties":{"name":"evil\n<-  FORGED  line \u001b[31m"}}
        {"kind":"relationship","id":0,"type":"T\u001b[1m\u2028","from":0,"to":1,"properties":{"k\n":"v\n\u001b[0m"}}
        {"kind":"relationship","id":1,"type":"T","from":1,"to":0,"properties":{"k":["a\r\nb"]}}

        """#

    init() throws {
        scratch = try Scratch()
        // A path that was not chosen to be nice.
        database = scratch["d\u{1b}[31mb\n\u{202e}"]
        _ = try Tool.output("import", "jsonl", "-", "--into", database, input: Self.graph)
    }

    /// The scalars of a text that a terminal obeys, newlines left out.
    private func obeyed(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { scalar in
            scalar != "\n"
                && [.control, .format, .lineSeparator, .paragraphSeparator].contains(
                    scalar.properties.generalCategory)
        }
    }

    private func name() throws -> String {
        try #require(try jsonObject("{\"n\":\"\(Self.name)\"}")["n"] as? String)
    }

    @Test func noCommandLetsAControlCharacterThrough() throws {
        let name = try name()
        let segments = try FileManager.default.contentsOfDirectory(atPath: database + "/log")
        let segment = database + "/log/" + (try #require(segments.first { $0.hasSuffix(".wal") }))
        let commands: [[String]] = [
            ["status", database], ["status", database, "--all"], ["verify", database],
            ["neighbors", database, "--name", name], ["neighbors", database, "--name", name + "x"],
            ["dump", database], ["analyze", database], ["checkpoint", database],
            ["inspect", segment], ["inspect", database + "/no"],
            ["inspect", segment, "--format", name], ["inspect", database, "--format", name],
            ["status", database + "/" + name], ["verify", database + "/" + name],
            ["import", "dpkg", database + "/" + name, "--into", database],
            ["import", "dpkg", "-", "--into", database + "/\n/x"],
            ["import", "jsonl", "-", "--into", database], ["import", name], [name],
            ["status", database, "--\(name)"], ["status", database, name],
            ["export", database, "--format", name],
        ]
        for command in commands {
            let outcome = try Tool.run(command, input: "")
            #expect(!(outcome.output + outcome.errors).isEmpty, "\(command)")
            #expect(
                obeyed(outcome.output).isEmpty, "\(command): \(outcome.output.debugDescription)")
            #expect(
                obeyed(outcome.errors).isEmpty, "\(command): \(outcome.errors.debugDescription)")
        }
    }

    @Test func aNameForgesNoLine() throws {
        let lines = try Tool.run(["neighbors", database, "--name", try name()]).lines
        #expect(lines.count == 3)
        #expect(
            lines[0] == #"n\u{1b}[2J\u{7}\u{9b}31m\u{202e}: 2 relationships"#)
        #expect(
            lines[1]
                == #"->  T\u{1b}[1m\u{2028}  evil\n<-  FORGED  line \u{1b}[31m  k\n=(v\n\u{1b}[0m)"#
                || lines[1].contains(#"evil\n<-  FORGED  line \u{1b}[31m"#))
        // Columns stand below one another as they are shown.
        let column = { (line: String) in line.range(of: "k")?.lowerBound.utf16Offset(in: line) }
        #expect(column(lines[1]) == column(lines[2]))
        let status = try Tool.run(["status", database]).lines
        #expect(status.contains { $0.hasPrefix(#"  new\nline  99"#) })
    }

    @Test func theErrorOfALineNamesItVisibly() throws {
        let line = #"{"kind":"node","id":0,"x\n\u009b\u202e":1}"#
        let sentence = try Tool.failure("import", "jsonl", "-", "--into", scratch["e"], input: line)
        #expect(sentence.contains(#""x\n\u{9b}\u{202e}""#))
        #expect(obeyed(sentence).isEmpty)
    }

    @Test func whatIsForProgramsStaysExact() throws {
        let name = try name()
        let found = try Tool.json("neighbors", database, "--name", name, "--json")
        let node = try #require(found["node"] as? [String: Any])
        #expect((node["properties"] as? [String: String])?["name"] == name)
        let status = try Tool.json("status", database, "--json")
        #expect((status["labels"] as? [String: Int])?["new\nline  99"] == 1)
        let exported = try Tool.output("export", database, "--format", "jsonl")
        #expect(exported.contains("\u{9b}31m\u{202e}"))
        let again = scratch["again"]
        _ = try Tool.output("import", "jsonl", "-", "--into", again, input: exported)
        #expect(try Tool.output("export", again, "--format", "jsonl") == exported)
    }
}
