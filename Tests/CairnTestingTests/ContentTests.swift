// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting
import SystemPackage
import Testing

struct ContentTests {
    @Test func damageIsSeenAndDurable() throws {
        let (files, _) = try makeFileSystem()
        files.setContents("d/a", [0, 0, 0])
        files.flipBit("d/a", 9)
        #expect(files.contents("d/a") == [0, 2, 0])
        files.truncate("d/a", to: 2)
        #expect(files.crashImage(.onlySynced).contents("d/a") == [0, 2])
        files.setContents("d/a", [7])
        #expect(files.contents("d/a") == [7])
        files.remove("d/a")
        #expect(files.contents("d/a") == nil)
        #expect(files.crashImage(.everythingWritten).filePaths == [])
    }

    @Test func hashFollowsEveryByteAndName() throws {
        let (files, directory) = try makeFileSystem()
        files.setContents("d/a", repeated(0, 5000))
        let hash = files.contentHash
        for bit in [0, 7, 4096 * 8, 5000 * 8 - 1] {
            files.flipBit("d/a", bit)
            #expect(files.contentHash != hash)
            files.flipBit("d/a", bit)
            #expect(files.contentHash == hash)
        }
        try directory.rename("a", to: "b")
        #expect(files.contentHash != hash)
        try directory.rename("b", to: "a")
        #expect(files.contentHash == hash)
        _ = try directory.openFile("a", .readOnly).byteCount()
        _ = try directory.list()
        _ = try directory.lock("LOCK", .shared)
        #expect(files.contentHash == hash)
    }

    @Test func pagesKeepBytesAcrossTheirBorders() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        var model: [UInt8] = []
        var generator = SplitMix64(seed: 3)
        for round in 0..<300 {
            let offset = Int(generator.next() % 12_000)
            let count = Int(generator.next() % 5000)
            if generator.next() % 5 == 0 {
                try file.truncate(to: UInt64(offset))
                model = Array(model.prefix(offset))
                model += repeated(0, offset - model.count)
            } else {
                let byte = UInt8(truncatingIfNeeded: round)
                try file.write(repeated(byte, count), at: UInt64(offset))
                if count > 0, model.count < offset + count {
                    model += repeated(0, offset + count - model.count)
                }
                if count > 0 {
                    model.replaceSubrange(offset..<offset + count, with: repeated(byte, count))
                }
            }
            #expect(files.contents("d/a") == model, "seed 3, round \(round)")
        }
        try file.sync()
        try directory.sync()
        #expect(files.crashImage(.onlySynced).contents("d/a") == model)
    }

    @Test func clockMovesOnlyWhenTold() {
        let clock = TestClock(wallNanoseconds: 100, monotonicNanoseconds: 5)
        #expect(clock.wallNanoseconds() == 100)
        #expect(clock.monotonicNanoseconds() == 5)
        clock.advance(nanoseconds: 10)
        clock.setWall(nanoseconds: 50)
        #expect(clock.wallNanoseconds() == 50)
        #expect(clock.monotonicNanoseconds() == 15)
        let stepping = TestClock(wallNanoseconds: 0, step: 3)
        #expect([stepping.monotonicNanoseconds(), stepping.monotonicNanoseconds()] == [0, 3])
        #expect(stepping.wallNanoseconds() == 6)
    }

    @Test func splitMixGivesItsPublishedNumbers() {
        var generator = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<3).map { _ in generator.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
        let (one, two) = (SeededRandomness(seed: 9), SeededRandomness(seed: 9))
        #expect((0..<5).map { _ in one.next() } == (0..<5).map { _ in two.next() })
    }
}
