// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnSync
import Foundation
import SystemPackage
import Testing

/// One way through everything on the real file system. The rest of the suite is simulated.
@Suite(.timeLimit(.minutes(1)))
struct LogSmokeTests {
    @Test func whatWasCommittedComesBack() throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("cairn-smoke-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = FilePath(directory.path)
        var options = LogOptions()
        options.segmentByteCount = 16 << 10

        let written = (0..<1_000).map { [UInt8]("event \($0)".utf8) }
        let log = try WriteAheadLog.open(path, options: options)
        for (index, batch) in written.enumerated() {
            let receipt = try log.commit(batch: batch.span.bytes)
            #expect(receipt.level == .durable)
            #expect(receipt.commitLSN == LSN(rawValue: UInt64(index) * 3 + 3))
        }
        #expect(log.durableFence.lsn == LSN(rawValue: 3_000))
        #expect(log.status.segments.count > 1)
        try log.close()

        for access in [0, 1] {
            var reading = options
            if access == 0 { reading.access = .readOnly }
            var replayed: [[UInt8]] = []
            let again = try WriteAheadLog.open(path, options: reading) { batch, _ in
                replayed.append(batch.array())
            }
            #expect(replayed == written)
            #expect(again.recovery.verdict == .clean)
            #expect(again.recovery.transactionCount == 1_000)
            #expect(again.logID == log.logID)
            try again.close()
        }
    }
}
