// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CairnIO
import Foundation
import SystemPackage

/// The part of `Tools/powercut` that runs in the machine whose power is cut.
struct PowerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "power",
        abstract: "Checks what a power cut left of stores, and writes to them until the next one.",
        discussion: """
            Tools/powercut calls it in its machines and judges what it prints: a line for each store that was checked, and \
            one for each commit that was acknowledged.
            """)

    @Option(help: "Where the stores lie.")
    var root: String

    @Option(help: "The number of this boot.")
    var boot: UInt64 = 1

    @Option(help: "The workloads.")
    var workload: [String] = []

    @Option(help: "An old bug, in place of the workloads.")
    var bug: String?

    @Option(help: "The device of dm-log-writes that acknowledgements become marks of.")
    var markDevice: String?

    @Option(
        help:
            "A directory in which each process leaves a file when it has checked, and waits for the others."
    )
    var gate: String?

    @Option(help: "How many processes meet there.")
    var gateCount = 1

    @Flag(help: "Check and write nothing; and again for each line of the input that names a root.")
    var check = false

    func run() throws {
        let console = try PowerConsole(markDevice: markDevice)
        guard check else {
            try write(try roster(root), console)
            return
        }
        try Self.check(try roster(root), console)
        while let next = readLine() { try Self.check(try roster(next), console) }
    }

    private func roster(_ root: String) throws -> PowerRoster {
        if let bug { return try PowerRoster(bug: bug, in: FilePath(root)) }
        let all = PowerWorkload.allCases.map(\.rawValue)
        return try PowerRoster(workload.isEmpty ? all : workload, in: FilePath(root))
    }

    private static func check(_ roster: PowerRoster, _ console: PowerConsole) throws {
        for (store, folder) in roster.stores {
            _ = store.report(in: folder, to: console)
            store.close()
        }
        console.line("C cairn")
    }

    /// Every store is checked, and then each is written to by a thread of its own.
    private func write(_ roster: PowerRoster, _ console: PowerConsole) throws {
        let opened = roster.stores.filter { $0.store.report(in: $0.folder, to: console) }
        console.line("C \(bug == nil ? "cairn" : "bug")")
        let boot = boot
        waitAtGate()
        let running = Locked(opened.count)
        for (store, _) in opened {
            Thread.detachNewThread {
                do { try store.write(boot: boot, to: console) } catch {
                    console.line("E \(store.system) \(error)")
                }
                running.withLock { $0 -= 1 }
            }
        }
        while running.withLock({ $0 }) > 0 { usleep(20_000) }
        console.line("D \(bug == nil ? "cairn" : "bug")")
    }

    /// Checking is as quick as it can be while no caller writes.
    private func waitAtGate() {
        guard let gate else { return }
        close(open("\(gate)/\(getpid())", O_WRONLY | O_CREAT, 0o600))
        while (try? FileManager.default.contentsOfDirectory(atPath: gate).count) ?? gateCount
            < gateCount
        { usleep(2_000) }
    }
}
