// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnTesting
import SystemPackage
import Testing

/// Verification and listing: they read everything, change nothing, and go on behind damage.
@Suite struct LogVerifyTests {
    static let options = LogDamageTests.options
    static let transactions = LogDamageTests.transactions

    static func verify(_ files: SimulatedFileSystem) throws -> LogVerification {
        let environment = StorageEnvironment.simulated(files)
        let before = files.operationCount
        let store = try StoreDirectory.open(
            storePath, access: .readOnly, createIfMissing: false, environment: environment)
        defer { store.release() }
        let result = try WriteAheadLog.verify(in: store, options: options, environment: environment)
        #expect(files.operationCount == before)
        return result
    }

    @Test func aSoundLogIsClean() throws {
        let files = try closedLog(Self.transactions, Self.options)
        let result = try Self.verify(files)
        #expect(result.verdict == .clean)
        #expect(result.findings.isEmpty)
        #expect(result.transactionCount == UInt64(Self.transactions.count))
        #expect(result.segments.map(\.isSealed) == [true, true, true, false])
    }

    /// A batch outside of a transaction, and behind it whatever damage: both say what is met first.
    @Test func whatOpeningMeetsFirstComesFirst() throws {
        var bytes = BinaryBuffer()
        var encoder = SegmentEncoder(
            new: SegmentHeader(firstOf: LogID(high: 1, low: 2)), into: &bytes)
        let payload: [UInt8] = [1, 2, 3]
        try encoder.append(
            .mutationBatch, relatedLSN: .first, payload: payload.span.bytes, to: &bytes)
        var sealed = BinaryBuffer()
        let next = try encoder.seal(into: &sealed)
        var second = BinaryBuffer()
        _ = SegmentEncoder(new: next, into: &second)
        for (tail, hasSecond) in [
            ([], false), ([UInt8](repeating: 0x5a, count: 40), false), ([9], true),
        ] {
            let files = SimulatedFileSystem()
            _ = try files.openDirectory(storePath, creating: true)
            _ = try files.openDirectory(logPath, creating: true)
            files.setContents(
                logPath.appending("\(encoder.header.name)"), bytes.array() + tail)
            if hasSecond {
                files.setContents(logPath.appending("\(next.name)"), second.array())
            }
            let refused = LogVerdictTests.refusal(of: files, readOnly(Self.options))?.finding
            let found = try Self.verify(files)
            #expect(found.verdict == .corruption, "\(tail.count) bytes behind")
            #expect(found.findings.first?.offset == refused?.offset, "\(tail.count) bytes behind")
            #expect(refused?.offset == UInt64(SegmentLayout.headerByteCount))
        }
    }

    @Test func noLogIsNotALog() throws {
        let files = SimulatedFileSystem()
        _ = try files.openDirectory(storePath, creating: true)
        #expect(try Self.verify(files).verdict == .notALog)
    }

