// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnSync
import CairnTesting
import CairnZlib
import SystemPackage
import Testing

/// Commits one after the other: numbers, levels, refusals.
@Suite struct LogCommitTests {
    @Test func numbersAreDense() throws {
        let (log, _) = try openLog(SimulatedFileSystem())
        #expect(log.status.nextLSN == .first)
        #expect(log.status.firstLSN == .first)
        var next: UInt64 = 1
        for (number, batchCount) in [1, 2, 1, 5, 40, 1].enumerated() {
            let sizes = Array(repeating: 10, count: batchCount)
            let receipt = try log.commit(.numbered(number, sizes: sizes))
            let count = batchCount == 1 ? 3 : UInt64(batchCount) + 2
            #expect(receipt.lsns.first.rawValue == next)
            #expect(receipt.lsns.count == count)
            #expect(receipt.commitLSN == receipt.lsns.last)
            next += count
            #expect(log.status.nextLSN.rawValue == next)
        }
        let marker = try log.checkpointMarker(SnapshotFence(LSN(rawValue: 3)))
        #expect(marker.rawValue == next)
        #expect(log.durableFence.lsn == marker)
        #expect(log.status.commitCount == 6)
    }

    @Test func anEmptyTransactionWritesNothing() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files)
        let before = files.operationCount
        let receipt = try log.commit(LogTransaction())
        #expect(receipt == nil)
        #expect(files.operationCount == before)
        #expect(log.status.nextLSN == .first)
    }

    @Test func aTransactionIsUsedAgain() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files)
        var transaction = LogTransaction()
        for byte in UInt8(1)...3 {
            try transaction.append([byte, byte].span.bytes, options: log.options)
            let byteCount = transaction.byteCount
            #expect(byteCount == 2)
            try log.commit(transaction)
            transaction.removeAll()
            let isEmpty = transaction.isEmpty
            #expect(isEmpty)
        }
        try log.close()
        let batches = try openLog(files).replayed.transactions.map(\.batches)
        #expect(batches == [[[1, 1]], [[2, 2]], [[3, 3]]])
    }

    @Test(arguments: [
        SyncPolicy.everyCommit, .manual, .bytes(200), .periodic(interval: .seconds(900)),
    ])
    func theReceiptSaysWhatACrashLeaves(_ policy: SyncPolicy) throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, smallOptions(segmentByteCount: 1 << 20, policy))
        var durable = 0
        for index in 0..<12 {
            let asked: [DurabilityLevel?] = [nil, nil, .written, nil, .durable, .written]
            let level = asked[index % 6]
            let receipt = try log.commit(.small(index), level: level)
            if policy == .everyCommit { #expect(receipt.level == .durable) }
            if level == .durable { #expect(receipt.level == .durable) }
            if receipt.level == .durable { durable = index + 1 }
            let image = files.crashImage(.onlySynced)
            let (_, replayed) = try openLog(image)
            #expect(replayed.transactions.count == durable, "\(policy), commit \(index)")
            #expect(log.durableFence.lsn.rawValue == UInt64(durable) * 3)
            #expect(log.status.writtenLSN == receipt.lsns.last)
            let written = try openLog(files.crashImage(.everythingWritten)).replayed
            #expect(written.transactions.count == index + 1, "\(policy), commit \(index)")
        }
        try log.sync()
        #expect(log.durableFence.lsn.rawValue == 36)
        #expect(try openLog(files.crashImage(.onlySynced)).replayed.transactions.count == 12)
    }

    @Test func flushingMakesNothingDurable() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, smallOptions(.manual))
        let before = files.operationCount
        try log.commit(.small(1))
        try log.flush()
        #expect(log.durableFence.lsn == .never)
        #expect(files.operations[before...].map(\.kind) == [.write])
    }

    @Test func aSyncWithNothingToDoDoesNothing() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files)
        try log.commit(.small(1))
        let before = files.operationCount
        try log.sync()
        try log.flush()
        try log.waitUntilDurable(LSN(rawValue: 3))
        #expect(files.operationCount == before)
    }

    @Test func batchesAreCompressedWhereThatPays() throws {
        let files = SimulatedFileSystem()
        var options = smallOptions(segmentByteCount: 1 << 20)
        options.compressor = ZlibBatchCompressor()
        options.compressionByteCountMin = 100
        let noise = (0..<500).map { UInt8(truncatingIfNeeded: ($0 &* $0 &* 40503) >> 7) }
        let text = Array(repeating: Array("to be or not to be".utf8), count: 40).flatMap(\.self)
        let zeros = [UInt8](repeating: 0, count: 200_000)
        let transactions = [[text], [[1, 2]], [noise], [text, zeros, [3], text]].map(
            Transaction.init)
        let (log, _) = try openLog(files, options)
        for transaction in transactions { try log.commit(transaction) }
        try log.close()
        #expect(try #require(files.contents(files.segmentPaths[0])).count < 210_000)
        #expect(try openLog(files.copy(), options).replayed.transactions == transactions)

        var reading = smallOptions()
        reading.decompressors = [ZlibBatchCompressor(level: 9)]
        #expect(try openLog(files.copy(), reading).replayed.transactions == transactions)

        let before = files.contentHash
        let error = #expect(throws: LogError.self) { try openLog(files, smallOptions()) }
        #expect(error?.code == .codec)
        #expect(error?.codec?.code == .unknownCompression)
        #expect(files.contentHash == before)
    }

    @Test func limitsWithoutARatioAreLimitsToo() throws {
        var options = smallOptions()
        options.compressor = ZlibBatchCompressor()
        options.compressionByteCountMin = 1
        options.frameLimits.compressionRatioMax = .max
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, options)
        let zeros = Transaction(batches: [[UInt8](repeating: 0, count: 100_000)])
        try log.commit(zeros)
        try log.close()
        #expect(try #require(files.contents(files.segmentPaths[0])).count < 1000)
        #expect(try openLog(files, options).replayed.transactions == [zeros])
    }

    @Test func aBatchAboveTheLimitIsRefusedBeforeItCounts() throws {
        var options = smallOptions()
        options.frameLimits.payloadByteCountMax = 100
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, options)
        try log.commit(.small(1, byteCount: 92))
        let error = #expect(throws: LogError.self) { try log.commit(.small(2, byteCount: 93)) }
        #expect(error?.codec?.code == .batchTooLarge)
        try log.commit(.small(3, byteCount: 92))
        try log.close()
        #expect(try openLog(files, options).replayed.transactions.count == 2)
    }

    @Test func aLargeTransactionOfManyBatches() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files)
        let sizes = (0..<300).map { $0 * 7 % 1000 }
        let large = Transaction.numbered(1, sizes: sizes)
        let receipt = try log.commit(large)
        #expect(receipt.lsns.count == 302)
        try log.commit(.small(2))
        #expect(log.status.segments.count == 2)
        try log.close()
        let (again, replayed) = try openLog(files)
        #expect(replayed.transactions == [large, .small(2)])
        #expect(again.recovery.batchCount == 301)
    }

    @Test func theCheckpointIsReported() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files)
        try log.commit(.small(1))
        try log.checkpointMarker(SnapshotFence(LSN(rawValue: 3)))
        let (again, _) = try openLog(files.crashImage(.onlySynced))
        #expect(again.recovery.checkpointLSN == LSN(rawValue: 3))
    }
}
