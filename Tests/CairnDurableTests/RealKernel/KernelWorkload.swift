// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLog
import Foundation
import SystemPackage

/// What each of some writers wrote, in order.
struct Ledger: DurableState, Codable, Hashable {
    var numbers: [Int: [Int]] = [:]

    struct Event: DurableEvent, Codable {
        let writer: Int
        let number: Int
        let padding: String
    }

    mutating func apply(_ event: Event) { numbers[event.writer, default: []].append(event.number) }
}

/// A store of ledgers on the real file system, and, beside it, what was acknowledged.
struct KernelWorkload: Sendable {
    /// Holds `store` and the files of acknowledgements.
    let folder: String
    var store: String { folder + "/store" }

    var options: LogOptions {
        var options = LogOptions()
        options.segmentByteCount = 4096
        return options
    }

    /// - Parameter backgroundWork: Inline where the same run is to make the same calls each time.
    func open(
        _ killSwitch: KillSwitch? = nil,
        backgroundWork: StorageEnvironment.BackgroundWork = .onThreads
    ) throws -> Durable<Ledger> {
        var environment = StorageEnvironment.system
        environment.backgroundWork = backgroundWork
        if let killSwitch { environment.fileSystem = DeadlyFileSystem(killSwitch: killSwitch) }
        return try Durable<Ledger>.open(FilePath(store), options: options, environment: environment)
    }

    /// Commits the next number of a writer and notes that it was acknowledged. What was handed to the
    /// system survives the death of the process, so a file is good enough for the note.
    func commitNext(_ store: Durable<Ledger>, writer: Int, padding: Int = 100) throws {
        let number = (store.read { $0.numbers[writer]?.last } ?? 0) + 1
        let event = Ledger.Event(
            writer: writer, number: number, padding: String(repeating: "x", count: padding))
        _ = try store.commit(event)
        let file = Foundation.open(acks(writer), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        precondition(file >= 0 && Foundation.write(file, "x", 1) == 1)
        Foundation.close(file)
    }

    private func acks(_ writer: Int) -> String { folder + "/acks-\(writer)" }

    /// How many numbers of a writer were acknowledged.
    func acknowledgedCount(_ writer: Int) -> Int {
        (try? Data(contentsOf: URL(fileURLWithPath: acks(writer))).count) ?? 0
    }

    // MARK: What is killed

    /// One writer through every phase of a store's life.
    func runAlone(_ killSwitch: KillSwitch) throws {
        killSwitch.enter("creation")
        let store = try open(killSwitch, backgroundWork: .inline)
        killSwitch.enter("commit")
        for _ in 0..<6 { try commitNext(store, writer: 0) }
        killSwitch.enter("rotation")
        for _ in 0..<4 { try commitNext(store, writer: 0, padding: 1500) }
        for _ in 0..<2 {
            killSwitch.enter("checkpoint")
            try store.checkpoint()
            killSwitch.enter("rotation")
            for _ in 0..<3 { try commitNext(store, writer: 0, padding: 2500) }
        }
        killSwitch.enter("truncation")
        try store.checkpoint()
        killSwitch.enter("close")
        try store.close()
    }

    /// Eight writers at once, until the process is killed.
    func runTogether(_ killSwitch: KillSwitch) throws {
        killSwitch.enter("group commit")
        let store = try open(killSwitch)
        let threads = try (0..<8).map { writer in
            try BackgroundThread {
                for _ in 0..<40 { try? commitNext(store, writer: writer) }
            }
        }
        for thread in threads { thread.join() }
        try store.close()
    }

    /// A store whose last write was cut short, and whose last rotation lacks its seal.
    func prepareTornStore() throws {
        let store = try open()
        for _ in 0..<5 { try commitNext(store, writer: 0, padding: 1500) }
        try store.checkpoint()
        for _ in 0..<2 { try commitNext(store, writer: 0, padding: 100) }
        try store.close()
        let log = self.store + "/log"
        let names = try FileManager.default.contentsOfDirectory(atPath: log)
        let last = names.filter { $0.hasSuffix(".wal") }.max() ?? ""
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(log)/\(last)"))
        try file.seekToEnd()
        try file.write(contentsOf: Data((0..<900).map { UInt8($0 % 255) | 1 }))
        try file.close()
    }

    func recover(_ killSwitch: KillSwitch) throws {
        killSwitch.enter("recovery")
        let store = try open(killSwitch)
        try commitNext(store, writer: 0)
        try store.close()
    }
}
