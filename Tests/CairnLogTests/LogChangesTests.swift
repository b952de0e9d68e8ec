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

/// Reading what is committed while others commit, sync, rotate and truncate.
@Suite(.timeLimit(.minutes(10)))
struct LogChangesTests {
    /// Transactions of one and of several batches; a segment holds a few of them.
    static let transactions = (0..<30).map { number in
        Transaction.numbered(number, sizes: number.isMultiple(of: 4) ? [90, 5, 200] : [100])
    }
    static let options = smallOptions(segmentByteCount: 700)

    static func batches(_ reader: ChangeReader) throws -> [Transaction] {
        var found: [Transaction] = []
        while let next = try reader.next() { found.append(Transaction(batches: next.batches)) }
        return found
    }

    @Test(arguments: [false, true])
    func everyTransactionComesOnceInOrderAndCanBeResumedAfter(prepares: Bool) throws {
        let files = SimulatedFileSystem()
        let options = smallOptions(segmentByteCount: 700) { $0.preparesSegments = prepares }
        let log = try openLog(files, options).log
        let receipts = try Self.transactions.map { try log.commit($0) }
        #expect(log.status.segments.count > 5)
        let reader = try log.changes().makeReader()
        for (receipt, transaction) in zip(receipts, Self.transactions) {
            let found = try #require(try reader.next())
            #expect(found.lsns == receipt.lsns)
            #expect(found.batches == transaction.batches)
            #expect(reader.position == receipt.commitLSN)
        }
        #expect(try reader.next() == nil)
        for lsn in 0...receipts[receipts.count - 1].commitLSN.rawValue {
            let after = LSN(rawValue: lsn)
            let expected = zip(receipts, Self.transactions).filter { $0.0.commitLSN > after }
            let found = try Self.batches(try log.changes(after: after).makeReader())
            #expect(found == expected.map(\.1), "after \(lsn)")
        }
        // What was recovered can be read as well, also for reading only.
        try log.close()
        for options in [options, readOnly(options)] {
            let again = try openLog(files, options).log
            #expect(try Self.batches(try again.changes().makeReader()) == Self.transactions)
            if options.access == .readOnly {
                let reader = try again.changes(after: again.durableFence.lsn).makeReader()
                #expect(try reader.next(waiting: .seconds(1000)) == nil)
            }
            try again.close()
        }
    }

    @Test(arguments: [false, true])
    func aReaderKeepsUpWithAWriter(prepares: Bool) throws {
        let options = smallOptions(segmentByteCount: 700) { $0.preparesSegments = prepares }
        let log = try openLog(SimulatedFileSystem(), options).log
        let reader = try log.changes().makeReader()
        #expect(try reader.next() == nil)
        for transaction in Self.transactions {
            try log.commit(transaction)
            #expect(try reader.next()?.batches == transaction.batches)
            #expect(try reader.next() == nil)
            // One that begins here sees nothing, and then what comes next.
            let fresh = try log.changes(after: reader.position).makeReader()
            #expect(try fresh.next() == nil)
        }
    }

    @Test func compressedBatchesComeAsTheyWereGiven() throws {
        let options = smallOptions {
            $0.compressor = ZlibBatchCompressor()
            $0.compressionByteCountMin = 50
        }
        let log = try openLog(SimulatedFileSystem(), options).log
        let transaction = Transaction(batches: [[UInt8](repeating: 7, count: 5000), [1, 2]])
        try log.commit(transaction)
        #expect(try Self.batches(try log.changes().makeReader()) == [transaction])
    }

