// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct CICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ci", abstract: "Runs every suite as CI does and prints the figures.")

    @Option(help: "Only these suites.")
    var suite: [String] = []
    @Option var length: Int?
    @Option var threads: Int = 2

    func run() throws {
        var effort = Effort.ci
        effort.workloadLength = length ?? effort.workloadLength
        effort.threadCount = threads
        for s in Suites.all where suite.isEmpty || suite.contains(s.name) {
            let figures = try s.init().run(effort, in: Laboratory())
            print(s.name, figures.counts.map { "\($0.name) \($0.count)" }, figures.seconds)
            var seen: [String: Int] = [:]
            for v in figures.violations { seen[v.reason, default: 0] += 1 }
            for (r, c) in seen { print(c, r); print(figures.violations.first { $0.reason == r }!.reproduction) }
            print(figures.violations.count)
        }
    }
}
