// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CairnTesting
import CairnIO
import Foundation

/// A writer and its readers, as processes of a real system, killed at random.
struct SoakCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract: "One writer, four readers, all of them killed at random and started again.",
        discussion: """
            Readers must see what was acknowledged, nothing that was not tried, and no torn state; no process may call a file \
            damaged. Prints how many reads and kills there were, and the longest commit.
            """)

    @Option(help: "How long.")
    var seconds = 300

    @Option(help: "How many readers.")
    var readers = 4

    @Option(help: "What the random numbers begin with.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Where the processes of a soak meet.", visibility: .hidden))
    var folder: String?

    @Option(help: ArgumentHelp("What this process of a soak does.", visibility: .hidden))
    var role: Int?

    func run() throws {
        if let folder, let role {
            let board = SoakBoard(folder: folder)
            do {
                if role == 0 { try SoakRole.write(board) }
                try SoakRole.read(board, role)
            } catch {
                SoakRole.complain("process \(role): \(error)")
            }
        }
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("cairn-soak-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        var soak = Soak(board: SoakBoard(folder: directory.path), readers: readers, seed: seed)
        let complaints = try soak.run(seconds: seconds)
        print(soak.summary)
        guard complaints.isEmpty else {
            print("the store is left in \(directory.path)")
            throw ExitCode.failure
        }
        try FileManager.default.removeItem(at: directory)
    }
}

private struct Soak {
    let board: SoakBoard
    let readers: Int
    private var generator: SplitMix64
    private var processes: [Int: Process] = [:]
    private var killCounts = (writer: 0, readers: 0)
    private var failureCount = 0

    init(board: SoakBoard, readers: Int, seed: UInt64) {
        self.board = board
        self.readers = readers
        generator = SplitMix64(seed: seed)
    }

    /// - Returns: The roles that ended by themselves, which none does unless something is wrong.
    mutating func run(seconds: Int) throws -> [Int] {
        let end = ContinuousClock.now + .seconds(seconds)
        var ended: [Int] = []
        try start(0)
        while board.read("acknowledged") == 0, ContinuousClock.now < end { usleep(1_000) }
        for reader in stride(from: 1, through: readers, by: 1) { try start(reader) }
        while ContinuousClock.now < end, ended.isEmpty {
            usleep(UInt32.random(in: 20_000...400_000, using: &generator))
            ended = processes.filter { !$0.value.isRunning }.map(\.key)
            let victim = Int.random(in: 0...readers, using: &generator)
            guard ended.isEmpty, let process = processes[victim] else { continue }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if victim == 0 { killCounts.writer += 1 } else { killCounts.readers += 1 }
            try start(victim)
        }
        for process in processes.values where process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        failureCount = ended.count
        return ended
    }

    private mutating func start(_ role: Int) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["soak", "--folder", board.folder, "--role", "\(role)"]
        try process.run()
        processes[role] = process
    }

    var summary: String {
        let reads = (1...max(1, readers)).reduce(0) { $0 + board.read("reads\($1)") }
        let reloads = (1...max(1, readers)).reduce(0) { $0 + board.read("reloads\($1)") }
        return """
            commits \(board.read("acknowledged")), longest \(board.read("longest") / 1000) µs; reads \(reads), of them \
            \(reloads) by way of a snapshot; kills: writer \(killCounts.writer), readers \(killCounts.readers); \
            complaints \(failureCount)
            """
    }
}
