// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import CairnTool

/// `import jsonl`, `export`, `analyze`.
struct JSONLinesCommandTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func theBundledListComesBackByteForByte() throws {
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["a"])
        let first = try Tool.output("export", scratch["a"], "--format", "jsonl")
        let file = try scratch.write(first, to: "graph.jsonl")
        let counts = try Tool.json("import", "jsonl", file, "--into", scratch["b"], "--json")
        #expect(counts["lines"] as? Int == first.count { $0 == "\n" })
        #expect(try Tool.output("export", scratch["b"], "--format", "jsonl") == first)
        #expect(try Tool.json("verify", scratch["b"], "--json")["verdict"] as? String == "clean")
        _ = try Tool.output("import", "jsonl", "-", "--into", scratch["c"], "--renew", input: first)
        let again = try Tool.output("export", scratch["c"], "--format", "graphml")
        #expect(again.hasSuffix("</graphml>\n"))
    }

    @Test func holesComeBack() throws {
        let text = """
            {"kind":"node","id":3,"labels":["A"],"properties":{}}
            {"kind":"node","id":7,"labels":[],"properties":{"x":1.0}}
            {"kind":"relationship","id":4,"type":"T","from":7,"to":3,"properties":{}}

            """
        let output = try Tool.output("import", "jsonl", "-", "--into", scratch["db"], input: text)
        #expect(output.contains("nodes"))
        #expect(try Tool.output("export", scratch["db"], "--format", "jsonl") == text)
    }

    @Test func refusesWhatIsNotEmptyAndWhatIsMalformed() throws {
        let line = #"{"kind":"node","id":0}"# + "\n"
        _ = try Tool.output("import", "jsonl", "-", "--into", scratch["db"], input: line)
        #expect(
            try Tool.failure("import", "jsonl", "-", "--into", scratch["db"], input: line)
                .contains("has content already"))
        #expect(
            try Tool.failure("import", "jsonl", "-", "--into", scratch["e"], input: line + "{")
                == "cairn: standard input, line 2, column 2: this is not well-formed JSON; each line must "
                + "be one object; the import is incomplete\n")
    }

    @Test func analyzesInWords() throws {
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["db"])
        let text = try Tool.output("analyze", scratch["db"])
        for part in ["components", "strong components", "largest", "a cycle", " -> "] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(try Tool.output("analyze", scratch["db"], "--type", "NONE").contains("none"))
    }

    // MARK: networkx

    /// Whether the comparison is to be made: when networkx is there, and in any case where it must be, as in
    /// CI; it then fails without.
    private static let comparesWithNetworkX: Bool = {
        if ProcessInfo.processInfo.environment["CAIRN_REQUIRE_NETWORKX"] == "1" { return true }
        guard let process = try? python(["-c", "import networkx"], Pipe()) else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// Runs the Python of `.venv`, which Tools/bootstrap makes, or else the first on the path.
    private static func python(_ arguments: [String], _ output: Pipe) throws -> Process {
        let own = Fixture.root.appendingPathComponent(".venv/bin/python")
        let process = Process()
        if FileManager.default.isExecutableFile(atPath: own.path) {
            process.executableURL = own
            process.arguments = arguments
        } else {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3"] + arguments
        }
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Integers and doubles of one key are numbers to others, too.
    @Test(.enabled(if: JSONLinesCommandTests.comparesWithNetworkX, "needs Python 3 with networkx"))
    func networkxComputesWithWeightsOfBothKinds() throws {
        let lines = """
            {"kind":"node","id":0}
            {"kind":"node","id":1}
            {"kind":"relationship","id":0,"type":"T","from":0,"to":1,"properties":{"weight":2.5}}
            {"kind":"relationship","id":1,"type":"T","from":1,"to":0,"properties":{"weight":3}}
            """
        _ = try Tool.output("import", "jsonl", "-", "--into", scratch["db"], input: lines)
        let graph = try scratch.write(
            try Tool.output("export", scratch["db"], "--format", "graphml"), to: "graph.graphml")
        let output = Pipe()
        let process = try Self.python(
            [
                "-c",
                "import sys, networkx; g = networkx.read_graphml(sys.argv[1]); "
                    + "print(networkx.shortest_path_length(g, 'n0', 'n1', 'weight') + "
                    + "networkx.shortest_path_length(g, 'n1', 'n0', 'weight'))", graph,
            ], output)
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(String(decoding: data, as: UTF8.self) == "5.5\n")
    }

    /// A hole is a limit of the import, and the message names the option.
    @Test func moreHolesThanAMillionAreAllowedOnRequest() throws {
        let line = #"{"kind":"node","id":7}"#
        let sentence = try Tool.failure(
            "import", "jsonl", "-", "--into", scratch["a"], "--holes", "6", input: line)
        #expect(sentence.contains("import with new ids (--renew), or allow more with --holes"))
        _ = try Tool.output(
            "import", "jsonl", "-", "--into", scratch["b"], "--holes", "7", input: line)
        #expect(
            try Tool.run(["import", "jsonl", "-", "--into", scratch["c"], "--holes", "-1"]).status
                == 64)
    }

    @Test(.enabled(if: JSONLinesCommandTests.comparesWithNetworkX, "needs Python 3 with networkx"))
    func networkxComesToTheSameAnswers() throws {
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["db"])
        let output = Pipe()
        let process = try Self.python(
            [
                Fixture.root.appendingPathComponent("Tools/check-graph.py").path, Tool.url.path,
                scratch["db"],
            ], output)
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.contains("no difference"))
    }
}
