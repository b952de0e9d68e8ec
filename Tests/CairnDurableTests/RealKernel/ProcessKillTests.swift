// SPDX-License-Identifier: Apache-2.0
//
// SIGKILL on real processes: at every call of a writer that changes something, in every phase; in the
// middle of recovery; under eight threads; and at random moments. What was acknowledged must be there.

import CairnDurable
import CairnIO
import CairnLog
import Foundation
import SystemPackage
import Testing

/// One after the other: a child finds its orders by the number of its parent.
@Suite(.serialized)
enum RealKernelTests {}

extension RealKernelTests {
    @Suite(.serialized) struct ProcessKillTests {}
}

extension RealKernelTests.ProcessKillTests {
    @Test(.timeLimit(.minutes(5)))
    func everyKindOfCallOfOneWriter() async throws {
        let calls = try dryRun { try $0.runAlone($1) }
        for phase in ["creation", "commit", "rotation", "checkpoint", "truncation", "close"] {
            #expect(calls.contains { $0.hasPrefix("\(phase):") }, "no call in \(phase)")
        }
        let places = calls.indices.filter { isNew(calls[$0], in: calls[..<$0]) }
        for (index, call) in places.enumerated() {
            let manner = KillSwitch.Manner.allCases[index % 3].rawValue
            try await withFolder(inMemory: !index.isMultiple(of: 3)) { folder in
                try KillPlan(folder: folder, call: call, manner: manner).hand()
                await #expect(processExitsWith: .signal(SIGKILL), "\(calls[call])") {
                    let plan = try KillPlan.take()
                    try plan.workload.runAlone(plan.killSwitch)
                }
                try check(KernelWorkload(folder: folder), writers: 1, "\(calls[call]), \(manner)")
            }
        }
        report(places.map { calls[$0] })
    }

    @Test(.timeLimit(.minutes(5)))
    func everyCallOfRecovery() async throws {
        let calls = try dryRun(prepare: { try $0.prepareTornStore() }) { try $0.recover($1) }
        #expect(calls.contains { $0.contains("quarantine") })
        #expect(calls.contains { $0.contains("truncate") })
        for call in calls.indices {
            let manner = KillSwitch.Manner.allCases[call % 3].rawValue
            try await withFolder(inMemory: call.isMultiple(of: 2)) { folder in
                let workload = KernelWorkload(folder: folder)
                try workload.prepareTornStore()
                try KillPlan(folder: folder, call: call, manner: manner).hand()
                // Twice: the second process dies while it repairs what the first one left.
                for _ in 0..<2 {
                    await #expect(processExitsWith: .signal(SIGKILL), "\(calls[call])") {
                        let plan = try KillPlan.take()
                        try plan.workload.recover(plan.killSwitch)
                        KillSwitch.die()
                    }
                }
                try check(workload, writers: 1, "\(calls[call]), \(manner)", unsure: 2)
            }
        }
        report(calls + calls)
    }

    @Test(.timeLimit(.minutes(5)))
    func callsOfEightWriters() async throws {
        let places = [3, 9, 14, 20, 31, 45, 60, 90]
        for (index, call) in places.enumerated() {
            let manner = index % 3
            try await withFolder { folder in
                try KillPlan(folder: folder, call: call, manner: manner).hand()
                await #expect(processExitsWith: .signal(SIGKILL), "call \(call)") {
                    let plan = try KillPlan.take()
                    try plan.workload.runTogether(plan.killSwitch)
                    KillSwitch.die()
                }
                try check(KernelWorkload(folder: folder), writers: 8, "call \(call), \(manner)")
            }
        }
        report(places.map { _ in "group commit:" })
    }

    @Test(.timeLimit(.minutes(5)))
    func randomMoments() async throws {
        let seed = 20_261_123
        for round in 0..<12 {
            // A linear congruence is random enough for moments.
            let microseconds = (seed &+ round &* 7_919) &* 48_271 % 20_000
            try await withFolder { folder in
                try KillPlan(folder: folder, microseconds: microseconds).hand()
                await #expect(processExitsWith: .signal(SIGKILL)) {
                    let plan = try KillPlan.take()
                    _ = try BackgroundThread {
                        usleep(UInt32(plan.microseconds))
                        KillSwitch.die()
                    }
                    while true { try plan.workload.runTogether(KillSwitch()) }
                }
                let place = "seed \(seed), round \(round), \(microseconds) µs"
                try check(KernelWorkload(folder: folder), writers: 8, place)
            }
        }
        report((0..<12).map { _ in "random moment:" })
    }
}

