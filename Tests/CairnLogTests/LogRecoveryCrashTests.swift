// SPDX-License-Identifier: Apache-2.0

import CairnLSN
import CairnLog
import CairnSegments
import CairnTesting
import Testing

/// I7: recovery may itself be interrupted, at any operation and again, and changes nothing.
@Suite struct LogRecoveryCrashTests {
    /// Images that need as much repair as possible: torn ends, interrupted rotations, creations.
    static func images() throws -> [(place: String, image: SimulatedFileSystem, journal: Journal)] {
        var found: [(String, SimulatedFileSystem, Journal)] = []
        let options = smallOptions(segmentByteCount: 700)
        func workload(_ files: SimulatedFileSystem, _ journal: Journal) throws {
            let (log, _) = try openLog(files, options)
            for (index, sizes) in [[30], [700], [200, 300, 100], [600, 900]].enumerated() {
                try journal.commit(.numbered(index, sizes: sizes), to: log)
            }
            try journal.close(log)
        }
        let whole = SimulatedFileSystem()
        try workload(whole, Journal())
        for crash in 0...whole.operationCount {
            let files = SimulatedFileSystem(faults: .crash(atOperation: crash))
            let journal = Journal()
            try? workload(files, journal)
            var choices: [CrashChoice] = [.seeded(UInt64(crash)), .everythingWritten]
            if files.pendingEffectCount > 0 { choices.append(.prefix(1)) }
            for choice in choices {
                found.append(("crash \(crash) \(choice)", files.crashImage(choice), journal))
            }
        }
        return found
    }

    @Test func interruptedRecoveryIsDoneAgain() throws {
        let options = smallOptions(segmentByteCount: 700)
        var interruptions = 0
        for (place, image, journal) in try Self.images() {
            let undisturbed = image.copy()
            let expected = try openLog(undisturbed, options, seed: 50).replayed
            if let complaint = journal.complaint(about: expected) {
                Issue.record("\(place): \(complaint)")
            }
            for crash in 0..<undisturbed.operationCount {
                let files = image.copy()
                files.setFaults(.crash(atOperation: crash))
                _ = try? openLog(files, options, seed: 51)
                guard files.hasCrashed else { continue }
                for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(3)] {
                    interruptions += 1
                    Self.check(
                        files.crashImage(choice), expected, options,
                        "\(place), recovery crash \(crash) \(choice)")
                }
            }
        }
        #expect(interruptions > 400)
    }

    static func check(
        _ image: SimulatedFileSystem, _ expected: Replayed, _ options: LogOptions, _ place: String
    ) {
        do {
            let (log, replayed) = try openLog(image, options, seed: 52)
            if replayed.transactions != expected.transactions || replayed.ranges != expected.ranges
            {
                Issue.record("\(place): recovered \(replayed.ranges), not \(expected.ranges)")
            }
            try log.commit(.small(900))
            try log.close()
            let again = try openLog(image, options, seed: 53)
            if again.replayed.transactions != expected.transactions + [.small(900)] {
                Issue.record("\(place): the opening after that differs")
            }
        } catch {
            Issue.record("\(place): \(error)")
        }
    }

    @Test func theUnfinishedTransactionIsAbortedAndNotReplayed() throws {
        // The begin and the first batch lie in a sector of their own, the rest was lost.
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, smallOptions(segmentByteCount: 100_000))
        try log.commit(.small(1, byteCount: 400))
        let end = Int(log.status.segments[0].byteCount)
        try log.commit(.numbered(2, sizes: [100, 2000]))
        let path = files.segmentPaths[0]
        for cut in [end + 40, end + 40 + 136, end + 40 + 136 + 500] {
            let image = files.copy()
            image.truncate(path, to: cut)
            let (again, replayed) = try openLog(image)
            #expect(replayed.transactions == [.small(1, byteCount: 400)], "cut \(cut)")
            #expect(again.recovery.abortedLSN == LSN(rawValue: 4), "cut \(cut)")
            let receipt = try again.commit(.small(3))
            let batches: UInt64 = cut == end + 40 ? 0 : 1
            // begin 4, the batches that were there, abort, and then the next one.
            #expect(receipt.lsns.first == LSN(rawValue: 4 + 1 + batches + 1), "cut \(cut)")
            try again.close()
            let last = try openLog(image)
            #expect(last.log.recovery.abortedLSN == nil)
            #expect(last.replayed.transactions == [.small(1, byteCount: 400), .small(3)])
        }
    }
}
