// SPDX-License-Identifier: Apache-2.0

import CairnContainer
import CairnDurable
import CairnIO
import CairnLog
import CairnTesting
import SystemPackage
import Testing

struct ContainerFileSystemTests {
    private let files = SimulatedFileSystem()

    private func container(_ seed: UInt64 = 1) throws -> any VirtualDirectory {
        try ContainerFileSystem(.over(files, seed: seed), creating: "c")
            .openDirectory("c", creating: true)
    }

    @Test func aCommitIsOneDurableWrite() throws {
        let scores = try Scores.open(files, segmentByteCount: 64 << 10)
        for _ in 0..<3 { try scores.commit(Scores.one) }
        let before = files.operationCount
        for _ in 0..<10 { try scores.commit(Scores.one) }
        let kinds = files.operations.dropFirst(before).map(\.kind)
        #expect(kinds == Array(repeating: .writeDurably, count: 10))
    }

    @Test func aStoreIsOneFile() throws {
        let scores = try Scores.open(files)
        for _ in 0..<20 { try scores.commit(Scores.one) }
        try scores.checkpoint()
        try scores.close()
        let names = try files.openDirectory("/", creating: false).list().map(\.name)
        #expect(names == ["scores.cairn"])
        #expect(try Scores.open(files).read(\.count) == 20)
    }

    @Test func aSecondWriterIsKeptOut() throws {
        let scores = try Scores.open(files)
        #expect { try Scores.open(files) } throws: { ($0 as? DurableError)?.code == .inUse }
        try scores.close()
        try Scores.open(files).close()
    }

    @Test func aReaderBesideTheWriterSeesWhatIsCommitted() throws {
        let writer = try Scores.open(files)
        try writer.commit(Scores.one)
        let reader = try Scores.open(files, access: .readOnly)
        #expect(reader.read(\.count) == 1)
        for _ in 0..<30 { try writer.commit(Scores.one) }
        try reader.refresh()
        #expect(reader.read(\.count) == 31)
    }

    @Test func aReaderFollowsThroughACompaction() throws {
        let root = try container()
        let kept = try root.createFile("kept")
        try kept.put([1], at: 0)
        try kept.sync()
        let reader = try ContainerFileSystem(.over(files, seed: 2)).openDirectory(
            "c", creating: false)
        let seen = try reader.openFile("kept", .readOnly)
        #expect(try seen.content() == [1])
        let gone = try root.createFile("gone")
        try gone.put([UInt8](repeating: 7, count: 2 << 20), at: 0)
        try root.remove("gone")
        #expect(files.operations.contains { $0.kind == .replace })
        try kept.put([2], at: 1)
        try kept.sync()
        #expect(try seen.content() == [1, 2])
        #expect(try reader.list().map(\.name) == ["kept"])
    }

    @Test func compactionGivesSpaceBack() throws {
        let root = try container()
        try root.createFile("kept").put([1, 2, 3], at: 0)
        for _ in 0..<5 {
            let gone = try root.createFile("gone")
            try gone.put([UInt8](repeating: 7, count: 2 << 20), at: 0)
            try gone.sync()
            try root.remove("gone")
            try root.sync()
        }
        let size = try #require(files.contents("/c")?.count)
        #expect(size < 5 << 20)
        #expect(try root.openFile("kept", .readOnly).content() == [1, 2, 3])
    }

    @Test func bytesThatWereCutOffNeverComeBack() throws {
        let root = try container()
        let file = try root.createFile("a")
        try file.put([UInt8](repeating: 9, count: 5000), at: 0)
        try file.truncate(to: 10)
        try file.put([1], at: 6000)
        #expect(try file.content()[10..<6000].allSatisfy { $0 == 0 })
        try file.sync()
        let again = try ContainerFileSystem(.over(files.crashImage(.onlySynced), seed: 2))
            .openDirectory("c", creating: false).openFile("a", .readOnly).content()
        #expect(again == Array(repeating: 9, count: 10) + Array(repeating: 0, count: 5990) + [1])
    }

    @Test func manyRecordsGoThroughManyBlocks() throws {
        let root = try container()
        for number in 0..<600 {
            let name = FileName("file-\(number)-\(String(repeating: "x", count: number % 200))")!
            try root.createFile(name).putDurably([UInt8(number % 251)], at: 0)
            if number % 3 == 0 { try root.remove(name) }
        }
        try root.sync()
        let again = try ContainerFileSystem(.over(files.crashImage(.onlySynced), seed: 2))
            .openDirectory("c", creating: false)
        #expect(try again.list().count == 400)
        let name = FileName("file-599-\(String(repeating: "x", count: 199))")!
        #expect(try again.openFile(name, .readOnly).content() == [UInt8(599 % 251)])
    }

    @Test func aFailedSyncStopsTheContainer() throws {
        let root = try container()
        let file = try root.createFile("a")
        try file.put([1], at: 0)
        files.setFaults(FaultPlan([FaultRule(.matching(.syncFile), .fail(.ioError))]))
        #expect(throws: StorageError.self) { try file.sync() }
        files.setFaults(FaultPlan())
        #expect(throws: StorageError.self) { try file.sync() }
        #expect(throws: StorageError.self) { try root.createFile("b") }
        #expect(throws: StorageError.self) { try file.putDurably([2], at: 0) }
    }

    @Test func aDirectoryNoticesThatItsNameLeadsElsewhere() throws {
        let root = try container()
        _ = try root.createDirectory("a")
        let inner = try root.openDirectory("a")
        try inner.checkIdentity()
        try root.rename("a", to: "b")
        #expect(throws: StorageError.self) { try inner.checkIdentity() }
        _ = try root.createDirectory("a")
        #expect(throws: StorageError.self) { try inner.checkIdentity() }
        try root.checkIdentity()
    }

    @Test func locksOfOneContainerExcludeEachOther() throws {
        let root = try container()
        let lock = try root.lock("LOCK", .exclusive)
        let other = try ContainerFileSystem(.over(files, seed: 2)).openDirectory(
            "c", creating: false)
        for mode in [LockMode.shared, .exclusive] {
            for directory in [root, other] {
                #expect { _ = try directory.lock("LOCK", mode) } throws: {
                    ($0 as? StorageError)?.code == .locked
                }
            }
        }
        lock?.release()
        let shared = try other.lock("LOCK", .shared)
        try root.lock("LOCK", .shared)?.release()
        #expect(throws: StorageError.self) { _ = try root.lock("LOCK", .exclusive) }
        #expect(throws: StorageError.self) { _ = try root.createFile("a") }
        shared?.release()
        _ = try root.createFile("a")
        #expect(throws: StorageError.self) { _ = try other.lock("LOCK", .shared) }
    }

    @Test func aReplacedContainerIsNoticed() throws {
        let scores = try Scores.open(files)
        try scores.commit(Scores.one)
        let root = try files.openDirectory("/", creating: false)
        try root.rename("scores.cairn", to: "elsewhere")
        _ = try Scores.open(files, seed: 9)
        #expect(throws: DurableError.self) { try scores.checkpoint() }
        #expect(scores.failure != nil)
    }

    @Test func aContainerThatIsBeingMadeByAnotherProgramStays() throws {
        let root = try files.openDirectory("/", creating: false)
        try root.createFile("scores.cairn.new").put([1, 2, 3], at: 0)
        #expect(throws: DurableError.self) { try Scores.open(files) }
        #expect(files.contents("/scores.cairn.new") == [1, 2, 3])
    }
}
