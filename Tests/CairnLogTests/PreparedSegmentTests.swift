// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnSync
import CairnTesting
import SystemPackage
import Testing

/// Segments that are prepared ahead and recycled ones that are used again: nothing of them is ever read as
/// records, none is lost, none is left behind.
@Suite(.timeLimit(.minutes(10)))
struct PreparedSegmentTests {
    static func options(
        recycled: Int = 1, growth: Int = 0, _ policy: SyncPolicy = .everyCommit
    ) -> LogOptions {
        smallOptions(segmentByteCount: 1500, policy) {
            $0.preparesSegments = true
            $0.recycledSegmentCountMax = recycled
            $0.growthByteCount = growth
        }
    }

    static func preparedPaths(_ files: SimulatedFileSystem) -> [FilePath] {
        files.filePaths.filter { $0.string.hasSuffix(".prepared") }
    }

    /// Writes some segments and truncates most of them, again and again.
    static func workload(
        _ files: SimulatedFileSystem, _ options: LogOptions, _ journal: Journal,
        truncations: inout Int
    ) throws {
        let (log, _) = try openLog(files, options)
        for number in 0..<14 {
            try journal.commit(.numbered(number, sizes: [500]), to: log)
            if number % 5 == 4 {
                let removed = try log.truncate(
                    upTo: TruncationFence(unchecked: log.durableFence.lsn))
                truncations += removed.count
            }
        }
        try journal.close(log)
    }

    @Test(arguments: [(0, 0), (2, 700)])
    func everyCrashLeavesAWholeLog(_ recycled: Int, _ growth: Int) throws {
        let options = Self.options(recycled: recycled, growth: growth)
        let whole = SimulatedFileSystem()
        var truncations = 0
        try Self.workload(whole, options, Journal(), truncations: &truncations)
        #expect(truncations >= 3)
        for crash in 0...whole.operationCount {
            let files = SimulatedFileSystem(faults: .crash(atOperation: crash))
            let journal = Journal()
            var count = 0
            try? Self.workload(files, options, journal, truncations: &count)
            var choices: [CrashChoice] = [.onlySynced, .everythingWritten]
            choices += (1...max(1, files.pendingEffectCount)).map { .prefix($0) }
            for seed in UInt64(0)..<2 {
                choices += [.seeded(seed)]
                choices += [.seeded(seed, CrashProfile(partByteCount: 64, zeroesParts: true))]
            }
            for choice in choices {
                Self.check(
                    files.crashImage(choice), options, journal,
                    "recycled \(recycled), growth \(growth), crash \(crash), \(choice)")
            }
        }
    }