extension RealKernelTests.ProcessKillTests {
    /// Whether fewer than two calls before are of the same kind: in the same phase, on the same kind of
    /// file. What makes names differ are digits.
    private func isNew(_ call: String, in others: ArraySlice<String>) -> Bool {
        func kind(_ call: String) -> String { call.filter { !$0.isHexDigit } }
        return others.count { kind($0) == kind(call) } < 2
    }

    /// The calls of a run that is not killed.
    private func dryRun(
        prepare: (KernelWorkload) throws -> Void = { _ in },
        _ run: (KernelWorkload, KillSwitch) throws -> Void
    ) throws -> [String] {
        let folder = try makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let killSwitch = KillSwitch()
        try prepare(KernelWorkload(folder: folder))
        try run(KernelWorkload(folder: folder), killSwitch)
        return killSwitch.calls
    }

    /// Opens what a dead process left, in this process: the lock is free, and of every writer all that
    /// was acknowledged is there, and nothing but a prefix.
    ///
    /// - Parameter unsure: How many more than were acknowledged may be there: one for each death.
    private func check(
        _ workload: KernelWorkload, writers: Int, _ place: String, unsure: Int = 1
    ) throws {
        let store = try workload.open()
        for writer in 0..<writers {
            let found = store.read { $0.numbers[writer] ?? [] }
            let acknowledged = workload.acknowledgedCount(writer)
            #expect(found == Array(1..<found.count + 1), "\(place): not a prefix")
            #expect(
                found.count >= acknowledged && found.count <= acknowledged + unsure,
                "\(place): \(found.count) recovered, \(acknowledged) acknowledged")
        }
        let state = store.read { $0 }
        try store.close()
        let directory = try StoreDirectory.open(
            FilePath(workload.store), access: .readOnly, createIfMissing: false,
            environment: .system)
        let verified = try WriteAheadLog.verify(in: directory, options: workload.options)
        directory.release()
        #expect(verified.findings.isEmpty, "\(place)")
        let again = try workload.open()
        #expect(again.read { $0 } == state, "\(place): the second opening differs")
        #expect(again.recovery.log.repair == nil, "\(place)")
        try workload.commitNext(again, writer: 0)
        try again.close()
    }

    private func report(_ calls: [String]) {
        KillPlan.forget()
        var counts: [String: Int] = [:]
        for call in calls { counts[String(call.prefix { $0 != ":" }), default: 0] += 1 }
        let text = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        print("real kernel: \(calls.count) processes killed: \(text.joined(separator: ", "))")
    }
}

/// A directory of its own for what runs on the real kernel.
///
/// - Parameter inMemory: Where there is one, on a file system in memory: what a killed process leaves is
///   the same there, sooner.
func makeFolder(inMemory: Bool = false) throws -> String {
    let memory = URL(fileURLWithPath: "/dev/shm")
    let base =
        inMemory && FileManager.default.isWritableFile(atPath: memory.path)
        ? memory : FileManager.default.temporaryDirectory
    let folder = base.appendingPathComponent("cairn-kernel-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    return folder
}

/// Runs `body` with such a directory and removes it.
func withFolder(
    inMemory: Bool = false, _ body: (String) async throws -> Void
) async throws {
    let folder = try makeFolder(inMemory: inMemory)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
}
