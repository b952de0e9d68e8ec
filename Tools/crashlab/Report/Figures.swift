// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting

/// What a suite did, and what it found.
struct Figures: Sendable {
    /// Counts by what was counted, in the order of their first use.
    private(set) var counts: [(name: String, count: Int)] = []
    private(set) var violations: [Violation] = []
    var seconds = 0.0

    subscript(_ name: String) -> Int {
        get { counts.first { $0.name == name }?.count ?? 0 }
        set {
            if let index = counts.firstIndex(where: { $0.name == name }) {
                counts[index].count = newValue
            } else {
                counts.append((name, newValue))
            }
        }
    }

    mutating func found(_ violation: Violation) { violations.append(violation) }

    mutating func add(_ other: Figures) {
        for (name, count) in other.counts { self[name] += count }
        violations += other.violations
    }
}

/// Something that must not be, with the line that shows it again.
struct Violation: Sendable, CustomStringConvertible {
    let reason: String
    let reproduction: Reproduction

    var description: String {
        "\(reason)\n    to repeat it: swift run -c release crashlab reproduce '\(reproduction)'"
    }
}

/// Which experiment: what `crashlab reproduce` takes.
struct Reproduction: Sendable, LosslessStringConvertible {
    let suite: String
    let configuration: Configuration
    let workload: Workload
    /// What the suite needs to know besides.
    let detail: String
    /// The old bug that was in it; empty for none.
    var bug = ""

    init(_ suite: String, _ configuration: Configuration, _ workload: Workload, _ detail: String) {
        self.suite = suite
        self.configuration = configuration
        self.workload = workload
        self.detail = detail
    }

    /// Reads `crash every append,batch 17/synced`, or the same with ` with-bug:name` behind it.
    init?(_ description: String) {
        var words = description.split(separator: " ").map(String.init)
        if let last = words.last, last.hasPrefix("with-bug:") {
            bug = String(last.dropFirst("with-bug:".count))
            words.removeLast()
        }
        guard words.count >= 4, let configuration = Configuration(words[1]),
            let workload = Workload(words[2] == "-" ? "" : words[2])
        else { return nil }
        suite = words[0]
        self.configuration = configuration
        self.workload = workload
        detail = words.dropFirst(3).joined(separator: " ")
    }

    var description: String {
        let steps = workload.steps.isEmpty ? "-" : workload.description
        return "\(suite) \(configuration) \(steps) \(detail)"
            + (bug.isEmpty ? "" : " with-bug:\(bug)")
    }
}
