// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting
import SystemPackage
import Testing

struct CrashImageTests {
    @Test func unsyncedEntryVanishesWithItsSyncedData() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try file.write(repeated(1, 10), at: 0)
        try file.sync()
        #expect(files.crashImage(.onlySynced).filePaths == [])
        #expect(files.crashImage(.everythingWritten).contents("d/a") == repeated(1, 10))
        try directory.sync()
        #expect(files.crashImage(.onlySynced).contents("d/a") == repeated(1, 10))
        #expect(files.pendingEffectCount == 0)
    }

    @Test func syncedEntryWithoutSyncedDataIsEmpty() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try directory.sync()
        try file.write(repeated(1, 10), at: 0)
        #expect(files.contents("d/a") == repeated(1, 10))
        #expect(files.crashImage(.onlySynced).contents("d/a") == [])
    }

    @Test func everySubsetOfDataAndSizeAppears() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try directory.sync()
        try file.write(repeated(1, 600), at: 0)
        #expect(files.pendingPartCount == 3)
        let images = Set((0..<8).map { files.crashImage(.subset($0)).contents("d/a") ?? [9] })
        let zeros = repeated(0, 600)
        #expect(
            images == [
                [], zeros, repeated(1, 600), repeated(1, 512) + repeated(0, 88),
                repeated(0, 512) + repeated(1, 88),
            ])
    }

    @Test func seededImagesReachEverySubset() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try file.write(repeated(1, 600), at: 0)
        let all = Set((0..<16).map { files.crashImage(.subset($0)).contentHash })
        let seeded = Set((0..<300).map { files.crashImage(.seeded($0)).contentHash })
        #expect(seeded == all)
        #expect(
            files.crashImage(.seeded(7)).contentHash == files.crashImage(.seeded(7)).contentHash)
    }

    @Test func zeroedPartsOnlyOnRequest() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try file.write(repeated(1, 512), at: 0)
        try file.sync()
        try directory.sync()
        try file.write(repeated(2, 512), at: 0)
        let honest = Set((0..<100).map { files.crashImage(.seeded($0)).contents("d/a")![0] })
        #expect(honest == [1, 2])
        let profile = CrashProfile(zeroesParts: true)
        let harsh = Set(
            (0..<100).map { files.crashImage(.seeded($0, profile)).contents("d/a")![0] })
        #expect(harsh == [0, 1, 2])
    }

    @Test func prefixCutsItsLastWriteInTheMiddle() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try file.write(repeated(1, 10), at: 0)
        try file.write(repeated(2, 10), at: 0)
        let contents = (0...files.pendingEffectCount).map {
            files.crashImage(.prefix($0)).contents("d/a")
        }
        #expect(
            contents == [
                nil, [], [], repeated(1, 10), repeated(2, 5) + repeated(1, 5),
            ])
    }

    @Test func renameShowsExactlyOneName() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try directory.sync()
        try directory.rename("a", to: "b")
        try directory.rename("b", to: "c")
        try file.close()
        let names = (0..<4).map { files.crashImage(.subset($0)).filePaths.map(\.string) }
        #expect(names == [["/d/a"], ["/d/b"], ["/d/c"], ["/d/c"]])
    }

    @Test func lostTruncationShowsTheOldBytes() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try file.write(repeated(1, 10), at: 0)
        try file.sync()
        try directory.sync()
        try file.truncate(to: 4)
        try file.truncate(to: 6)
        #expect(files.contents("d/a") == [1, 1, 1, 1, 0, 0])
        #expect(files.crashImage(.onlySynced).contents("d/a") == repeated(1, 10))
        try file.sync()
        #expect(files.crashImage(.onlySynced).contents("d/a") == [1, 1, 1, 1, 0, 0])
    }

    @Test func bytesThatTheSizeDoesNotShowAreGoneAfterTheCrash() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try directory.sync()
        try file.write(repeated(1, 10), at: 0)
        // The bytes without the size.
        let image = files.crashImage(.subset(1))
        #expect(image.contents("d/a") == [])
        let again = try image.openDirectory("d", creating: false)
        try again.openFile("a", .readWrite).truncate(to: 10)
        #expect(image.contents("d/a") == repeated(0, 10))
    }

    @Test func durableWriteCoversItsBytesAndNoOthers() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try directory.sync()
        try file.write([1, 1, 1, 1, 1, 1], at: 0)
        try file.writeDurably([2, 2], at: 2)
        #expect(files.contents("d/a") == [1, 1, 2, 2, 1, 1])
        #expect(files.crashImage(.onlySynced).contents("d/a") == [0, 0, 2, 2, 0, 0])
        #expect(files.crashImage(.everythingWritten).contents("d/a") == [1, 1, 2, 2, 1, 1])
        for seed in UInt64(0)..<20 {
            let bytes = try #require(files.crashImage(.seeded(seed)).contents("d/a"))
            #expect(bytes[2..<4] == [2, 2], "seed \(seed)")
        }
    }

    @Test func imageIsIndependentAndHoldsNoLocks() throws {
        let (files, directory) = try makeFileSystem()
        let lock = try directory.lock("LOCK", .exclusive)
        try directory.sync()
        let image = files.crashImage(.onlySynced)
        let copy = try image.openDirectory("d", creating: false)
        #expect(try copy.lock("LOCK", .exclusive) != nil)
        _ = try copy.createFile("a")
        #expect(files.contents("d/a") == nil)
        lock?.release()
    }

    @Test func imagesOfImagesWork() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try file.writeDurably([1, 2, 3], at: 0)
        let first = files.crashImage(.everythingWritten)
        let again = try first.openDirectory("d", creating: false)
        try again.rename("a", to: "b")
        try again.openFile("b", .readWrite).write([9], at: 1)
        #expect(first.crashImage(.onlySynced).contents("d/a") == [1, 2, 3])
        #expect(first.crashImage(.everythingWritten).contents("d/b") == [1, 9, 3])
    }

    @Test func childOfALostDirectoryIsLost() throws {
        let (files, directory) = try makeFileSystem()
        let child = try directory.createDirectory("sub")
        let file = try child.createFile("a")
        try file.writeDurably([1], at: 0)
        try child.sync()
        #expect(files.crashImage(.onlySynced).filePaths == [])
        try directory.sync()
        #expect(files.crashImage(.onlySynced).filePaths == ["/d/sub/a"])
    }

    @Test func openingForCreationMakesAnExistingEntryDurable() throws {
        let files = SimulatedFileSystem()
        _ = try files.openDirectory("/", creating: false).createDirectory("d")
        #expect(files.pendingEffectCount == 1)
        _ = try files.openDirectory("d", creating: false)
        #expect(files.pendingEffectCount == 1)
        _ = try files.openDirectory("d", creating: true)
        #expect(files.pendingEffectCount == 0)
        _ = try files.crashImage(.onlySynced).openDirectory("d", creating: false)
    }

    @Test func callsFromManyThreadsKeepTheirOrder() throws {
        let (files, directory) = try makeFileSystem()
        let before = files.operationCount
        let threads = try (0..<4).map { thread throws(StorageError) in
            let file = try directory.createFile(FileName("f\(thread)")!)
            return try BackgroundThread {
                for round in 0..<200 {
                    try? file.write([UInt8(thread)], at: UInt64(round))
                    if round % 10 == 0 { try? file.sync() }
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(files.operationCount == before + 4 * (1 + 200 + 20))
        for thread in 0..<4 {
            let path = FilePath("d/f\(thread)")
            #expect(files.contents(path) == repeated(UInt8(thread), 200))
        }
    }
}
