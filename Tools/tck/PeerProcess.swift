// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Another engine, which a program in Python runs the scenarios on.
struct PeerProcess {
    /// An engine that is not installed, or a program that ended too early.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The name of the engine.
    let engine: String
    /// The Python in which it is installed.
    let python: String

    private struct Entry: Encodable {
        struct Step: Encodable {
            let text: String
            let document: String
            let table: [[String]]
        }

        let steps: [Step]
    }

    private struct Answer: Decodable {
        let verdict: String
        let reason: String
    }

    /// The verdict on each scenario, in order.
    ///
    /// - Throws: ``Failure``.
    func run(_ scenarios: [Scenario], graphs: [String: String]) throws -> [ScenarioRunner.Verdict] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Peers/peer.py")
        process.arguments = [python, program.path, "--engine", engine]
        // Through a file: a pipe would fill up while it is not read.
        let input = FileManager.default.temporaryDirectory
            .appendingPathComponent("tck-\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: input) }
        try lines(scenarios, graphs).write(to: input)
        let output = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let answers = try text.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Answer.self, from: $0)
        }
        guard process.terminationStatus == 0, answers.count == scenarios.count else {
            throw Failure(description: "\(engine) answered \(answers.count) of \(scenarios.count)")
        }
        return answers.map { answer in
            switch answer.verdict {
            case "passed": .passed
            case "skipped": .skipped(answer.reason)
            default: .failed(answer.reason)
            }
        }
    }

    private func lines(_ scenarios: [Scenario], _ graphs: [String: String]) throws -> Data {
        let encoder = JSONEncoder()
        var data = try encoder.encode(["graphs": graphs])
        for scenario in scenarios {
            data.append(UInt8(ascii: "\n"))
            let steps = scenario.steps.map {
                Entry.Step(text: $0.text, document: $0.document ?? "", table: $0.table)
            }
            data.append(try encoder.encode(Entry(steps: steps)))
        }
        return data
    }
}
