// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// Writes the figures of the last runs into a document.
struct DocumentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "document",
        abstract: "Puts the figures of runs with --figures into a document, between its markers.")

    @Option(help: "The figures.")
    var figures: String

    @Argument(help: "The document.")
    var document = "Docs/Reliability.md"

    func run() throws {
        let file = FigureFile(figures)
        var text = try String(contentsOfFile: document, encoding: .utf8)
        let suites = try file.lines("suite")
        if !suites.isEmpty {
            let rows = suites.map { "| `\($0[0])` | \($0[1]) | \($0[2]) | \($0[3]) | \($0[4]) |" }
            let head = [
                "| Suite | What | Figures | Violations | Seconds |",
                "| --- | --- | --- | --- | --- |",
            ]
            try replace("figures", by: head + rows, in: &text)
        }
        let bugs = try file.lines("bug")
        if !bugs.isEmpty {
            let rows = bugs.map { "| `\($0[0])` | \($0[1]) | \($0[2]) | \($0[3]) |" }
            let head = [
                "| Bug | What it does | Seen at | Caught by (seconds) |",
                "| --- | --- | --- | --- |",
            ]
            try replace("bugs", by: head + rows, in: &text)
        }
        try text.write(toFile: document, atomically: true, encoding: .utf8)
    }

    private func replace(_ name: String, by lines: [String], in text: inout String) throws {
        let (start, end) = ("<!-- \(name) -->\n", "<!-- end of \(name) -->")
        guard let first = text.range(of: start), let last = text.range(of: end) else {
            throw ValidationError("\(document) has no place for \(name)")
        }
        text.replaceSubrange(
            first.upperBound..<last.lowerBound, with: lines.joined(separator: "\n") + "\n")
    }
}
