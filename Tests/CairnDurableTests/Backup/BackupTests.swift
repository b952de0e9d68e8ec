// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnTesting
import SystemPackage
import Testing

struct BackupTests {
    static func open(
        _ files: SimulatedFileSystem, access: FileAccess = .readWrite, path: FilePath = "scores",
        hook: CallHook? = nil
    ) throws -> Durable<Scores> {
        var options = LogOptions()
        options.segmentByteCount = 400
        options.access = access
        var environment = StorageEnvironment.simulated(files)
        if let hook { environment.fileSystem = InterceptedFileSystem(files, hook) }
        return try Durable.open(
            path, options: options, environment: environment, checkpoints: .manual)
    }

    private func add(_ store: Durable<Scores>, _ count: Int = 1) throws {
        for _ in 0..<count { try store.commit(.scored(player: "count", points: 1)) }
    }

    private func count(_ path: FilePath, _ files: SimulatedFileSystem) throws -> Int {
        try Self.open(files, access: .readOnly, path: path).read { $0.points["count"] ?? 0 }
    }

    @Test func aBackupOfALiveStoreOpensByItselfAndIsNeverWritten() throws {
        let files = SimulatedFileSystem()
        let store = try Self.open(files)
        try add(store, 30)
        try store.checkpoint()
        try add(store, 7)
        let backup = try store.backup(to: "backups")
        #expect(backup.lsn == store.status.log.durable.lsn)
        #expect(backup.logID == store.status.log.logID)
        try add(store, 5)
        #expect(try count(backup.path, files) == 37)
        #expect(
            try StoreBackup.verify("backups", environment: .simulated(files)).isEmpty)
        let error = #expect(throws: DurableError.self) {
            try Self.open(files, path: backup.path)
        }
        #expect(error?.cause?.code == .isBackup)
        #expect(
            try Durable<Scores>.prove(backup.path, environment: .simulated(files)).provenCount == 1)
        try store.close()
    }

    @Test func aLaterBackupCopiesOnlyWhatIsNew() throws {
        let files = SimulatedFileSystem()
        let store = try Self.open(files)
        try add(store, 60)
        try store.checkpoint()
        let first = try store.backup(to: "backups")
        #expect(first.sharedByteCount == 0)
        try add(store, 2)
        let second = try store.backup(to: "backups")
        #expect(second.copiedByteCount < first.copiedByteCount / 4)
        #expect(second.sharedByteCount > first.copiedByteCount / 2)
        for _ in 0..<3 {
            try add(store, 40)
            try store.checkpoint()
        }
        let third = try store.backup(to: "backups")
        #expect(try count(first.path, files) == 60)
        #expect(try count(second.path, files) == 62)
        #expect(try count(third.path, files) == 182)
        #expect(try store.backup(to: "backups").lsn == third.lsn, "again, and nothing new")
        #expect(try StoreBackup.verify("backups", environment: .simulated(files)).isEmpty)
    }

    /// The store goes on, rotates, makes checkpoints and truncates while it is copied.
    @Test func aStoreThatIsWrittenMeanwhileIsCopiedAsItWasAtOneMoment() throws {
        for stride in [1, 3, 10] {
            let files = SimulatedFileSystem()
            let store = try Self.open(files)
            try add(store, 40)
            try store.checkpoint()
            let meanwhile = Locked((calls: 0, commits: 0, isBusy: false))
            let hook = CallHook { _ in
                let commits: Int? = meanwhile.withLock { state in
                    guard !state.isBusy else { return nil }
                    state.calls += 1
                    guard state.calls % stride == 0, state.commits < 200 else { return nil }
                    state.isBusy = true
                    state.commits += 1
                    return state.commits
                }
                guard let commits else { return }
                _ = try? store.commit(.scored(player: "count", points: 1))
                if commits % 10 == 0 { _ = try? store.checkpoint() }
                meanwhile.withLock { $0.isBusy = false }
            }
            var environment = StorageEnvironment.simulated(files)
            environment.fileSystem = InterceptedFileSystem(files, hook)
            let backup = try StoreBackup.make(
                of: "scores", to: "backups", environment: environment)
            let seen = try count(backup.path, files)
            #expect((40...240).contains(seen))
            let past = try Durable<Scores>.dryRun(
                backup.path, upTo: backup.lsn, environment: .simulated(files))
            #expect(past.points["count"] == seen)
            #expect(try StoreBackup.verify("backups", environment: .simulated(files)).isEmpty)
        }
    }

    @Test func anInterruptedBackupIsNeverTakenForAWholeOne() throws {
        let whole = SimulatedFileSystem()
        let store = try Self.open(whole)
        try add(store, 20)
        try store.checkpoint()
        try add(store, 5)
        _ = try store.backup(to: "backups")
        let first = whole.operationCount
        try add(store, 3)
        let start = whole.operationCount
        _ = try store.backup(to: "backups")
        let end = whole.operationCount
        #expect(end - start > 20 && first > 0)
        for operation in start..<end {
            let files = SimulatedFileSystem(faults: .crash(atOperation: operation))
            let store = try Self.open(files)
            try add(store, 20)
            try store.checkpoint()
            try add(store, 5)
            _ = try store.backup(to: "backups")
            try add(store, 3)
            #expect(throws: (any Error).self) { _ = try store.backup(to: "backups") }
            for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(3), .seeded(4)] {
                let image = files.crashImage(choice)
                let place: Comment = "crash at operation \(operation), \(choice)"
                let findings = try StoreBackup.verify("backups", environment: .simulated(image))
                #expect(findings.isEmpty, place)
                let again = try Self.open(image)
                let backup = try again.backup(to: "backups")
                #expect(try count(backup.path, image) == 28, place)
                #expect(
                    try StoreBackup.verify("backups", environment: .simulated(image)).isEmpty, place
                )
            }
        }
    }

    @Test func aChangedBitAnywhereInABackupIsFound() throws {
        let files = SimulatedFileSystem()
        let store = try Self.open(files)
        try add(store, 15)
        try store.checkpoint()
        try add(store, 3)
        _ = try store.backup(to: "backups")
        let paths = files.filePaths(startingWith: "backups/").filter { $0.lastComponent != "LOCK" }
        #expect(paths.count > 4)
        var flipCount = 0
        for path in paths {
            let count = try #require(files.contents(path)?.count)
            for byte in stride(from: 0, to: count, by: 3) {
                let bit = byte * 8 + byte % 8
                files.flipBit(path, bit)
                let found = try StoreBackup.verify("backups", environment: .simulated(files))
                #expect(!found.isEmpty, "\(path), bit \(bit)")
                files.flipBit(path, bit)
                flipCount += 1
            }
        }
        #expect(try StoreBackup.verify("backups", environment: .simulated(files)).isEmpty)
        files.remove(try #require(paths.first { $0.string.hasSuffix(".wal") }))
        #expect(try !StoreBackup.verify("backups", environment: .simulated(files)).isEmpty)
        print("flipped bits in a backup: \(flipCount), all found")
    }

    /// The end of a log may be cut by a crash, that of a backup may not.
    @Test func nothingIsRestoredFromABackupWhoseEndWasCut() throws {
        let files = SimulatedFileSystem()
        let store = try Self.open(files)
        try add(store, 15)
        let backup = try store.backup(to: "backups")
        let last = try #require(files.filePaths(startingWith: "\(backup.path)/log/").last)
        files.truncate(last, to: try #require(files.contents(last)?.count) - 10)
        let error = #expect(throws: DurableError.self) {
            try Durable<Scores>.restore(
                from: "backups", into: "restored", environment: .simulated(files, seed: 2))
        }
        #expect(error?.code == .damaged)
    }

    @Test func aDamagedStoreIsNotBackedUp() throws {
        let files = SimulatedFileSystem()
        let store = try Self.open(files)
        try add(store, 40)
        try store.close()
        let path = try #require(files.filePaths(startingWith: "scores/log/").first)
        files.flipBit(path, 8 * 200)
        let error = #expect(throws: DurableError.self) {
            try StoreBackup.make(of: "scores", to: "backups", environment: .simulated(files))
        }
        #expect(error?.code == .damaged)
        #expect(throws: DurableError.self) {
            try StoreBackup.verify("backups", environment: .simulated(files))
        }
    }
}
