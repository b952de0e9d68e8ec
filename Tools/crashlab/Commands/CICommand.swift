// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What CI runs.
struct CICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ci",
        abstract: "Runs every suite as CI does, prints the figures, and fails for any violation.")

    @Option(help: "Only these suites; the document lists them.")
    var suite: [String] = []

    @Option(help: "How many threads.")
    var threads = 2

    @Option(help: "Where to keep the figures for `crashlab document`.")
    var figures: String?

    /// What must have been done at least, or the run does not count.
    static let floors: [(suite: String, name: String, count: Int)] = [
        ("pipeline", "images", 20_000), ("pipeline", "faults", 1_000),
        ("crash", "distinct images", 300_000), ("crash", "recoveries interrupted", 50_000),
        ("crash", "images of 4 KiB sectors", 5_000),
        ("simulation", "seeds run twice", 1_000), ("errors", "faults", 60_000),
        ("flips", "flips", 300_000), ("flips", "files without state", 10),
    ]

    func run() throws {
        var effort = Effort.ci
        effort.threadCount = threads
        let results = try SuiteRunner.run(effort, only: suite)
        if let figures { try FigureFile(figures).append(results.map(\.line)) }
        var isLow = false
        for floor in Self.floors {
            guard let result = results.first(where: { $0.suite == floor.suite }),
                result.figures[floor.name] < floor.count
            else { continue }
            isLow = true
            print("too few \(floor.name): \(floor.count) are promised")
        }
        guard !isLow, results.allSatisfy({ $0.figures.violations.isEmpty }) else {
            throw ExitCode.failure
        }
    }
}

/// Goes on for as long as it is told to.
struct LongCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs the suites for longer: longer workloads, more seeds.")

    @Option(help: "Only these suites.")
    var suite: [String] = []

    @Option(help: "The longest workloads.")
    var length = 4

    @Option(help: "How many seeds.")
    var seeds: UInt64 = 100_000

    @Option(help: "The first seed.")
    var firstSeed: UInt64 = 1_000

    @Option(help: "Minutes for each suite at most.")
    var minutes = 60.0

    @Option(help: "How many threads.")
    var threads = 2

    func run() throws {
        var effort = Effort.ci
        effort.workloadLength = length
        effort.imagesPerCrash = 400
        effort.longerCallStride = 1
        effort.seeds = firstSeed..<firstSeed + seeds
        effort.threadCount = threads
        let results = try SuiteRunner.run(effort, only: suite, minutes: minutes)
        guard results.allSatisfy({ $0.figures.violations.isEmpty }) else { throw ExitCode.failure }
    }
}
