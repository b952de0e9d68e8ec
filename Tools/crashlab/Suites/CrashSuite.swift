// SPDX-License-Identifier: Apache-2.0
//
// A crash at every operation of every workload, and during the recovery from it, and during that.
//
// The crashes within the first steps of a workload are those of the shorter workloads, so each workload
// runs once and is stopped at every operation of its last step.

import CairnDurable
import CairnIO
import CairnTesting

struct CrashSuite: Suite {
    static let name = "crash"
    static let summary = "a crash at every operation of every workload, and of the recoveries"

    static let configurations: [Configuration] = [
        Configuration(.every), Configuration(.every, populated: true),
        Configuration(.manual), Configuration(.manual, populated: true, prepared: true),
        Configuration(.bytes, populated: true), Configuration(.every, prepared: true),
    ]
    /// For workloads of up to two steps: those in which a sector may have 4 KiB, too, and those whose first
    /// opening repairs something; and stores that are encrypted.
    static let shortConfigurations: [Configuration] = [
        Configuration(.every, wide: true), Configuration(.manual, prepared: true, wide: true),
        Configuration(.every, torn: true), Configuration(.manual, prepared: true, torn: true),
        Configuration(.every, populated: true, encrypted: true),
        Configuration(.manual, prepared: true, torn: true, encrypted: true),
    ]

    func run(_ effort: Effort, in laboratory: Laboratory) throws -> Figures {
        let seen = Locked(SeenImages())
        let ends = Locked<Set<UInt64>>([])
        var items: [(Configuration, Workload)] = []
        for configuration in Self.configurations {
            items += Workload.all(upToLength: effort.workloadLength).map { (configuration, $0) }
        }
        for configuration in Self.shortConfigurations {
            items += Workload.all(upToLength: min(2, effort.workloadLength))
                .map { (configuration, $0) }
        }
        let starts = try Dictionary(
            uniqueKeysWithValues: (Self.configurations + Self.shortConfigurations)
                .map { ($0, try laboratory.start($0)) })
        var figures = try forEach(items, effort) { configuration, workload in
            var experiment = CrashExperiment(
                laboratory: laboratory, configuration: configuration, workload: workload,
                effort: effort, seen: seen, ends: ends)
            experiment.run(starts[configuration]!)
            return experiment.figures
        }
        figures["distinct images"] = seen.withLock { $0.images.count }
        figures["distinct ends of recoveries"] = ends.withLock { $0.count }
        return figures
    }

    func reproduce(_ reproduction: Reproduction, in laboratory: Laboratory) throws {
        guard let place = CrashPlace(reproduction.detail), let first = place.steps.first else {
            throw Complaint("no such place: \(reproduction.detail)")
        }
        let experiment = CrashExperiment(
            laboratory: laboratory, configuration: reproduction.configuration,
            workload: reproduction.workload, effort: .ci, seen: Locked(SeenImages()))
        let start = try laboratory.start(reproduction.configuration)
        for moment in try experiment.moments(start)
        where moment.point.operationIndex == first.operation {
            var image = moment.point.image(first.choice)
            for step in place.steps.dropFirst() {
                guard
                    let point = experiment.recoveryPoints(image, moment.journal).first(where: {
                        $0.operationIndex == step.operation
                    })
                else { throw Complaint("the recovery has no operation \(step.operation)") }
                image = point.image(step.choice)
            }
            try experiment.check(image, moment.journal)
        }
    }
}