    /// A log can be opened without its compressor when all that needs it lies before the snapshot.
    @Test func anUnknownCompressionIsToldWithItsPlace() throws {
        let files = SimulatedFileSystem()
        let compressing = smallOptions(segmentByteCount: 300) {
            $0.compressor = ZlibBatchCompressor()
            $0.compressionByteCountMin = 50
        }
        let log = try openLog(files, compressing).log
        let readable = (0..<4).map { Transaction.numbered($0, sizes: [40]) }
        for transaction in readable { try log.commit(transaction) }
        let zeros = Transaction(batches: [[UInt8](repeating: 0, count: 5000)])
        let last = try log.commit(zeros)
        try log.close()
        var compressed: LogRecord?
        let environment = StorageEnvironment.simulated(files)
        let store = try StoreDirectory.open(
            storePath, access: .readOnly, createIfMissing: false, environment: environment)
        try WriteAheadLog.records(in: store, environment: environment) { record in
            if record.compression != .none { compressed = record }
            return true
        }
        store.release()

        let again = try openLog(files, after: ReplayFence(last.commitLSN)).log
        let reader = try again.changes().makeReader()
        for transaction in readable {
            #expect(try reader.next()?.batches == transaction.batches)
        }
        let error = #expect(throws: LogError.self) { try reader.next() }
        #expect(error?.code == .codec && error?.codec?.code == .unknownCompression)
        let record = try #require(compressed)
        let finding = try #require(error?.finding)
        #expect(finding.verdict == .unsupportedVersion)
        #expect(finding.segment == record.segment && finding.segment != SegmentID(rawValue: 1))
        #expect(finding.offset == record.offset && finding.lsn == record.lsns.first)
        #expect(error?.lsn == record.lsns.first)
    }

