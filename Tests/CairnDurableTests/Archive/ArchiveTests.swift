// SPDX-License-Identifier: Apache-2.0

@testable import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnTesting
import SystemPackage
import Testing

struct ArchiveTests {
    /// A store with an archive, of which the state after each commit is known.
    private struct Archived {
        let files: SimulatedFileSystem
        let clock = TestClock()
        let archive: any Archive
        private(set) var store: Durable<Scores>
        /// The state after each commit, by its LSN.
        private(set) var moments: [(lsn: LSN, points: [String: Int])] = []

        init(
            _ files: SimulatedFileSystem = SimulatedFileSystem(), archive: (any Archive)? = nil,
            change: (inout CheckpointOptions) -> Void = { _ in }
        ) throws {
            self.files = files
            self.archive =
                archive
                ?? DirectoryArchive("archive", environment: .simulated(files))
            store = try Self.open(files, clock, self.archive, change)
        }

        static func open(
            _ files: SimulatedFileSystem, _ clock: TestClock, _ archive: (any Archive)?,
            path: FilePath = "scores", seed: UInt64 = 1,
            _ change: (inout CheckpointOptions) -> Void = { _ in }
        ) throws -> Durable<Scores> {
            var options = LogOptions()
            options.segmentByteCount = 400
            var environment = StorageEnvironment.simulated(files, clock: clock, seed: seed)
            environment.backgroundWork = .inline
            var checkpoints = CheckpointOptions.manual
            checkpoints.archive = archive
            change(&checkpoints)
            return try Durable.open(
                path, options: options, environment: environment, checkpoints: checkpoints)
        }

        mutating func commit(_ count: Int) throws {
            for _ in 0..<count {
                let receipt = try store.commit(
                    .scored(player: "p\(moments.count % 3)", points: moments.count))
                moments.append((try #require(receipt).commitLSN, store.read(\.points)))
            }
        }

        mutating func reopen() throws {
            try store.close()
            store = try Self.open(files, clock, archive)
        }

        var environment: StorageEnvironment { .simulated(files, clock: clock, seed: 9) }

        func findings() throws -> [String] {
            try StoreArchive.verify(archive, environment: environment).map(\.description)
        }

        /// The state at an LSN, restored from a directory.
        func state(_ lsn: LSN, from path: FilePath) throws -> [String: Int] {
            try ArchiveTests.state(lsn, from: path, files, environment)
        }
    }

    private static func state(
        _ lsn: LSN, from path: FilePath, _ files: SimulatedFileSystem,
        _ environment: StorageEnvironment
    ) throws -> [String: Int] {
        let fresh = FilePath("restored-\(lsn.rawValue)-\(files.operationCount)")
        _ = try Durable<Scores>.restore(
            from: path, to: .lsn(lsn), into: fresh, environment: environment)
        let restored = try Durable<Scores>.open(fresh, environment: environment)
        return restored.read(\.points)
    }

    @Test func eachMomentOfWhatWasDroppedIsRestoredFromTheArchive() throws {
        var archived = try Archived()
        for round in 0..<6 {
            try archived.commit(12)
            let made = try #require(try archived.store.checkpoint())
            #expect(made.archivedFileCount > 0)
            if round == 3 { try archived.reopen() }
        }
        try archived.commit(3)
        #expect(try archived.findings().isEmpty)
        let first = try #require(archived.store.status.log.segments.first)
        #expect(first.name.baseLSN > .first, "something was dropped")
        let plan = try StoreRestore.plan(
            from: "archive", to: .latest, environment: archived.environment)
        #expect(plan.earliest.lsn == .never)
        #expect(plan.latest.lsn >= archived.moments[60].lsn)
        for moment in archived.moments where moment.lsn <= plan.latest.lsn {
            #expect(try archived.state(moment.lsn, from: "archive") == moment.points)
        }
    }

    @Test func anArchiveIsReadAsAStoreAndNeverWritten() throws {
        var archived = try Archived()
        for _ in 0..<3 {
            try archived.commit(12)
            try archived.store.checkpoint()
        }
        let error = #expect(throws: DurableError.self) {
            try Archived.open(archived.files, archived.clock, nil, path: "archive")
        }
        #expect(error?.cause?.code == .isBackup)
        let proof = try Durable<Scores>.prove("archive", environment: archived.environment)
        #expect(proof.holds && proof.provenCount > 0)
    }

    /// Object storage has no rename and no listing: what is stored there comes back by names alone.
    @Test func anArchiveWithoutFilesIsFetchedAndRestoredFrom() throws {
        let objects = ObjectArchive()
        var archived = try Archived(archive: objects)
        for _ in 0..<20 {
            try archived.commit(6)
            try archived.store.checkpoint()
            try archived.reopen()
        }
        #expect(try archived.findings().isEmpty)
        try StoreArchive.fetch(
            from: objects, into: "fetched", environment: archived.environment)
        let moment = archived.moments[70]
        #expect(try archived.state(moment.lsn, from: "fetched") == moment.points)
        let copy = DirectoryArchive("fetched", environment: archived.environment)
        #expect(try StoreArchive.verify(copy, environment: archived.environment).isEmpty)
        // Nothing that the store has is stored twice.
        #expect(objects.names.count == Set(objects.names).count)
        objects.change("log/0000000002-00000000000000000005.wal") { $0[40] ^= 1 }
        objects.change(try #require(objects.names.first { $0.hasPrefix("snapshots/") })) {
            $0[90] ^= 1
        }
        #expect(try archived.findings().count >= 1)
        #expect(throws: DurableError.self) {
            try StoreArchive.fetch(
                from: objects, into: "again", environment: archived.environment)
        }
    }

