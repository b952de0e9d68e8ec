// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnTesting
import Synchronization
import SystemPackage
import Testing

/// Readers in other processes: they open a store that is open for writing, without a lock, and follow its log.
///
/// Another process is another opening of the same simulated disk: the lock belongs to the opening.
struct FollowingTests {
    private static func options(_ access: FileAccess, _ segmentByteCount: Int = 400) -> LogOptions {
        var options = LogOptions()
        options.access = access
        options.segmentByteCount = segmentByteCount
        return options
    }

    private static func write(
        _ files: SimulatedFileSystem, interceptor: (any FileSystemInterceptor)? = nil,
        segmentByteCount: Int = 400, checkpoints: CheckpointOptions = .manual
    ) throws -> Durable<Scores> {
        var environment = StorageEnvironment.simulated(files)
        if let interceptor {
            environment.fileSystem = InterceptedFileSystem(files, interceptor)
        }
        return try Durable.open(
            "scores", options: options(.readWrite, segmentByteCount), environment: environment,
            checkpoints: checkpoints)
    }

    private static func read(_ files: SimulatedFileSystem) throws -> Durable<Scores> {
        try Durable.open(
            "scores", options: options(.readOnly), environment: .simulated(files, seed: 7))
    }

    private func add(_ store: Durable<Scores>, _ count: Int = 1) throws {
        for _ in 0..<count { try store.commit(.scored(player: "count", points: 1)) }
    }

    private func count(_ store: Durable<Scores>) -> Int { store.read { $0.points["count"] ?? 0 } }

