// SPDX-License-Identifier: Apache-2.0
//
// Long lives by chance: steps, errors, crashes, reopenings in the same boot, clocks that jump. Each is run
// twice and must leave the same trace.

import CairnDurable
import CairnIO
import CairnTesting
import SystemPackage

struct SimulationSuite: Suite {
    static let name = "simulation"
    static let summary = "long lives by chance, each of them twice with the same trace"

    func run(_ effort: Effort, in laboratory: Laboratory) throws -> Figures {
        let starts = try Starts(laboratory)
        return try forEach(Array(effort.seeds), effort) { seed in
            var figures = Figures()
            do {
                let first = try live(seed, effort.simulationLength, starts, laboratory, &figures)
                var again = Figures()
                guard
                    try live(seed, effort.simulationLength, starts, laboratory, &again) == first
                else {
                    throw Complaint("the second run differs from the first")
                }
                figures["seeds run twice"] += 1
            } catch {
                var line = Reproduction(
                    Self.name, Configuration(), Workload([]), "\(seed)/\(effort.simulationLength)")
                line.bug = laboratory.bug?.name ?? ""
                figures.found(Violation(reason: "\(error)", reproduction: line))
            }
            return figures
        }
    }

    func reproduce(_ reproduction: Reproduction, in laboratory: Laboratory) throws {
        let numbers = reproduction.detail.split(separator: "/").compactMap { UInt64($0) }
        guard numbers.count == 2 else { throw Complaint("no such seed: \(reproduction.detail)") }
        var figures = Figures()
        let (length, starts) = (Int(numbers[1]), try Starts(laboratory))
        let first = try live(numbers[0], length, starts, laboratory, &figures)
        guard try live(numbers[0], length, starts, laboratory, &figures) == first else {
            throw Complaint("the second run differs from the first")
        }
    }

    /// - Returns: A number that follows from everything that happened.
    private func live(
        _ seed: UInt64, _ length: Int, _ starts: Starts, _ laboratory: Laboratory,
        _ figures: inout Figures
    ) throws -> UInt64 {
        var life = Life(seed, starts, laboratory)
        while life.stepCount < length { try life.session(&figures) }
        return life.trace
    }
}

/// What lives begin with, by configuration.
private struct Starts: Sendable {
    private let starts: [Configuration: (SimulatedFileSystem, Journal)]

    init(_ laboratory: Laboratory) throws {
        var starts: [Configuration: (SimulatedFileSystem, Journal)] = [:]
        for policy in Configuration.Policy.allCases {
            for flags in 0..<4 {
                let configuration = Configuration(
                    policy, populated: flags & 1 == 1, prepared: flags & 2 == 2)
                starts[configuration] = try laboratory.start(configuration)
            }
        }
        self.starts = starts
    }

    subscript(configuration: Configuration) -> (SimulatedFileSystem, Journal) {
        starts[configuration] ?? (SimulatedFileSystem(), Journal())
    }
}

/// One simulation.
private struct Life {
    private var generator: SplitMix64
    private let laboratory: Laboratory
    private let configuration: Configuration
    private var files: SimulatedFileSystem
    private var journal: Journal
    private var sessionCount: UInt64 = 0
    private(set) var stepCount = 0
    private(set) var trace: UInt64 = 0
    private let clock = TestClock(step: 1000)

    init(_ seed: UInt64, _ starts: Starts, _ laboratory: Laboratory) {
        var generator = SplitMix64(seed: seed)
        let policies = Configuration.Policy.allCases
        configuration = Configuration(
            policies[Int(generator.next() % UInt64(policies.count))],
            populated: generator.next() % 2 == 0, prepared: generator.next() % 3 == 0)
        self.generator = generator
        self.laboratory = laboratory
        let start = starts[configuration]
        files = start.0.copy
        journal = start.1
    }

    private mutating func chance(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }

    private mutating func note(_ number: UInt64) {
        trace = (trace ^ number) &* 0x9e37_79b9_7f4a_7c15
        trace ^= trace >> 29
    }

    /// From one opening to the next.
    mutating func session(_ figures: inout Figures) throws {
        sessionCount += 1
        files.setFaults(plan())
        let session = Session(
            files, configuration, laboratory, journal, seed: sessionCount, clock: clock)
        for _ in 0...chance(12) {
            stepCount += 1
            if chance(5) == 0 { clock.setWall(nanoseconds: generator.next() >> 2) }
            let step = Step.allCases[chance(Step.allCases.count)]
            do {
                try session.perform(step)
                note(UInt64(step.rawValue.utf8.count))
            } catch let complaint as Complaint {
                throw complaint
            } catch {
                for byte in "\(error)".utf8 { note(UInt64(byte)) }
                figures["errors met"] += 1
                if chance(2) == 0 || session.store == nil { break }
            }
            figures["steps"] += 1
        }
        journal = session.journal
        figures["faults"] += files.faultyOperations.count
        note(UInt64(files.operationCount))
        let failedDirectory = files.faultyOperations.contains { $0.kind == .syncDirectory }
        session.die()
        if !files.hasCrashed, !failedDirectory, chance(3) == 0 {
            // The process died, the machine goes on with its cache.
            files.setFaults(FaultPlan())
            return
        }
        figures["crashes"] += 1
        let point = files.crashPoint
        let choices = point.choices(limit: 40, seed: generator.next())
        let image = point.image(choices[chance(choices.count)])
        note(image.contentHash)
        try ImageCheck(
            laboratory: laboratory, configuration: configuration, journal: journal
        ).check(image.copy)
        files = image
    }

    private mutating func plan() -> FaultPlan {
        switch chance(4) {
        case 0: return FaultPlan()
        case 1, 2: return .crash(atOperation: files.operationCount + chance(60))
        default:
            let fault = FaultRule.sweep[chance(FaultRule.sweep.count)]
            return FaultPlan([
                FaultRule(.call(files.callCount + chance(90)), fault.action, fault.duration)
            ])
        }
    }
}