    @Test func whileTheArchiveFailsNothingIsDroppedAndCommitsGoOn() throws {
        let objects = ObjectArchive()
        let told = Locked<[DurableError]>([])
        var archived = try Archived(archive: objects) {
            $0 = CheckpointOptions()
            $0.commitCount = 10
            $0.archive = objects
            $0.onFailure = { error in told.withLock { $0.append(error) } }
        }
        objects.failure = "the bucket is gone"
        try archived.commit(45)
        let status = archived.store.status
        #expect(status.checkpoints.failure?.code == .archiveFailed)
        #expect("\(try #require(status.checkpoints.failure))".contains("the bucket is gone"))
        #expect(told.withLock { $0.count } >= 1)
        #expect(status.log.segments.first?.name.baseLSN == .first)
        #expect(try archived.store.listSnapshots().count >= 1)
        #expect(objects.names.isEmpty)
        objects.failure = nil
        archived.clock.advance(nanoseconds: 2_000_000_000)
        try archived.commit(1)
        #expect(archived.store.status.checkpoints.failure == nil)
        #expect(try archived.findings().isEmpty)
        try archived.commit(20)
        #expect(try #require(archived.store.status.log.segments.first).name.baseLSN > .first)
    }

    @Test func anArchiveOfAnotherStoreIsRefused() throws {
        var archived = try Archived()
        try archived.commit(12)
        try archived.store.checkpoint()
        let other = try Archived.open(
            archived.files, TestClock(), archived.archive, path: "other", seed: 2)
        for _ in 0..<12 { try other.commit(.scored(player: "x", points: 1)) }
        let error = #expect(throws: DurableError.self) { try other.checkpoint() }
        #expect(error?.code == .archiveFailed)
        #expect(error?.archive?.code == .differs)
        #expect(try other.listSnapshots().count == 1, "the snapshot is in place")
        #expect(try archived.findings().isEmpty)
    }

    /// An interrupted run leaves objects that no record names; whatever lies there by that name is not believed.
    @Test func anObjectThatIsThereAlreadyIsCompared() throws {
        let objects = ObjectArchive()
        objects.plant("log/0000000001-00000000000000000001.wal", [1, 2, 3])
        var archived = try Archived(archive: objects)
        try archived.commit(40)
        let error = #expect(throws: DurableError.self) { try archived.store.checkpoint() }
        #expect(error?.archive?.code == .differs)
        #expect(archived.store.status.log.segments.first?.name.baseLSN == .first)
        #expect(!objects.names.contains { $0.hasPrefix("archive/") })
    }

    /// A seal is written when the next segment is in place: in between, a segment is neither damaged nor archived.
    @Test func aSegmentThatIsAboutToBeSealedStaysInTheStore() throws {
        var archived = try Archived()
        try archived.commit(40)
        let before = try #require(archived.store.status.log.segments.dropLast().last)
        let path = FilePath("scores/log/\(before.name.fileName)")
        let sealed = try #require(archived.files.contents(path))
        let end = try #require(sealed.lastIndex { $0 != 0 })
        archived.files.truncate(path, to: end - 3)
        try archived.store.checkpoint()
        #expect(archived.store.status.log.segments.contains { $0.name == before.name })
        #expect(archived.files.contents(FilePath("archive/log/\(before.name.fileName)")) == nil)
        archived.files.setContents(path, sealed)
        try archived.commit(12)
        try archived.store.checkpoint()
        #expect(archived.files.contents(FilePath("archive/log/\(before.name.fileName)")) != nil)
        #expect(try archived.findings().isEmpty)
    }

    /// A record that is too large to be read back would end the archive: so many files go into several.
    @Test func manyFilesGoIntoSeveralRecords() throws {
        let objects = ObjectArchive()
        var archived = try Archived(archive: nil)
        try archived.commit(60)
        try archived.store.close()
        let root = try archived.files.openDirectory("scores", creating: false)
        let logID = archived.store.status.log.logID
        var run = try ArchiveRun(
            root, to: objects, of: logID, after: nil, archived.environment, fileCountMax: 2)
        let (position, fileCount) = try run.run()
        #expect(fileCount > 5 && position.next > 3)
        #expect(objects.names.count { $0.hasPrefix("archive/") } == Int(position.next) - 1)
        #expect(try StoreArchive.verify(objects, environment: archived.environment).isEmpty)
        var again = try ArchiveRun(
            root, to: objects, of: logID, after: nil, archived.environment, fileCountMax: 2)
        #expect(try again.run().fileCount == 0)
    }