    @Test func aReaderOpensBesideAWriterAndFollowsIt() throws {
        let files = SimulatedFileSystem()
        let writer = try Self.write(files)
        try add(writer, 3)
        let contents = files.storeContents
        let reader = try Self.read(files)
        #expect(count(reader) == 3, "the last commit is seen, although no watermark covers it")
        #expect(files.storeContents == contents, "a reader writes nothing")
        for number in 4...40 {
            try add(writer)
            let status = try reader.refresh()
            #expect(count(reader) == number && status.transactionCount == 1)
            #expect(status.missingCount == 0 && !status.hasReloaded)
        }
        #expect(reader.status.publishedLSN == writer.status.publishedLSN)
        #expect(reader.status.log.segments.last?.name == writer.status.log.segments.last?.name)
        let error = #expect(throws: DurableError.self) {
            try reader.commit(.scored(player: "count", points: 1))
        }
        #expect(error?.code == .readOnly)
        #expect(throws: DurableError.self) { try writer.refresh() }
    }

    @Test func aReaderHoldsNothingBack() throws {
        let files = SimulatedFileSystem()
        let first = try Self.write(files)
        try add(first, 5)
        try first.close()
        let reader = try Self.read(files)
        let second = try Self.write(files)
        for _ in 0..<4 {
            try add(second, 20)
            try second.checkpoint()
        }
        #expect(second.status.log.firstLSN > LSN(rawValue: 30), "the log was truncated")
        let status = try reader.refresh()
        #expect(status.hasReloaded && count(reader) == 85)
        try add(second)
        #expect(try !reader.refresh().hasReloaded)
        #expect(count(reader) == 86)
        try second.close()
        #expect(try reader.refresh().transactionCount == 0)
    }

    @Test func aPinKeepsTheLogForAReaderAndDiesWithIt() throws {
        let files = SimulatedFileSystem()
        let writer = try Self.write(files)
        try add(writer, 5)
        let reader = try Self.read(files)
        var pin: ReaderPin? = try reader.pin()
        for _ in 0..<4 {
            try add(writer, 20)
            try writer.checkpoint()
        }
        #expect(try !reader.refresh().hasReloaded && count(reader) == 85)
        let pinned = try #require(pin).lsn
        #expect(pinned > .never && writer.status.log.firstLSN.predecessor <= pinned)
        pin = nil
        try add(writer)
        try writer.checkpoint()
        #expect(writer.status.log.firstLSN > LSN(rawValue: 100))
        #expect(files.filePaths(startingWith: "scores/pins/").isEmpty)
        // A process that was killed leaves its file, without a lock.
        files.setContents("scores/pins/00000000000000000001-0000000000000001.pin", [1])
        try add(writer, 30)
        try writer.checkpoint()
        #expect(files.filePaths(startingWith: "scores/pins/").isEmpty)
        #expect(throws: DurableError.self) { try writer.pin() }
    }

    @Test func whatIsOnlyWrittenIsNotSeenBeforeItIsDurable() throws {
        let files = SimulatedFileSystem()
        var options = Self.options(.readWrite, 64 << 20)
        options.syncPolicy = .manual
        let writer = try Durable<Scores>.open(
            "scores", options: options, environment: .simulated(files))
        try add(writer, 3)
        let reader = try Self.read(files)
        #expect(count(reader) == 3)
        let image = files.crashImage(.onlySynced)
        #expect(count(try Self.write(image)) == 3, "what a reader saw, it had made durable")
    }

    /// A reader looks at every moment of a writer's life: at each call that changes something, with small segments that
    /// are used again, checkpoints, truncation, and a repair.
    @Test func atEveryMomentAReaderSeesWhatWasAcknowledgedAndNothingThatWasNotTried() throws {
        let files = SimulatedFileSystem()
        let watch = Watch(files)
        let hook = CallHook { _ in watch.look() }
        for session in 0..<3 {
            let writer = try Self.write(files, interceptor: hook)
            for step in 1...20 {
                watch.attempted += 1
                try add(writer)
                watch.acknowledged += 1
                if step % 4 == 0 { try writer.checkpoint() }
            }
            if session == 0 {
                try writer.close()
            } else {
                // The process ends without closing; half a frame is left behind.
                try tearTail(files)
            }
        }
        #expect(watch.failures.isEmpty, "\(watch.failures.first ?? "")")
        #expect(watch.lookCount > 500)
        #expect(watch.reloadCount > 1, "a reader that looks rarely meets truncation")
        #expect(watch.openCount > 50)
    }

    /// Leaves the beginning of a frame behind the log, in the file that readers have open.
    private func tearTail(_ files: SimulatedFileSystem) throws {
        let log = try files.openDirectory("scores/log", creating: false)
        let name = try #require(
            try log.list().compactMap(\.name).last { $0.string.hasSuffix(".wal") })
        let bytes = try #require(files.contents(FilePath("scores/log/\(name)")))
        let end = (bytes.lastIndex { $0 != 0 } ?? 0) + 1
        let torn: [UInt8] = [5, 0, 0, 0, 8, 0, 0, 0, 1, 2, 3]
        try log.openFile(name, .readWrite).write(torn.span.bytes, at: UInt64((end + 7) / 8 * 8))
    }

    /// One reader that stays and one that is opened anew at each look, both as other processes.
    private final class Watch: @unchecked Sendable {
        // Only the thread of the test is at work.
        let files: SimulatedFileSystem
        var attempted = 0
        var acknowledged = 0
        var lookCount = 0
        var reloadCount = 0
        var openCount = 0
        var failures: [String] = []
        private var reader: Durable<Scores>?
        private var lazy: Durable<Scores>?
        private var last = 0
        private var isLooking = false

        init(_ files: SimulatedFileSystem) { self.files = files }

        func look() {
            guard !isLooking, acknowledged > 0 else { return }
            isLooking = true
            defer { isLooking = false }
            lookCount += 1
            do {
                if let reader {
                    try reader.refresh()
                    try judge(reader, "followed")
                    let seen = reader.read { $0.points["count"] ?? 0 }
                    if seen < last { failures.append("went back from \(last) to \(seen)") }
                    last = seen
                } else {
                    reader = try FollowingTests.read(files)
                }
                if lookCount % 150 == 149 {
                    if let lazy, try lazy.refresh().hasReloaded { reloadCount += 1 }
                    if let lazy { try judge(lazy, "followed from afar") }
                    lazy = try lazy ?? FollowingTests.read(files)
                }
                guard lookCount % 7 == 0 else { return }
                try judge(try FollowingTests.read(files), "opened")
                openCount += 1
            } catch {
                failures.append("at look \(lookCount): \(error)")
            }
        }

        private func judge(_ reader: Durable<Scores>, _ way: String) throws {
            let seen = reader.read { $0.points["count"] ?? 0 }
            if !(acknowledged...attempted).contains(seen) {
                failures.append("\(way): saw \(seen) of \(acknowledged)...\(attempted)")
            }
        }
    }

    @Test func damageThatStaysIsToldAndIsNotTakenForAWriteUnderWay() throws {
        let files = SimulatedFileSystem()
        let writer = try Self.write(files, segmentByteCount: 64 << 20)
        try add(writer, 10)
        let path = try #require(files.filePaths(startingWith: "scores/log/").first)
        files.flipBit(path, 8 * 300)
        #expect(throws: DurableError.self) {
            let reader = try Self.read(files)
            // It is seen as damage when it stays and later watermarks cover it.
            for _ in 0..<3 { try reader.refresh() }
        }
        #expect(count(writer) == 10)
    }

    @Test func aLaterVersionOfTheProgramEndsFollowing() throws {
        let files = SimulatedFileSystem()
        do {
            let old = try Durable<Told>.open("store", environment: .simulated(files))
            try old.commit(.deposited(1))
            try old.close()
        }
        let reader = try Durable<Told>.open(
            "store", options: Self.options(.readOnly), environment: .simulated(files))
        Told.current.store(2, ordering: .relaxed)
        let new = try Durable<Told>.open("store", environment: .simulated(files))
        try new.commit(.deposited(1))
        Told.current.store(1, ordering: .relaxed)
        let error = #expect(throws: DurableError.self) { try reader.refresh() }
        #expect(error?.code == .doesNotFit)
        #expect(reader.read(\.balance) == 1)
    }
}

/// A program whose version is whatever the test says.
private struct Told: DurableState, Codable {
    static let current = Atomic<Int>(1)
    static var version: Int { current.load(ordering: .relaxed) }
    var balance = 0
    typealias Event = Account.Event

    mutating func apply(_ event: Event) {
        if case .deposited(let amount) = event { balance += amount }
    }
}