    /// Opens an image, compares it, uses the prepared segments that it holds, and looks for what is left.
    static func check(
        _ image: SimulatedFileSystem, _ options: LogOptions, _ journal: Journal, _ place: String
    ) {
        do {
            let first = image.segmentPaths.first?.lastComponent
                .flatMap { FileName($0.string) }.flatMap(SegmentName.init)
            let fence = ReplayFence(first?.baseLSN.predecessor ?? .never)
            let (log, replayed) = try openLog(image, options, seed: 77, after: fence)
            let last = replayed.ranges.last?.last ?? fence.lsn
            #expect(last >= journal.durableFence, "\(place): lost up to \(journal.durableFence)")
            // Every transaction takes three LSNs, so its number follows from them.
            for (range, transaction) in zip(replayed.ranges, replayed.transactions) {
                let number = Int(range.first.rawValue - 1) / 3
                #expect(
                    transaction == .numbered(number, sizes: [500]), "\(place): \(range) differs")
            }
            #expect(preparedPaths(image).count <= 1 + options.recycledSegmentCountMax, "\(place)")
            for number in 0..<4 { try log.commit(.small(900 + number, byteCount: 600)) }
            try log.close()
            #expect(preparedPaths(image).count <= 1 + options.recycledSegmentCountMax, "\(place)")
            let again = try openLog(image, options, seed: 78, after: fence)
            #expect(
                again.replayed.transactions.count == replayed.transactions.count + 4, "\(place)")
            #expect(again.log.recovery.verdict == .clean, "\(place)")
            try again.log.close()
            var without = options
            without.preparesSegments = false
            try openLog(image, without, seed: 79, after: fence).log.close()
            #expect(preparedPaths(image) == [], "\(place): left behind")
        } catch {
            Issue.record("\(place): \(error)")
        }
    }

    @Test func aPreparedSegmentIsTakenIn() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, Self.options())
        try log.commit(.small(1, byteCount: 500))
        #expect(log.status.preparedSegmentCount == 1)
        let prepared = try #require(Self.preparedPaths(files).first)
        #expect(files.contents(prepared)?.allSatisfy { $0 == 0 } == true)
        for number in 2..<5 { try log.commit(.small(number, byteCount: 500)) }
        #expect(files.segmentPaths.count == 2)
        // The second segment has the size of a prepared segment, and the next prepared segment is there.
        #expect(files.contents(files.segmentPaths[1])?.count == 1500 + 4096)
        #expect(log.status.preparationFailure == nil)
        try log.close()
        #expect(try openLog(files).replayed.transactions.count == 4)
    }

    @Test func aRecycledSegmentComesBackAsZeros() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, Self.options(recycled: 2))
        for number in 0..<8 { try log.commit(.small(number, byteCount: 500)) }
        let removed = try log.truncate(upTo: TruncationFence(unchecked: log.durableFence.lsn))
        #expect(removed.count == 2)
        #expect(log.status.preparedSegmentCount == 3)
        #expect(Self.preparedPaths(files).count == 3)
        let counts = files.operations.filter { $0.kind == .createFile }.count
        for number in 8..<16 { try log.commit(.small(number, byteCount: 500)) }
        // Three rotations and no new file.
        #expect(files.operations.filter { $0.kind == .createFile }.count <= counts + 1)
        try log.close()
        let fence = ReplayFence(log.status.firstLSN.predecessor)
        let (again, replayed) = try openLog(files, Self.options(recycled: 2), after: fence)
        #expect(again.recovery.verdict == .clean)
        #expect(replayed.transactions.last == .small(15, byteCount: 500))
    }

    @Test func aSegmentThatSomebodyReadsIsNotUsedAgain() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, Self.options(recycled: 4))
        for number in 0..<8 { try log.commit(.small(number, byteCount: 500)) }
        let reader = try log.changes().makeReader()
        #expect(try reader.next()?.batches.first?.count == 500)
        let removed = try log.truncate(upTo: TruncationFence(unchecked: log.durableFence.lsn))
        #expect(removed.count == 2)
        // The first one is being read, so its file is removed, and the reader keeps it.
        #expect(log.status.preparedSegmentCount == 2)
        for number in 8..<16 { try log.commit(.small(number, byteCount: 500)) }
        for number in 1..<3 {
            #expect(
                try reader.next().map { Transaction(batches: $0.batches) }
                    == .small(number, byteCount: 500))
        }
        #expect(throws: LogError.self) { try reader.next() }
        try log.close()
    }

    @Test func errorsWhilePreparingCostThePreparedSegmentOnly() throws {
        let whole = SimulatedFileSystem()
        let (log, _) = try openLog(whole, Self.options())
        let base = whole.operationCount
        try log.commit(.small(1, byteCount: 500))
        let kinds = whole.operations[base...].map(\.kind)
        #expect(kinds.contains(.createFile))
        try log.close()
        // The first operation is the commit itself.
        for failing in base + 1..<base + kinds.count {
            for extent in [FaultRule.Extent.nothing, .half, .everything] {
                let rule = FaultRule(
                    .operation(failing), .fail(.noSpace, doing: extent), .once)
                let files = SimulatedFileSystem(faults: FaultPlan([rule]))
                let (log, _) = try openLog(files, Self.options())
                for number in 1..<7 { try log.commit(.small(number, byteCount: 500)) }
                #expect(log.status.failure == nil, "\(failing) \(extent)")
                #expect(
                    log.status.preparationFailure?.cause?.code == .noSpace, "\(failing) \(extent)")
                try log.close()
                let (again, replayed) = try openLog(files, Self.options(), seed: 3)
                #expect(replayed.transactions.count == 6, "\(failing) \(extent)")
                #expect(again.recovery.verdict == .clean, "\(failing) \(extent)")
                try again.close()
            }
        }
    }

    @Test func strangersAreLeftAlone() throws {
        let files = try closedLog([.small(1)])
        let names = [
            "0123456789abcdef.prepared", "0123456789abcde.prepared", "0123456789ABCDEF.prepared",
            "0123456789abcdef.prepared.bak", "notes.prepared",
        ]
        for name in names { files.setContents(logPath.appending(name), Array("not ours".utf8)) }
        files.setContents(
            logPath.appending("00000000000000aa.prepared"), [UInt8](repeating: 0, count: 40))
        let (log, _) = try openLog(files, smallOptions())
        try log.close()
        let left = Set(files.filePaths.compactMap { $0.lastComponent?.string })
        #expect(left.isSuperset(of: names))
        #expect(!left.contains("00000000000000aa.prepared"))
    }

    @Test func readersDoNotSeeThem() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, Self.options(recycled: 2))
        for number in 0..<8 { try log.commit(.small(number, byteCount: 500)) }
        try log.close()
        #expect(!Self.preparedPaths(files).isEmpty)
        let before = files.operationCount
        let (reader, replayed) = try openLog(files, readOnly(Self.options()))
        #expect(replayed.transactions.count == 8)
        #expect(reader.recovery.verdict == .clean)
        try reader.close()
        #expect(files.operationCount == before)
        let store = try StoreDirectory.open(
            storePath, access: .readOnly, createIfMissing: false,
            environment: .simulated(files))
        let found = try WriteAheadLog.verify(in: store, environment: .simulated(files))
        #expect(found.verdict == .clean)
        #expect(found.transactionCount == 8)
    }

    /// With a thread that prepares, as outside of tests.
    @Test func threadsPrepareWhileOthersCommit() throws {
        let files = SimulatedFileSystem()
        let log = try LogConcurrencyTests.open(files, Self.options(recycled: 2))
        try onThreads(4) { caller in
            for number in 0..<200 {
                do {
                    if caller == 0, number % 10 == 9 {
                        try log.truncate(upTo: TruncationFence(unchecked: log.durableFence.lsn))
                    }
                    try log.commit(LogConcurrencyTests.signed(caller, number))
                } catch {
                    Issue.record("caller \(caller), commit \(number): \(error)")
                }
            }
        }
        let first = log.status.firstLSN
        #expect(log.status.preparedSegmentCount <= 3)
        try log.close()
        let fence = ReplayFence(first.predecessor)
        let (again, replayed) = try openLog(files, Self.options(), after: fence)
        #expect(replayed.ranges.last?.last.rawValue == 2400)
        #expect(again.recovery.verdict == .clean)
    }
}
