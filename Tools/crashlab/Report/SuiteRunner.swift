// SPDX-License-Identifier: Apache-2.0

import CairnIO
import Foundation

/// Runs suites one after the other and prints what they did.
enum SuiteRunner {
    /// What one suite did.
    struct Result {
        let suite: String
        let summary: String
        let figures: Figures

        /// One line for documents: suite, figures, violations, seconds.
        var line: [String] {
            [
                "suite", suite, summary,
                figures.counts.map { "\(grouped($0.count)) \($0.name)" }.joined(separator: ", "),
                "\(figures.violations.count)", "\((figures.seconds * 10).rounded() / 10)",
            ]
        }
    }

    /// - Parameter minutes: For each suite at most.
    static func run(
        _ effort: Effort, only names: [String], minutes: Double? = nil
    ) throws -> [Result] {
        var results: [Result] = []
        for suite in Suites.all where names.isEmpty || names.contains(suite.name) {
            var effort = effort
            if let minutes {
                effort.deadline =
                    SystemTime().monotonicNanoseconds() + UInt64(minutes * 60_000_000_000)
            }
            let figures = try suite.init().run(effort, in: Laboratory())
            let result = Result(suite: suite.name, summary: suite.summary, figures: figures)
            results.append(result)
            report(result)
        }
        let violations = results.reduce(0) { $0 + $1.figures.violations.count }
        let seconds = results.reduce(0.0) { $0 + $1.figures.seconds }
        print("\(violations) violations in \((seconds * 10).rounded() / 10) s")
        return results
    }

    private static func report(_ result: Result) {
        let counts = result.figures.counts.map { "\(grouped($0.count)) \($0.name)" }
        let seconds = (result.figures.seconds * 10).rounded() / 10
        print("\(result.suite): \(counts.joined(separator: ", ")); \(seconds) s")
        defer { fflush(nil) }
        // Many experiments find the same; one of each is enough to begin with.
        var seen: Set<String> = []
        for violation in result.figures.violations
        where seen.insert(violation.reason).inserted && seen.count <= 10 {
            print("  VIOLATION: \(violation)")
        }
    }
}

/// A number with its thousands apart.
func grouped(_ number: Int) -> String {
    var digits = Array(String(number))
    var position = digits.count - 3
    while position > 0 {
        digits.insert(",", at: position)
        position -= 3
    }
    return String(digits)
}
