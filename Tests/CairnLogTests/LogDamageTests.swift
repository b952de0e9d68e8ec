// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnTesting
import SystemPackage
import Testing

/// I11: damage to any file of a closed log is told, and never makes a log shorter in silence.
@Suite struct LogDamageTests {
    static let options = smallOptions(segmentByteCount: 250)
    static let transactions = [
        Transaction.small(0), .numbered(1, sizes: [60, 9]), .small(2, byteCount: 130),
        .small(3, byteCount: 70), .numbered(4, sizes: [0]), .small(5, byteCount: 90),
        .small(6, byteCount: 5),
    ]

    /// Opens a damaged log, which must be refused, or hold everything.
    ///
    /// - Returns: Why it was refused; nil when it was opened.
    static func expectToldOrWhole(
        _ files: SimulatedFileSystem, _ store: StoreDirectory, _ expected: [Transaction],
        _ place: String
    ) -> LogError? {
        let before = files.operationCount
        do {
            var replayed = Replayed()
            let log = try WriteAheadLog.open(
                in: store, options: options, environment: .simulated(files, seed: 9)
            ) { replayed.add($0, $1) }
            if replayed.transactions != expected {
                Issue.record("\(place): \(replayed.transactions.count) transactions, silently")
            }
            _ = log
            return nil
        } catch let error as LogError {
            if files.operationCount > before {
                Issue.record("\(place): refused, and changed \(files.operations[before...])")
            }
            if error.code == .damaged, error.finding?.offset == nil || error.finding?.segment == nil
            {
                Issue.record("\(place): no place in \(error)")
            }
            return error
        } catch {
            Issue.record("\(place): an error of another type: \(error)")
            return nil
        }
    }

    static func store(in files: SimulatedFileSystem) throws -> StoreDirectory {
        try StoreDirectory.open(
            storePath, access: .readWrite, createIfMissing: false, environment: .simulated(files))
    }

    @Test func everyFlippedBitIsToldOrHarmless() throws {
        let transactions = [
            Transaction.small(0), .numbered(1, sizes: [9, 0]), .small(2, byteCount: 5), .small(3),
        ]
        let pristine = try closedLog(transactions, smallOptions(segmentByteCount: 140))
        #expect(pristine.segmentPaths.count == 3)
        var files = pristine.copy()
        var store = try Self.store(in: files)
        var harmless = 0
        for path in pristine.segmentPaths {
            let bitCount = try #require(pristine.contents(path)).count * 8
            for bit in 0..<bitCount {
                files.flipBit(path, bit)
                let place = "bit \(bit) of \(path)"
                if let error = Self.expectToldOrWhole(files, store, transactions, place) {
                    let codes: [LogError.Code] = [.damaged, .tailTooLong]
                    if !codes.contains(error.code) { Issue.record("\(place): \(error)") }
                    files.flipBit(path, bit)
                } else {
                    harmless += 1
                    files = pristine.copy()
                    store = try Self.store(in: files)
                }
            }
        }
        // Only bits of the closing mark may be taken for a torn end: nothing was committed there.
        #expect(harmless < 40 * 8)
    }

    @Test func aRefusedOpeningChangesNothing() throws {
        let files = try closedLog(Self.transactions, Self.options)
        files.flipBit(files.segmentPaths[1], 100 * 8)
        let before = files.contentHash
        let reading = readOnly(Self.options)
        for options in [Self.options, reading] {
            #expect(throws: LogError.self) { try openLog(files, options) }
            // The holder's number goes into the lock and out again.
            #expect(files.contentHash == before)
        }
    }

    @Test func everyFileRemovedIsTold() throws {
        let pristine = try closedLog(Self.transactions, Self.options)
        for path in pristine.segmentPaths {
            let files = pristine.copy()
            files.remove(path)
            let error = #expect(throws: LogError.self) { try openLog(files, Self.options) }
            if path == pristine.segmentPaths[0] {
                #expect(error?.code == .replayGap, "\(path)")
            } else {
                #expect(error?.code == .damaged, "\(path)")
                #expect(error?.finding?.verdict == .missingSegment, "\(path)")
            }
        }
    }

    @Test func anEmptiedLogIsNeverANewOne() throws {
        let files = try closedLog(Self.transactions, Self.options)
        for path in files.segmentPaths { files.remove(path) }
        let error = #expect(throws: LogError.self) { try openLog(files, Self.options) }
        #expect(error?.finding?.verdict == .missingSegment)

        files.remove(logPath)
        let gone = #expect(throws: LogError.self) {
            try openLog(files, Self.options, after: ReplayFence(.first))
        }
        #expect(gone?.finding?.verdict == .missingSegment)
    }

    @Test func everyCutOfAnEarlierSegmentIsRefused() throws {
        let pristine = try closedLog(Self.transactions, Self.options)
        for path in pristine.segmentPaths.dropLast() {
            let byteCount = try #require(pristine.contents(path)).count
            for cut in stride(from: 0, to: byteCount, by: 4) {
                let files = pristine.copy()
                files.truncate(path, to: cut)
                let place = "\(path) cut at \(cut)"
                let error = Self.expectToldOrWhole(
                    files, try Self.store(in: files), Self.transactions, place)
                #expect(error?.code == .damaged, "\(place)")
            }
        }
    }

    @Test func everyCutOfTheLastSegmentLeavesAPrefix() throws {
        for isClosed in [true, false] {
            let pristine = SimulatedFileSystem()
            let (log, _) = try openLog(pristine, Self.options)
            for transaction in Self.transactions { try log.commit(transaction) }
            if isClosed { try log.close() }
            let path = try #require(pristine.segmentPaths.last)
            let byteCount = try #require(pristine.contents(path)).count
            for cut in 72..<byteCount {
                let files = pristine.copy()
                files.truncate(path, to: cut)
                let place = "closed \(isClosed), cut at \(cut)"
                let (again, replayed) = try openLog(files, Self.options)
                let count = replayed.transactions.count
                #expect(replayed.transactions == Array(Self.transactions[..<count]), "\(place)")
                if let repair = again.recovery.repair {
                    #expect(again.recovery.verdict == .tornTail, "\(place)")
                    let name = try #require(repair.quarantineName, "\(place)")
                    let kept = try #require(
                        files.contents(storePath.appending("quarantine").appending(name)))
                    let whole = try #require(pristine.contents(path))
                    let removed = whole[Int(repair.offset)..<cut]
                    // Zeros at the end need not be kept.
                    #expect(removed.starts(with: kept), "\(place)")
                    #expect(removed.dropFirst(kept.count).allSatisfy { $0 == 0 }, "\(place)")
                    #expect(repair.byteCount == UInt64(kept.count), "\(place)")
                } else {
                    #expect(again.recovery.verdict == .clean, "\(place)")
                }
                try again.commit(.small(50))
                try again.close()
                let last = try openLog(files, Self.options).replayed.transactions
                #expect(last == replayed.transactions + [.small(50)], "\(place)")
            }
        }
    }
}
