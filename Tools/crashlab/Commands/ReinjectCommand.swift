// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CairnIO
import Foundation

/// Puts one old bug after the other back in, and wants to be told.
struct ReinjectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reinject",
        abstract: "Puts old bugs back in and succeeds only when a suite catches each of them.",
        discussion: "Build with Tools/crashlab/build.")

    @Option(help: "Only these bugs.")
    var bug: [String] = []

    @Flag(help: "Every suite for every bug, not only until one catches it.")
    var all = false

    @Option(help: "Where to keep the figures for `crashlab document`.")
    var figures: String?

    func run() throws {
        guard Bug.buildHasBugs else {
            throw ValidationError("this build has no bugs in it: build with Tools/crashlab/build")
        }
        let wanted = Bug.all.filter { bug.isEmpty || bug.contains($0.name) }
        var missed: [String] = []
        for bug in wanted {
            let catches = try Self.catches(bug, stopsAtFirst: !all)
            if catches.isEmpty { missed.append(bug.name) }
            print(Self.line(bug, catches))
            fflush(nil)
            if let figures {
                let suites = catches.map { "\($0.suite) (\(Self.seconds($0.seconds)))" }
                let words = [
                    "bug", bug.name, bug.summary, bug.origin, suites.joined(separator: ", "),
                ]
                try FigureFile(figures).append([words])
            }
        }
        print("\(wanted.count - missed.count) of \(wanted.count) old bugs caught")
        guard missed.isEmpty else {
            print("not caught: \(missed.joined(separator: ", "))")
            throw ExitCode.failure
        }
    }

    /// Which suite caught a bug, after how long, and by which experiment.
    struct Catch {
        let suite: String
        let seconds: Double
        let violation: Violation
    }

    static func catches(_ bug: Bug, stopsAtFirst: Bool) throws -> [Catch] {
        try bug.activate()
        defer { Bug.deactivateAll() }
        let clock = SystemTime()
        let start = clock.monotonicNanoseconds()
        var catches: [Catch] = []
        let suspects = Suites.all.filter { bug.suspects.contains($0.name) }
        let tries = [suspects, Suites.all].flatMap { suites in
            [Effort.glance, .slice].flatMap { effort in suites.map { (effort, $0) } }
        }
        for (effort, suite) in tries where !catches.contains(where: { $0.suite == suite.name }) {
            let violation: Violation?
            do {
                let figures = try suite.init().run(effort, in: Laboratory(bug: bug))
                violation = figures.violations.first
            } catch {
                // What comes before the experiments fails already.
                violation = Violation(
                    reason: "\(error)",
                    reproduction: Reproduction(
                        suite.name, Configuration(), Workload([]), "0/synced"))
            }
            guard let violation else { continue }
            let seconds = Double(clock.monotonicNanoseconds() - start) / 1e9
            catches.append(Catch(suite: suite.name, seconds: seconds, violation: violation))
            if stopsAtFirst { break }
        }
        return catches
    }

    private static func line(_ bug: Bug, _ catches: [Catch]) -> String {
        guard let first = catches.first else { return "NOT CAUGHT  \(bug.name): \(bug.summary)" }
        let suites = catches.map { "\($0.suite) \(seconds($0.seconds))" }.joined(separator: ", ")
        return """
            \(bug.name): \(bug.summary) (\(bug.origin))
                caught by \(suites): \(first.violation.reason.prefix(140))
                \(first.violation.reproduction)
            """
    }

    private static func seconds(_ seconds: Double) -> String {
        "\((seconds * 100).rounded() / 100) s"
    }
}
