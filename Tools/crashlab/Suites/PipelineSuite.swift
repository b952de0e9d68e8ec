// SPDX-License-Identifier: Apache-2.0
//
// Writes and waits of several commits, with reads in between, in every order; a crash at every operation, and an
// error at every write and sync.
//
// - I15: whatever a reader was shown is recovered after any crash, and readers see commits in order, each whole.
// - A caller whose wait has ended sees its own commit.
// - After a failure everybody who waits is told, readers keep what was durable, and a checkpoint holds what its
//   fence says.

import CairnDurable
import CairnIO
import CairnTesting
import SystemPackage

struct PipelineSuite: Suite {
    static let name = "pipeline"
    static let summary =
        "writes, waits, reads in every order; a crash or an error at every operation"

    /// One step of a schedule.
    enum Step: String, CaseIterable, Sendable {
        /// The next writer writes.
        case write
        /// The oldest, or the newest, commit that waits is waited for.
        case first, last
        case read
        case checkpoint
    }

    /// One schedule on one kind of state.
    struct Schedule: Sendable, LosslessStringConvertible {
        var isViewed: Bool
        var steps: [Step]

        init(isViewed: Bool, _ steps: [Step]) { (self.isViewed, self.steps) = (isViewed, steps) }

        /// Reads `view:write,write,last`.
        init?(_ description: String) {
            let parts = description.split(separator: ":", maxSplits: 1).map(String.init)
            let steps = (parts.last ?? "").split(separator: ",").map { Step(rawValue: String($0)) }
            guard parts.count == 2, ["view", "copy"].contains(parts[0]), !steps.contains(nil) else {
                return nil
            }
            self.init(isViewed: parts[0] == "view", steps.compactMap(\.self))
        }

        var description: String {
            "\(isViewed ? "view" : "copy"):\(steps.map(\.rawValue).joined(separator: ","))"
        }

        /// Those that differ in what can happen: each begins with a write, and no wait is for nothing.
        static func all(upToLength length: Int) -> [Schedule] {
            var (found, longer): ([[Step]], [[Step]]) = ([], [[.write]])
            for _ in 1..<max(2, length) {
                found += longer
                longer = longer.flatMap { steps in
                    Step.allCases.filter { isPossible($0, after: steps) }.map { steps + [$0] }
                }
            }
            return (found + longer).flatMap { steps in
                [Schedule(isViewed: true, steps), Schedule(isViewed: false, steps)]
            }
        }

        private static func isPossible(_ step: Step, after steps: [Step]) -> Bool {
            let writes = steps.count { $0 == .write }
            let waits = steps.count { $0 == .first || $0 == .last }
            switch step {
            case .write: return writes < 3
            case .first: return waits < writes
            case .last: return waits + 1 < writes
            case .read, .checkpoint: return steps.last != step
            }
        }
    }

    func run(_ effort: Effort, in laboratory: Laboratory) throws -> Figures {
        let schedules = Schedule.all(upToLength: effort.workloadLength + 3)
        return try forEach(schedules, effort) { schedule in
            var figures = Figures()
            figures["schedules"] += 1
            do {
                if schedule.isViewed {
                    try PipelineExperiment<ViewedLedger>(laboratory, schedule).run(effort, &figures)
                } else {
                    try PipelineExperiment<Ledger>(laboratory, schedule).run(effort, &figures)
                }
            } catch {
                var line = Reproduction(
                    Self.name, Configuration(), Workload([]), schedule.description)
                line.bug = laboratory.bug?.name ?? ""
                figures.found(Violation(reason: "\(error)", reproduction: line))
            }
            return figures
        }
    }

    func reproduce(_ reproduction: Reproduction, in laboratory: Laboratory) throws {
        guard let schedule = Schedule(reproduction.detail) else {
            throw Complaint("no such schedule: \(reproduction.detail)")
        }
        var figures = Figures()
        if schedule.isViewed {
            try PipelineExperiment<ViewedLedger>(laboratory, schedule).run(.ci, &figures)
        } else {
            try PipelineExperiment<Ledger>(laboratory, schedule).run(.ci, &figures)
        }
    }
}
