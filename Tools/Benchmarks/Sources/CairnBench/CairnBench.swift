// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import BenchSupport

/// The command.
@main
struct CairnBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cairn-bench",
        abstract: "Measures one kind of work of Cairn.",
        discussion: """
            Each run makes a directory of its own within --dir and removes it at the end. With --json \
            each result is one JSON object on one line, in the form that the harness of the peers has, too.

            WORKLOADS
            \(Workload.allCases.map { "  \($0.rawValue.padded(22))\($0.summary)" }.joined(separator: "\n"))

            Tools/Benchmarks/compare runs them beside RocksDB, LevelDB, LMDB, SQLite, LoraDB and \
            LadybugDB.
            """)

    @Option(name: .shortAndLong, help: "What to measure; see above.")
    var workload: Workload

    @OptionGroup var options: BenchOptions

    @Flag(help: "Print each result as a line of JSON.")
    var json = false

    func run() async throws {
        try options.check()
        for result in try await workload.run(options) {
            System.printLine(json ? result.json : result.text)
        }
    }
}