    @Test func onlyWhatIsDurableComesUnlessAskedFor() throws {
        let log = try openLog(
            SimulatedFileSystem(), smallOptions(segmentByteCount: 700, .manual)
        ).log
        let durable = try log.changes().makeReader()
        let written = try log.changes(level: .written).makeReader()
        for transaction in Self.transactions.prefix(3) { try log.commit(transaction) }
        let fence = log.durableFence.lsn
        #expect(try Self.batches(written) == Array(Self.transactions.prefix(3)))
        while let next = try durable.next() { #expect(next.commitLSN <= fence) }
        #expect(durable.position <= fence)
        try log.sync()
        _ = try Self.batches(durable)
        #expect(durable.position == log.durableFence.lsn)
    }

    /// Bytes of a write that is under way, or old ones, lie behind what is durable.
    @Test func whatLiesBehindTheDurableEndIsNoDamage() throws {
        let files = SimulatedFileSystem()
        let log = try openLog(files, smallOptions(segmentByteCount: 100_000)).log
        let reader = try log.changes().makeReader()
        for number in 0..<20 {
            try log.commit(.small(number))
            let path = try #require(files.segmentPaths.last)
            let content = try #require(files.contents(path))
            for garbage in [[UInt8](repeating: 0xa5, count: number * 7), content.suffix(40)] {
                files.setContents(path, content + garbage)
                let fresh = try log.changes().makeReader()
                #expect(try Self.batches(fresh).count == number + 1)
            }
            #expect(try reader.next()?.batches == Transaction.small(number).batches)
            #expect(try reader.next() == nil)
        }
    }

    @Test func damageIsTold() throws {
        let files = SimulatedFileSystem()
        let log = try openLog(files, Self.options).log
        for transaction in Self.transactions { try log.commit(transaction) }
        let path = try #require(files.segmentPaths.dropFirst(2).first)
        files.flipBit(path, 8 * 300)
        let reader = try log.changes().makeReader()
        let error = #expect(throws: LogError.self) { while try reader.next() != nil {} }
        #expect(error?.code == .changesUnreadable)
        #expect(error?.finding?.segment?.rawValue == 3)
        #expect(throws: try #require(error)) { try reader.next() }
    }

    // MARK: Truncation

    @Test func aReaderThatFellBehindIsToldWhereTheLogBegins() throws {
        let log = try openLog(SimulatedFileSystem(), Self.options).log
        for transaction in Self.transactions { try log.commit(transaction) }
        let slow = try log.changes().makeReader()
        let segments = log.status.segments
        #expect(try slow.next() != nil)
        try log.truncate(upTo: TruncationFence(unchecked: segments[3].lastLSN))
        let first = log.status.firstLSN
        #expect(first == segments[4].name.baseLSN)
        // The open segment can be read to its end.
        let error = #expect(throws: LogError.self) { while try slow.next() != nil {} }
        #expect(slow.position == segments[0].lastLSN)
        #expect(error?.code == .changesGone)
        #expect(error?.lsn == first)
        for lsn in 0..<first.predecessor.rawValue {
            let late = try log.changes(after: LSN(rawValue: lsn)).makeReader()
            let error = #expect(throws: LogError.self) { try late.next() }
            #expect(error?.code == .changesGone)
            #expect(error?.lsn == first)
            #expect(error?.description.contains("\(first)") == true)
            #expect(throws: LogError.self) { try log.pin(at: LSN(rawValue: lsn), byteCountMax: 1) }
        }
        let rest = try log.changes(after: first.predecessor).makeReader()
        #expect(try rest.next()?.lsns.first == first)
    }

    @Test func everythingTruncatedLeavesTheEmptyEndToWaitAt() throws {
        let log = try openLog(SimulatedFileSystem(), smallOptions(segmentByteCount: 300)).log
        for number in 0..<3 { try log.commit(.small(number, byteCount: 400)) }
        try log.truncate(upTo: TruncationFence(unchecked: log.durableFence.lsn))
        let last = log.durableFence.lsn
        let reader = try log.changes(after: last).makeReader()
        #expect(try reader.next() == nil)
        try log.commit(.small(9))
        #expect(try reader.next()?.batches == Transaction.small(9).batches)
    }

    @Test func aReaderFromTheFutureIsRefused() throws {
        let log = try openLog(SimulatedFileSystem(), Self.options).log
        try log.commit(.small(1))
        let reader = try log.changes(after: LSN(rawValue: 4)).makeReader()
        let error = #expect(throws: LogError.self) { try reader.next() }
        #expect(error?.code == .changesAhead)
        #expect(error?.lsn == LSN(rawValue: 3))
    }

    @Test func aPinHoldsTruncationBackUntilItAdvances() throws {
        let log = try openLog(SimulatedFileSystem(), Self.options).log
        for transaction in Self.transactions { try log.commit(transaction) }
        let segments = log.status.segments
        let fence = TruncationFence(unchecked: log.durableFence.lsn)
        let pin = try log.pin(at: .never, byteCountMax: .max)
        let other = try log.pin(at: segments[2].lastLSN, byteCountMax: .max)
        #expect(try log.truncate(upTo: fence).isEmpty)
        pin.advance(to: segments[0].lastLSN.predecessor)
        #expect(try log.truncate(upTo: fence).isEmpty)
        pin.advance(to: segments[0].lastLSN)
        pin.advance(to: .never)
        #expect(pin.lsn == segments[0].lastLSN)
        #expect(try log.truncate(upTo: fence).map(\.name) == [segments[0].name])
        pin.release()
        #expect(pin.lsn == nil)
        #expect(try log.truncate(upTo: fence).map(\.name) == [segments[1].name, segments[2].name])
        #expect(other.lsn == segments[2].lastLSN)
        other.release()
        #expect(try log.truncate(upTo: fence).count == segments.count - 4)
    }

    @Test func aPinLapsesAtItsLimitAndNotBefore() throws {
        let log = try openLog(SimulatedFileSystem(), Self.options).log
        for transaction in Self.transactions { try log.commit(transaction) }
        let segments = log.status.segments
        let fence = TruncationFence(unchecked: segments[2].lastLSN)
        let held = segments[1].byteCount + segments[2].byteCount
        let enough = try log.pin(at: segments[0].lastLSN, byteCountMax: held)
        #expect(try log.truncate(upTo: fence).map(\.name) == [segments[0].name])
        enough.release()
        let tooLittle = try log.pin(at: segments[0].lastLSN, byteCountMax: held - 1)
        #expect(try log.truncate(upTo: fence).count == 2)
        #expect(tooLittle.lsn == nil)
    }

    @Test func aReaderThatRetainsIsNeverBehind() throws {
        let log = try openLog(SimulatedFileSystem(), Self.options).log
        let reader = try log.changes(retaining: .max).makeReader()
        for transaction in Self.transactions {
            try log.commit(transaction)
            try log.truncate(upTo: TruncationFence(unchecked: log.durableFence.lsn))
        }
        #expect(log.status.firstLSN == .first)
        #expect(try Self.batches(reader) == Self.transactions)
        try log.truncate(upTo: TruncationFence(unchecked: log.durableFence.lsn))
        #expect(log.status.segments.count == 1)
    }

    // MARK: Waiting

    @Test func waitingWritersTruncationAndReadersAtOnce() throws {
        let log = try openLog(SimulatedFileSystem(), Self.options).log
        let threadCount = 4
        let commitCount = 150
        let seen = Locked<[[CommittedTransaction]]>([])
        let readers = try (0..<3).map { _ in
            let changes = try log.changes(retaining: .max)
            return try BackgroundThread {
                let reader = changes.makeReader()
                var found: [CommittedTransaction] = []
                while let next = try? reader.next(waiting: .seconds(60)) { found.append(next) }
                seen.withLock { $0.append(found) }
            }
        }
        let receipts = Locked<[LSNRange: [[UInt8]]]>([:])
        try onThreads(threadCount) { thread in
            for number in 0..<commitCount {
                let size = number.isMultiple(of: 10) ? [300, 20] : [10 + number]
                let transaction = Transaction.numbered(thread * 1000 + number, sizes: size)
                guard let receipt = try? log.commit(transaction) else { return }
                receipts.withLock { $0[receipt.lsns] = transaction.batches }
                if number.isMultiple(of: 7) {
                    _ = try? log.truncate(upTo: TruncationFence(unchecked: log.durableFence.lsn))
                }
            }
        }
        try log.close()
        for reader in readers { reader.join() }
        let expected = receipts.withLock { $0 }
        let all = seen.withLock { $0 }
        #expect(all.count == 3)
        for found in all {
            #expect(found.count == threadCount * commitCount)
            #expect(found.map(\.commitLSN) == found.map(\.commitLSN).sorted())
            #expect(found.allSatisfy { expected[$0.lsns] == $0.batches })
        }
    }

    @Test func waitingEndsWithTheTime() throws {
        let log = try openLog(SimulatedFileSystem(), Self.options).log
        let reader = try log.changes().makeReader()
        #expect(try reader.next(waiting: .milliseconds(20)) == nil)
        #expect(try reader.next(waiting: .zero) == nil)
        try log.commit(.small(1))
        #expect(try reader.next(waiting: .seconds(Int64.max)) != nil)
    }

    @Test func aSequenceGivesEverythingAndEndsWithTheLog() async throws {
        let log = try openLog(SimulatedFileSystem(), Self.options).log
        let changes = try log.changes()
        let tasks = (0..<20).map { _ in
            Task {
                var found: [Transaction] = []
                for try await next in changes { found.append(Transaction(batches: next.batches)) }
                return found
            }
        }
        for transaction in Self.transactions {
            try log.commit(transaction)
            await Task.yield()
        }
        try await log.close()
        for task in tasks { #expect(try await task.value == Self.transactions) }
    }

    @Test func aSequenceCausesNoSync() async throws {
        let log = try openLog(SimulatedFileSystem(), smallOptions(.manual)).log
        let changes = try log.changes()
        let first = Task {
            for try await next in changes { return next.batches }
            return []
        }
        try log.commit(.small(1))
        for _ in 0..<50 { await Task.yield() }
        try await Task.sleep(for: .milliseconds(20))
        #expect(log.durableFence.lsn == .never)
        try await log.sync()
        #expect(try await first.value == Transaction.small(1).batches)
    }

    @Test func aCancelledTaskEndsItsSequence() async throws {
        let log = try openLog(SimulatedFileSystem(), Self.options).log
        let changes = try log.changes()
        for delay in 0..<50 {
            let task = Task {
                var count = 0
                for try await _ in changes { count += 1 }
                return count
            }
            for _ in 0..<delay { await Task.yield() }
            task.cancel()
            #expect(try await task.value == 0)
        }
        try log.commit(.small(1))
    }

    @Test func aFailureOfTheLogComesAfterWhatWasDurable() async throws {
        let files = SimulatedFileSystem()
        let log = try openLog(files, Self.options).log
        try log.commit(.small(1))
        let changes = try log.changes()
        let task = Task {
            var found = 0
            do throws(LogError) {
                for try await _ in changes { found += 1 }
                return (found, LogError.Code?.none)
            } catch {
                return (found, error.code)
            }
        }
        let reader = changes.makeReader()
        #expect(try reader.next() != nil)
        files.setFaults(FaultPlan([FaultRule(.matching(.writeDurably), .fail(.ioError))]))
        #expect(throws: LogError.self) { try log.commit(.small(2)) }
        let error = #expect(throws: LogError.self) { try reader.next(waiting: .seconds(60)) }
        #expect(error?.code == .poisoned)
        let result = await task.value
        #expect(result.0 == 1)
        #expect(result.1 == .poisoned)
    }
}
