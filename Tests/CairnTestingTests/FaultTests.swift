// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting
import SystemPackage
import Testing

struct FaultTests {
    /// Four operations: create, write, sync, rename.
    private func workload(_ directory: any VirtualDirectory) throws(StorageError) {
        let file = try directory.createFile("a")
        try file.write(repeated(1, 10), at: 0)
        try file.sync()
        try directory.rename("a", to: "b")
    }

    @Test func operationsAreCountedAndNamed() throws {
        let (files, directory) = try makeFileSystem()
        let before = files.operationCount
        try workload(directory)
        #expect(
            files.operations.dropFirst(before).map(\.description) == [
                "createFile /d/a", "write /d/a @0 +10", "syncFile /d/a", "rename /d/a",
            ])
        #expect(files.trace.hasSuffix("5 rename /d/a"))
        #expect(before == 2)
    }

    @Test func crashStopsEverythingFromThatOperationOn() throws {
        let total = 6
        for index in 2..<total {
            let (files, directory) = try makeFileSystem(faults: .crash(atOperation: index))
            #expect(throws: StorageError.self) { try workload(directory) }
            #expect(files.hasCrashed)
            #expect(files.operationCount == index + 1)
            let hash = files.contentHash
            for _ in 0..<2 {
                #expect {
                    try directory.createFile("z")
                } throws: {
                    ($0 as? StorageError)?.code == .system
                }
            }
            #expect(throws: StorageError.self) { try directory.list() }
            #expect(files.contentHash == hash)
        }
    }

    @Test func operationThatCrashesMayHaveHappenedButIsNotDurable() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try directory.sync()
        files.setFaults(.crash(atOperation: files.operationCount))
        #expect(throws: StorageError.self) { try file.writeDurably([1, 2], at: 0) }
        #expect(files.crashImage(.onlySynced).contents("d/a") == [])
        #expect(files.crashImage(.everythingWritten).contents("d/a") == [1, 2])
    }

    @Test func syncThatCrashesCoversNothing() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try directory.sync()
        try file.write([1, 2], at: 0)
        files.setFaults(.crash(atOperation: files.operationCount))
        #expect(throws: StorageError.self) { try file.sync() }
        #expect(files.crashImage(.onlySynced).contents("d/a") == [])
        #expect(files.crashImage(.everythingWritten).contents("d/a") == [1, 2])
    }

    @Test func onceAndForever() throws {
        let (files, directory) = try makeFileSystem(faults: .fail(.noSpace, atOperation: 2))
        #expect {
            try directory.createFile("a")
        } throws: {
            ($0 as? StorageError)?.code == .noSpace
        }
        try workload(directory)
        let (_, other) = try makeFileSystem(faults: .fail(.ioError, atOperation: 3, .forever))
        let file = try other.createFile("a")
        for _ in 0..<3 { #expect(throws: StorageError.self) { try file.write([1], at: 0) } }
        #expect(try file.byteCount() == 0)
        #expect(files.contents("d/b") != nil)
    }

    @Test func rulesMatchByKindAndName() throws {
        let rule = FaultRule(
            .matching(.write, suffix: ".wal", skipping: 1), .fail(.ioError, doing: .half))
        let (files, directory) = try makeFileSystem(faults: FaultPlan([rule]))
        let other = try directory.createFile("a.snap")
        let file = try directory.createFile("a.wal")
        try other.write([1], at: 0)
        try file.write([1], at: 0)
        #expect(throws: StorageError.self) { try file.write([5, 6, 7, 8], at: 0) }
        #expect(files.contents("d/a.wal") == [5, 6])
        try file.write([9], at: 0)
    }

    @Test func readingCallsFailByTheirNumber() throws {
        let (files, directory) = try makeFileSystem()
        _ = try directory.createFile("a")
        let calls = files.callCount
        files.setFaults(.fail(.tooManyOpenFiles, atCall: calls + 1))
        _ = try directory.list()
        #expect(throws: StorageError.self) { try directory.openFile("a", .readOnly) }
        _ = try directory.openFile("a", .readOnly)
    }

    @Test func reportedFailureMayHaveHappened() throws {
        let rule = FaultRule(.matching(.rename), .fail(.ioError, doing: .everything))
        let (files, directory) = try makeFileSystem(faults: FaultPlan([rule]))
        #expect(throws: StorageError.self) { try workload(directory) }
        #expect(files.filePaths == ["/d/b"])
    }

    @Test func failedSyncIsNeverMadeGoodByALaterOne() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try directory.sync()
        try file.writeDurably(repeated(1, 4), at: 0)
        try file.write(repeated(2, 4), at: 0)
        files.setFaults(.fail(.ioError, atOperation: files.operationCount))
        #expect(throws: StorageError.self) { try file.sync() }
        try file.write([3], at: 3)
        try file.sync()
        #expect(files.contents("d/a") == [2, 2, 2, 3])
        #expect(files.crashImage(.onlySynced).contents("d/a") == [1, 1, 1, 3])
        #expect(files.crashImage(.everythingWritten).contents("d/a") == [2, 2, 2, 3])
    }

    @Test func failedDirectorySyncIsNeverMadeGoodByALaterOne() throws {
        let (files, directory) = try makeFileSystem()
        _ = try directory.createFile("a")
        files.setFaults(.fail(.ioError, atOperation: files.operationCount))
        #expect(throws: StorageError.self) { try directory.sync() }
        _ = try directory.createFile("b")
        try directory.sync()
        #expect(files.filePaths == ["/d/a", "/d/b"])
        #expect(files.crashImage(.onlySynced).filePaths == ["/d/b"])
    }
}
