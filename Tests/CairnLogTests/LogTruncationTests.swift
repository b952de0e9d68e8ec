// SPDX-License-Identifier: Apache-2.0

import CairnLSN
import CairnLog
import CairnSegments
import CairnSync
import CairnTesting
import SystemPackage
import Testing

/// I10 as far as the log goes: truncation removes what the fence covers, and nothing else.
@Suite struct LogTruncationTests {
    static let options = smallOptions(segmentByteCount: 600)
    static let transactions = (0..<12).map { Transaction.small($0, byteCount: 250) }

    @Test func sealedSegmentsAtOrBelowTheFenceGo() throws {
        for fence in 0...36 {
            let files = SimulatedFileSystem()
            let (log, _) = try openLog(files, Self.options)
            for transaction in Self.transactions { try log.commit(transaction) }
            let before = log.status.segments
            let lsn = LSN(rawValue: UInt64(fence))
            let removed = try log.truncate(upTo: TruncationFence(unchecked: lsn))
            #expect(removed == before.dropLast().filter { $0.lastLSN <= lsn }, "fence \(fence)")
            #expect(log.status.segments == Array(before.dropFirst(removed.count)), "fence \(fence)")
            #expect(files.segmentPaths.count == before.count - removed.count, "fence \(fence)")
            let first = log.status.firstLSN
            #expect(first.predecessor <= lsn)
            try log.commit(.small(99))
            try log.close()
            let kept = Int(first.rawValue - 1) / 3
            let (_, replayed) = try openLog(
                files, Self.options, after: ReplayFence(first.predecessor))
            #expect(
                replayed.transactions == Self.transactions.dropFirst(kept) + [.small(99)],
                "fence \(fence)")
        }
    }

    @Test func theActiveSegmentNeverGoes() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, Self.options)
        try log.commit(.small(1))
        let removed = try log.truncate(upTo: TruncationFence(unchecked: LSN(rawValue: 3)))
        #expect(removed.isEmpty)
        #expect(files.segmentPaths.count == 1)
    }

    @Test func aFenceBeyondTheDurableEndIsRefused() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, smallOptions(segmentByteCount: 600, .manual))
        for transaction in Self.transactions { try log.commit(transaction) }
        let durable = log.durableFence.lsn
        let before = files.contentHash
        for lsn in [try durable.successor(), LSN(rawValue: 36), LSN(rawValue: 37), .last] {
            let error = #expect(throws: LogError.self) {
                try log.truncate(upTo: TruncationFence(unchecked: lsn))
            }
            #expect(error?.code == .truncationRefused)
        }
        #expect(files.contentHash == before)
    }

    @Test func aCrashDuringTruncationLeavesASuffix() throws {
        let fence = LSN(rawValue: 27)
        func workload(_ files: SimulatedFileSystem, _ journal: Journal) throws {
            let (log, _) = try openLog(files, Self.options)
            for transaction in Self.transactions { try journal.commit(transaction, to: log) }
            try log.truncate(upTo: TruncationFence(unchecked: fence))
            try journal.commit(.small(99), to: log)
            try journal.close(log)
        }
        let whole = SimulatedFileSystem()
        try workload(whole, Journal())
        let removals = whole.operations.enumerated().filter { $0.element.kind == .remove }
        let first = try #require(removals.first?.offset)
        #expect(removals.count > 2)
        for crash in first...whole.operationCount {
            let files = SimulatedFileSystem(faults: .crash(atOperation: crash))
            let journal = Journal()
            try? workload(files, journal)
            let subsets = (0..<UInt64(1) << min(6, files.pendingPartCount)).map(CrashChoice.subset)
            for choice in subsets + [.everythingWritten] {
                let place = "crash \(crash) choice \(choice)"
                do {
                    let (log, replayed) = try openLog(
                        files.crashImage(choice), Self.options, after: ReplayFence(fence))
                    let complaint = journal.complaint(about: replayed, leavingOut: 9)
                    #expect(complaint == nil, "\(place)")
                    try log.commit(.small(7))
                    try log.close()
                } catch {
                    Issue.record("\(place): \(error)")
                }
            }
        }
    }

    @Test func aFailedRemovalChangesNothingThatCounts() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, Self.options)
        for transaction in Self.transactions { try log.commit(transaction) }
        files.setFaults(
            FaultPlan([FaultRule(.matching(.remove, skipping: 1), .fail(.ioError))]))
        let fence = TruncationFence(unchecked: LSN(rawValue: 36))
        #expect(throws: LogError.self) { try log.truncate(upTo: fence) }
        let base = log.status.firstLSN.predecessor
        _ = try? log.close()
        let (_, replayed) = try openLog(files.crashImage(.everythingWritten), after: .init(base))
        #expect(
            replayed.transactions == Array(Self.transactions.dropFirst(Int(base.rawValue) / 3)))
    }
}
