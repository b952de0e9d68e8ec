// SPDX-License-Identifier: Apache-2.0

import CairnLSN
import CairnLog
import CairnSegments
import CairnSync
import CairnTesting
import Testing

/// I1, I2, I3, I4, I5: a crash at every operation of a workload.
@Suite struct LogCrashTests {
    static let sizes: [[Int]] = [
        [20], [600], [1, 2], [0], [900], [300, 300, 300], [40], [1400], [8], [16], [500], [700],
    ]

    static func write(
        _ log: WriteAheadLog, _ journal: Journal, from number: Int = 0
    ) throws {
        for (index, sizes) in sizes.enumerated() {
            try journal.commit(.numbered(number + index, sizes: sizes), to: log)
        }
    }

    @Test func everyAcknowledgedCommitComesBack() throws {
        let count = try CrashSweep(name: "everyCommit") { files, options, journal in
            let (log, _) = try openLog(files, options)
            try Self.write(log, journal)
            try journal.close(log)
        }.run()
        #expect(count > 300)
    }

    @Test(arguments: [64, 1 << 20])
    func segmentsThatGrowByZerosToo(_ growthByteCount: Int) throws {
        var sweep = CrashSweep(name: "growth \(growthByteCount)") { files, options, journal in
            let (log, _) = try openLog(files, options)
            try Self.write(log, journal)
            try journal.close(log)
        }
        sweep.options = smallOptions { $0.growthByteCount = growthByteCount }
        try sweep.run()
    }

    @Test(arguments: [SyncPolicy.manual, .bytes(1000)])
    func whatWasSyncedComesBack(_ policy: SyncPolicy) throws {
        var sweep = CrashSweep(name: "\(policy)") { files, options, journal in
            let (log, _) = try openLog(files, options)
            for (index, sizes) in Self.sizes.enumerated() {
                let level: DurabilityLevel? = index == 8 ? .durable : nil
                try journal.commit(.numbered(index, sizes: sizes), to: log, level: level)
                if index == 5 { try journal.sync(log) }
                if index == 9 { try log.flush() }
            }
            try journal.close(log)
        }
        sweep.options = smallOptions(policy)
        try sweep.run()
    }

    @Test func reopeningAndGoingOn() throws {
        var sweep = CrashSweep(name: "reopen") { files, options, journal in
            let (first, _) = try openLog(files, options)
            for index in 0..<3 { try journal.commit(.small(index, byteCount: 500), to: first) }
            try journal.close(first)
            let (second, _) = try openLog(files, options, seed: 5)
            for index in 3..<6 { try journal.commit(.small(index, byteCount: 500), to: second) }
            _ = second
        }
        sweep.seeds = 0..<4
        try sweep.run()
    }
}
