// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting

/// How much a run does.
struct Effort: Sendable {
    /// The longest workloads.
    var workloadLength = 3
    /// Crash images for each crash at most.
    var imagesPerCrash = 24
    /// At every how many bytes the last write of a crash is cut: in workloads of one step, of two, of more.
    var cutStrides = [1, 5, 53]
    /// Of how many calls one fails.
    var callStride = 1
    /// The same for the last step of workloads of two steps; 0 leaves those out.
    var longerCallStride = 6
    /// Of how many ways to fail one is tried.
    var faultStride = 1
    /// How many random programs on graphs.
    var graphPrograms: UInt64 = 24
    /// How many of the fixtures are damaged.
    var fixtureCount = Int.max
    /// Of how many images one has its recovery interrupted.
    var recoveryEvery = 200
    /// How many simulations.
    var seeds: Range<UInt64> = 0..<1000
    /// How many steps a simulation has.
    var simulationLength = 60
    /// How many threads work.
    var threadCount = 2
    /// Ends a suite at its first violation.
    var stopsAtFirst = false
    /// When to end whatever the rest is; nanoseconds of the monotonic clock.
    var deadline: UInt64?

    /// What CI does.
    static let ci = Effort()

    /// A glance at everything, which most bugs do not survive.
    static let glance: Effort = {
        var effort = slice
        effort.workloadLength = 1
        effort.imagesPerCrash = 10
        effort.cutStrides = [25, 25, 97]
        effort.recoveryEvery = 20
        effort.callStride = 11
        effort.fixtureCount = 3
        effort.seeds = 0..<20
        effort.graphPrograms = 1
        return effort
    }()

    /// A small part of everything, for bugs that survive a glance.
    static let slice: Effort = {
        var effort = Effort()
        effort.workloadLength = 2
        effort.imagesPerCrash = 12
        effort.cutStrides = [9, 9, 97]
        effort.callStride = 2
        effort.longerCallStride = 0
        effort.fixtureCount = 8
        effort.graphPrograms = 2
        effort.recoveryEvery = 10
        effort.seeds = 0..<60
        effort.stopsAtFirst = true
        return effort
    }()
}

/// One kind of experiment.
protocol Suite: Sendable {
    /// What it is called on the command line and in reproductions.
    static var name: String { get }
    /// What it does, in one line.
    static var summary: String { get }

    init()

    /// Runs all experiments.
    func run(_ effort: Effort, in laboratory: Laboratory) throws -> Figures

    /// Repeats one experiment.
    ///
    /// - Throws: What is still wrong.
    func reproduce(_ reproduction: Reproduction, in laboratory: Laboratory) throws
}

private struct Progress: Sendable {
    var next = 0
    var figures = Figures()
}

extension Suite {
    /// Runs `body` for each item, on several threads, and adds up what they find.
    func forEach<Item: Sendable>(
        _ items: [Item], _ effort: Effort, _ body: @escaping @Sendable (Item) -> Figures
    ) throws -> Figures {
        let clock = SystemTime()
        let start = clock.monotonicNanoseconds()
        let progress = Locked(Progress())
        let threads = try (0..<max(1, effort.threadCount)).map { _ in
            try BackgroundThread {
                while true {
                    let isLate = effort.deadline.map { clock.monotonicNanoseconds() > $0 } ?? false
                    let index: Int? = progress.withLock { progress in
                        let isOver = effort.stopsAtFirst && !progress.figures.violations.isEmpty
                        guard progress.next < items.count, !isOver, !isLate else { return nil }
                        defer { progress.next += 1 }
                        return progress.next
                    }
                    guard let index else { return }
                    let found = body(items[index])
                    progress.withLock { $0.figures.add(found) }
                }
            }
        }
        for thread in threads { thread.join() }
        var figures = progress.withLock { $0.figures }
        figures.seconds = Double(clock.monotonicNanoseconds() - start) / 1e9
        return figures
    }
}