    /// What was dropped while there was no archive is in none: an archive with a hole would restore nothing behind it.
    @Test func anArchiveThatWouldHaveAGapIsRefused() throws {
        var archived = try Archived()
        try archived.commit(12)
        try archived.store.checkpoint()
        try archived.store.close()
        let without = try Archived.open(archived.files, archived.clock, nil)
        for _ in 0..<4 {
            for _ in 0..<15 { try without.commit(.scored(player: "x", points: 1)) }
            try without.checkpoint()
        }
        try without.close()
        let again = try Archived.open(archived.files, archived.clock, archived.archive)
        try again.commit(.scored(player: "x", points: 1))
        let error = #expect(throws: DurableError.self) { try again.checkpoint() }
        #expect(error?.archive?.code == .gap)
        #expect(try archived.findings().isEmpty)
    }

    @Test func aCrashAnywhereLosesNoMoment() throws {
        func run(_ files: SimulatedFileSystem) throws -> Archived {
            var archived = try Archived(files)
            try archived.commit(14)
            try archived.store.checkpoint()
            try archived.commit(14)
            return archived
        }
        let whole = try run(SimulatedFileSystem())
        let moments = whole.moments
        let start = whole.files.operationCount
        try whole.store.checkpoint()
        let end = whole.files.operationCount
        #expect(end - start > 40)
        for operation in start..<end {
            let files = SimulatedFileSystem(faults: .crash(atOperation: operation))
            let archived = try run(files)
            #expect(throws: (any Error).self) { try archived.store.checkpoint() }
            for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(7)] {
                let place: Comment = "crash at operation \(operation), \(choice)"
                let image = files.crashImage(choice)
                let archive = DirectoryArchive("archive", environment: .simulated(image))
                #expect(
                    try StoreArchive.verify(archive, environment: .simulated(image))
                        .allSatisfy { $0.verdict == .tornTail }, place)
                let again = try Archived.open(image, TestClock(), archive)
                #expect(again.read(\.points) == moments.last?.points, place)
                try again.commit(.scored(player: "new", points: 1))
                try again.checkpoint()
                #expect(
                    try StoreArchive.verify(archive, environment: .simulated(image)).isEmpty, place)
                let moment = moments[operation % 12]
                #expect(
                    try Self.state(
                        moment.lsn, from: "archive", image, .simulated(image, seed: 9))
                        == moment.points, place)
            }
        }
    }

    @Test func aChangedBitAnywhereInAnArchiveIsFound() throws {
        var archived = try Archived()
        for _ in 0..<2 {
            try archived.commit(8)
            try archived.store.checkpoint()
        }
        let files = archived.files
        let paths = files.filePaths(startingWith: "archive/").filter { $0.lastComponent != "LOCK" }
        #expect(paths.count > 6)
        var flipCount = 0
        for path in paths {
            let count = try #require(files.contents(path)?.count)
            for byte in stride(from: flipCount % 3, to: count, by: 3) {
                let bit = byte * 8 + byte % 8
                files.flipBit(path, bit)
                #expect(try !archived.findings().isEmpty, "\(path), bit \(bit)")
                files.flipBit(path, bit)
                flipCount += 1
            }
        }
        #expect(try archived.findings().isEmpty)
        for path in paths {
            let contents = try #require(files.contents(path))
            files.remove(path)
            let found = try? archived.findings()
            #expect(found != [], "\(path) removed")
            files.setContents(path, contents)
        }
        #expect(try archived.findings().isEmpty)
    }
}

/// What object storage offers: a name is written once, and read.
private final class ObjectArchive: Archive {
    private struct State {
        var objects: [String: [UInt8]] = [:]
        var failure: String?
    }

    private let state = Locked(State())

    var failure: String? {
        get { state.withLock(\.failure) }
        set { state.withLock { $0.failure = newValue } }
    }

    var names: [String] { state.withLock { $0.objects.keys.sorted() } }

    func plant(_ name: String, _ object: [UInt8]) {
        state.withLock { $0.objects[name] = object }
    }

    func change(_ name: String, _ body: (inout [UInt8]) -> Void) {
        state.withLock { state in
            guard var object = state.objects[name] else { return }
            body(&object)
            state.objects[name] = object
        }
    }

    private func checkFailure(_ name: ArchiveObjectName) throws(ArchiveError) {
        guard let failure else { return }
        throw ArchiveError(code: .unavailable, object: name, reason: failure)
    }

    func put(
        _ name: ArchiveObjectName, _ content: ArchiveContent
    ) throws(ArchiveError) -> Bool {
        try checkFailure(name)
        var bytes: [UInt8] = []
        try content.read { (piece) throws(ArchiveError) in
            piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        let stored = bytes
        return state.withLock { state in
            guard state.objects[name.description] == nil else { return false }
            state.objects[name.description] = stored
            return true
        }
    }

    func get(
        _ name: ArchiveObjectName, _ receive: (RawSpan) throws(ArchiveError) -> Void
    ) throws(ArchiveError) -> Bool {
        try checkFailure(name)
        guard let bytes = state.withLock({ $0.objects[name.description] }) else { return false }
        try receive(bytes.span.bytes)
        return true
    }
}