    /// Its files change, and a segment may just leave it: nothing that is seen then is damage.
    @Test func aLogThatIsBeingWrittenIsNotJudged() throws {
        let files = SimulatedFileSystem()
        let environment = StorageEnvironment.simulated(files)
        let store = try StoreDirectory.open(
            storePath, access: .readWrite, createIfMissing: true, environment: environment)
        defer { store.release() }
        let log = try WriteAheadLog.open(in: store, options: Self.options, environment: environment)
        for transaction in Self.transactions { try log.commit(transaction) }
        var error = #expect(throws: LogError.self) {
            try WriteAheadLog.verify(in: store, options: Self.options, environment: environment)
        }
        #expect(error?.code == .inUse)
        error = #expect(throws: LogError.self) {
            try WriteAheadLog.records(in: store, environment: environment) { _ in true }
        }
        #expect(error?.code == .inUse)
        try log.close()
        let result = try WriteAheadLog.verify(
            in: store, options: Self.options, environment: environment)
        #expect(result.verdict == .clean)
        #expect(result.transactionCount == UInt64(Self.transactions.count))
    }

    /// A log that comes and goes while the files are read: the segments that it took away are no loss.
    @Test(arguments: [false, true])
    func aLogThatWasWrittenMeanwhileIsNotJudged(isPrepared: Bool) throws {
        let files = try closedLog(Self.transactions, Self.options)
        let environment = StorageEnvironment.simulated(files)
        let store = try StoreDirectory.open(
            storePath, access: .readWrite, createIfMissing: false, environment: environment)
        defer { store.release() }
        var options = Self.options
        options.preparesSegments = isPrepared
        var isFirst = true
        let error = #expect(throws: LogError.self) {
            try WriteAheadLog.verify(in: store, options: options, environment: environment) {
                _, _ in
                guard isFirst else { return }
                isFirst = false
                let log = try WriteAheadLog.open(
                    in: store, options: options, environment: environment)
                try log.truncate(upTo: TruncationFence(unchecked: log.durableFence.lsn))
                try log.close()
            }
        }
        #expect(error?.code == .inUse)
        // In the same opening, once it is at rest again, there is an answer.
        let result = try WriteAheadLog.verify(
            in: store, options: options, environment: environment)
        #expect(result.verdict == .clean)
    }

    /// One damage in each of some segments, in all combinations.
    @Test func severalDamagesAreFoundInOnePass() throws {
        let pristine = try closedLog(Self.transactions, Self.options)
        let paths = pristine.segmentPaths
        for places in 1..<16 {
            for isHeader in 0..<16 where isHeader & ~places == 0 {
                let files = pristine.copy()
                var expected: Set<SegmentID> = []
                for index in 0..<4 where places >> index & 1 == 1 {
                    let byte = isHeader >> index & 1 == 1 ? 40 : 72 + 34
                    files.flipBit(paths[index], byte * 8 + 3)
                    expected.insert(SegmentID(rawValue: UInt64(index + 1)))
                }
                let result = try Self.verify(files)
                let found = Set(result.findings.compactMap(\.segment))
                #expect(found == expected, "damaged \(places), in headers \(isHeader)")
                #expect(result.verdict != .clean)
            }
        }
    }

    @Test func whatLiesBehindADamagedSegmentStillCounts() throws {
        // The second frame of the second segment lies within a transaction of several frames.
        let transactions = [
            Transaction.small(0, byteCount: 250), .numbered(1, sizes: [10, 20, 250]),
            .small(2, byteCount: 250), .small(3, byteCount: 250), .small(4),
        ]
        let files = try closedLog(transactions, Self.options)
        #expect(files.segmentPaths.count == 5)
        files.flipBit(files.segmentPaths[1], (72 + 40 + 36) * 8)
        let result = try Self.verify(files)
        #expect(result.transactionCount == 4)
        #expect(result.findings.map(\.segment) == [SegmentID(rawValue: 2)])
    }

    @Test func aMissingSegmentAndDamageBeforeItAreBothTold() throws {
        let files = try closedLog(Self.transactions, Self.options)
        files.flipBit(files.segmentPaths[0], (72 + 34) * 8)
        files.remove(files.segmentPaths[1])
        let result = try Self.verify(files)
        #expect(result.findings.contains { $0.segment == .first && $0.verdict == .corruption })
        #expect(result.findings.contains { $0.verdict == .missingSegment })
    }

    @Test func recordsListWhatWasWritten() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, smallOptions())
        let time = TestClock().wallNanoseconds()
        try log.commit(.small(0))
        try log.commit(.numbered(1, sizes: [5, 6]))
        try log.checkpointMarker(SnapshotFence(LSN(rawValue: 3)))
        try log.close()
        let environment = StorageEnvironment.simulated(files)
        let store = try StoreDirectory.open(
            storePath, access: .readOnly, createIfMissing: false, environment: environment)
        var records: [LogRecord] = []
        let findings = try WriteAheadLog.records(in: store, environment: environment) {
            records.append($0)
            return true
        }
        #expect(findings.isEmpty)
        let kinds: [FrameKind] = [
            .transaction, .transactionBegin, .mutationBatch, .mutationBatch, .transactionCommit,
            .checkpoint, .durableMark,
        ]
        #expect(records.map(\.kind) == kinds)
        #expect(records.map(\.lsns.first.rawValue) == [1, 4, 5, 6, 7, 8, 8])
        #expect(records.map(\.lsns.count) == [3, 1, 1, 1, 1, 1, 0])
        #expect(records.map(\.relatedLSN.rawValue) == [0, 3, 4, 4, 4, 3, 8])
        #expect(records.map(\.payloadByteCount) == [32, 0, 5, 6, 8, 0, 0])
        #expect(records.map(\.commitNanoseconds) == [time, nil, nil, nil, time, nil, nil])
        #expect(records[0].offset == 72)

        var stopped: [LogRecord] = []
        try WriteAheadLog.records(in: store, from: LSN(rawValue: 5), environment: environment) {
            stopped.append($0)
            return stopped.count < 2
        }
        #expect(stopped == Array(records[2...3]))
    }
}
