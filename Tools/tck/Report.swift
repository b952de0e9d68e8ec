// SPDX-License-Identifier: Apache-2.0

/// The results of all scenarios.
struct Report {
    struct Count {
        var passed = 0
        var failed = 0
        var skipped = 0
        var total: Int { passed + failed + skipped }
    }

    private(set) var total = Count()
    private(set) var categories: [String: Count] = [:]
    /// Each failure with what was wrong.
    private(set) var failures: [(scenario: Scenario, reason: String)] = []
    private(set) var skips: [(scenario: Scenario, reason: String)] = []
    /// Failures where rows were given, but wrong ones; the others are errors.
    private(set) var wrongCount = 0

    mutating func add(_ scenario: Scenario, _ verdict: ScenarioRunner.Verdict) {
        switch verdict {
        case .passed:
            total.passed += 1
            categories[scenario.category, default: Count()].passed += 1
        case .failed(let reason):
            total.failed += 1
            categories[scenario.category, default: Count()].failed += 1
            failures.append((scenario, reason))
            if reason.hasPrefix("rows ") || reason.hasPrefix("+") || reason.hasPrefix("-") {
                wrongCount += 1
            }
        case .skipped(let reason):
            total.skipped += 1
            categories[scenario.category, default: Count()].skipped += 1
            skips.append((scenario, reason))
        }
    }

    static func run(_ kit: Kit, only filter: String? = nil) -> Report {
        var report = Report()
        for scenario in kit.scenarios {
            if let filter, !"\(scenario.feature) \(scenario.name)".contains(filter) { continue }
            report.add(scenario, ScenarioRunner.run(scenario, kit))
        }
        return report
    }

    /// The same on another engine, of whose errors only that they are there is asked.
    static func run(_ kit: Kit, only filter: String?, on peer: PeerProcess) throws -> Report {
        let scenarios = kit.scenarios.filter { scenario in
            filter.map { "\(scenario.feature) \(scenario.name)".contains($0) } ?? true
        }
        var report = Report()
        for (scenario, verdict) in zip(scenarios, try peer.run(scenarios, graphs: kit.graphs)) {
            report.add(scenario, verdict)
        }
        return report
    }

    /// A line for each category, and one for all.
    var lines: [String] {
        func line(_ name: String, _ count: Count) -> String {
            let share = Double(count.passed) * 1000 / Double(max(1, count.total))
            let percent = "\((share).rounded() / 10) %"
            return name.padded(40) + "\(count.passed)".padded(8) + "\(count.failed)".padded(8)
                + "\(count.skipped)".padded(8) + percent
        }
        return ["category".padded(40) + "passed".padded(8) + "failed".padded(8) + "skipped"]
            + categories.sorted { $0.key < $1.key }.map { line($0.key, $0.value) }
            + [line("all", total), "wrong rows or changes without an error: \(wrongCount)"]
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
