// SPDX-License-Identifier: Apache-2.0

import CairnLSN
import CairnLog
import CairnSegments
import CairnTesting
import Testing

/// Runs a workload with a crash at every operation, and checks every image that a crash may leave.
struct CrashSweep {
    var name: String
    var options = smallOptions()
    /// The seeds of the random images at each crash.
    var seeds: Range<UInt64> = 0..<3
    var checksPrefixes = true
    /// Opens, works, and tells the journal. What it throws ends it.
    var workload: (SimulatedFileSystem, LogOptions, Journal) throws -> Void

    /// - Returns: How many images were checked.
    @discardableResult
    func run() throws -> Int {
        let whole = SimulatedFileSystem()
        let complete = Journal()
        try workload(whole, options, complete)
        var count = 0
        for crash in 0...whole.operationCount {
            let files = SimulatedFileSystem(faults: .crash(atOperation: crash))
            let journal = Journal()
            try? workload(files, options, journal)
            for choice in choices(files) {
                check(files.crashImage(choice), journal, "\(name) crash \(crash) choice \(choice)")
                count += 1
            }
        }
        return count
    }

    func choices(_ files: SimulatedFileSystem) -> [CrashChoice] {
        var all: [CrashChoice] = [.onlySynced, .everythingWritten]
        if checksPrefixes { all += (1...max(1, files.pendingEffectCount)).map { .prefix($0) } }
        all += seeds.map { .seeded($0) }
        all += seeds.map { .seeded($0, CrashProfile(partByteCount: 64, zeroesParts: true)) }
        return all
    }

    /// Opens an image, compares it with the journal, goes on writing, and opens it once more.
    func check(_ image: SimulatedFileSystem, _ journal: Journal, _ place: String) {
        do {
            let first = try openLog(image, options, seed: 77)
            if let complaint = journal.complaint(about: first.replayed) {
                Issue.record("\(place): \(complaint)")
            }
            let more = [Transaction.small(901), .numbered(902, sizes: [40, 700]), .small(903)]
            for transaction in more { try first.log.commit(transaction) }
            try first.log.close()
            let second = try openLog(image, options, seed: 78)
            if second.replayed.transactions != first.replayed.transactions + more {
                Issue.record("\(place): the second opening differs")
            }
            if second.log.recovery.verdict != .clean {
                Issue.record("\(place): the second opening says \(second.log.recovery.verdict)")
            }
            try second.log.close()
        } catch {
            Issue.record("\(place): \(error)")
        }
    }
}
