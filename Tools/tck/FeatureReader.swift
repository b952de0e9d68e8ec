// SPDX-License-Identifier: Apache-2.0
//
// As much of Gherkin as openCypher's features use: features, backgrounds, scenarios, outlines with examples, steps
// with a text or a table.

/// Reads the scenarios of a feature.
struct FeatureReader {
    private let lines: [Substring]
    private var index = 0
    private let feature: String

    init(_ text: String, feature: String) {
        // Some features end their lines as on Windows.
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        self.feature = feature
    }

    static func scenarios(in text: String, feature: String) -> [Scenario] {
        var reader = FeatureReader(text, feature: feature)
        return reader.scenarios()
    }

    private mutating func scenarios() -> [Scenario] {
        var background: [Step] = []
        var scenarios: [Scenario] = []
        while index < lines.count {
            let line = lines[index].trimmed
            index += 1
            if line.hasPrefix("Background:") {
                background = steps()
            } else if let name = line.after("Scenario Outline:") {
                let steps = background + steps()
                scenarios += expanded(name, steps)
            } else if let name = line.after("Scenario:") {
                scenarios.append(
                    Scenario(feature: feature, name: name, steps: background + steps()))
            }
        }
        return scenarios
    }

    private mutating func steps() -> [Step] {
        var steps: [Step] = []
        while index < lines.count {
            let line = lines[index].trimmed
            if line.isEmpty || line.hasPrefix("#") {
                index += 1
            } else if line.hasPrefix("\"\"\"") {
                let document = document()
                if !steps.isEmpty { steps[steps.count - 1].document = document }
            } else if line.hasPrefix("|") {
                if !steps.isEmpty { steps[steps.count - 1].table.append(line.cells) }
                index += 1
            } else if let text = ["Given ", "When ", "Then ", "And ", "But "].lazy
                .compactMap({ line.after($0) }).first
            {
                steps.append(Step(text: text))
                index += 1
            } else {
                break
            }
        }
        return steps
    }

    private mutating func document() -> String {
        let indentation = lines[index].prefix { $0 == " " }.count
        index += 1
        var text: [Substring] = []
        while index < lines.count, !lines[index].trimmed.hasPrefix("\"\"\"") {
            let space = lines[index].prefix { $0 == " " }.count
            text.append(lines[index].dropFirst(min(space, indentation)))
            index += 1
        }
        index += 1
        return text.joined(separator: "\n")
    }

    /// A scenario for each example.
    private mutating func expanded(_ name: String, _ steps: [Step]) -> [Scenario] {
        var scenarios: [Scenario] = []
        while index < lines.count {
            let line = lines[index].trimmed
            if line.hasPrefix("Scenario") { break }
            index += 1
            guard line.hasPrefix("Examples:") else { continue }
            var rows: [[String]] = []
            while index < lines.count {
                let line = lines[index].trimmed
                if line.hasPrefix("|") {
                    rows.append(line.cells)
                } else if !line.isEmpty, !line.hasPrefix("#") {
                    break
                }
                index += 1
            }
            guard let head = rows.first else { continue }
            for (place, row) in rows.dropFirst().enumerated() {
                let values = Array(zip(head, row))
                scenarios.append(
                    Scenario(
                        feature: feature, name: "\(name) #\(place + 1)",
                        steps: steps.map { $0.filled(with: values) }))
            }
        }
        return scenarios
    }
}

extension Step {
    fileprivate func filled(with values: [(String, String)]) -> Step {
        func fill(_ text: String) -> String {
            var text = text
            for (name, value) in values { text = text.replacing("<\(name)>", with: value) }
            return text
        }
        var step = Step(text: fill(text))
        step.document = document.map(fill)
        step.table = table.map { $0.map(fill) }
        return step
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var rest = self
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}

extension String {
    fileprivate func after(_ beginning: String) -> String? {
        hasPrefix(beginning) ? self[...].dropFirst(beginning.count).trimmed : nil
    }

    /// The cells between bars.
    fileprivate var cells: [String] {
        var cells: [String] = []
        var cell = ""
        var isEscaped = false
        for character in dropFirst() {
            if isEscaped {
                switch character {
                case "n": cell.append("\n")
                case "|", "\\": cell.append(character)
                default: cell += "\\" + String(character)
                }
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "|" {
                cells.append(cell[...].trimmed)
                cell = ""
            } else {
                cell.append(character)
            }
        }
        return cells
    }
}
