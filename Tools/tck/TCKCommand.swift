// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Runs openCypher's test suite, which is not part of the project.
@main
struct TCKCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tck",
        abstract: "Runs openCypher's test suite against the queries of CairnQuery.")

    @Option(help: "The folder of the suite; by default the one that CAIRN_TCK names.")
    var folder: String?

    @Option(help: "Only scenarios whose feature or name contains this.")
    var only: String?

    @Option(help: "What runs the scenarios: cairn, lora or graphqlite, from PyPI.")
    var engine = "cairn"

    @Option(help: "The Python in which another engine is installed.")
    var python = "python3"

    @Flag(help: "Lists what fails, and why.")
    var failures = false

    @Flag(help: "Answers statements from standard input instead: see Tools/tck/differ.")
    var serve = false

    func validate() throws {
        guard ["cairn", "lora", "graphqlite"].contains(engine) else {
            throw ValidationError("there is no engine \(engine)")
        }
    }

    func run() throws {
        if serve { return try AnswerService().run() }
        guard let kit = Kit(folder: folder ?? Kit.folder) else {
            print("skipped: there is no test suite in \(folder ?? Kit.folder)")
            return
        }
        let report =
            engine == "cairn"
            ? Report.run(kit, only: only)
            : try Report.run(kit, only: only, on: PeerProcess(engine: engine, python: python))
        if failures {
            for (scenario, reason) in report.skips {
                print("skipped \(scenario.feature) \(scenario.name)\n    \(reason)")
            }
            for (scenario, reason) in report.failures {
                print("failed \(scenario.feature) \(scenario.name)\n    \(reason)")
            }
        }
        for line in report.lines { print(line) }
    }
}
