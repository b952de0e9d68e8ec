// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnDurable
import CairnEncryption
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnTesting
import SystemPackage
import Testing

/// Attacks on segments by someone without the key, who repairs every checksum.
struct ForgedSegmentTests {
    private static let texts = ["one", "two", "tri", "for"]

    private static func opened(_ files: SimulatedFileSystem) throws(DurableError) -> [String] {
        try Notes.open(files, Keys.keys(seed: 3)).read(\.texts)
    }

    /// Whether an opening refuses, with a sentence that fits, and a check without the key has nothing to say.
    private static func isFound(
        _ files: SimulatedFileSystem, _ kind: Comment = "forged"
    ) -> Bool {
        do throws(DurableError) {
            let texts = try opened(files)
            Issue.record("\(kind): opened as \(texts)")
            return false
        } catch {
            return error.code == .damaged || error.code == .foreign
        }
    }

    private static func forge(
        _ files: SimulatedFileSystem, _ change: (inout ForgedSegment) throws -> Void
    ) throws {
        let path = try #require(files.paths(in: "log").last)
        var segment = try ForgedSegment(try #require(files.contents(path)))
        try change(&segment)
        files.setContents(path, try segment.write().bytes)
    }

    @Test func whatWasNotChangedOpens() throws {
        let files = try Notes.store(Keys.keys(), texts: Self.texts)
        try Self.forge(files) { _ in }
        #expect(try Self.opened(files) == Self.texts)
    }

    @Test func twoFramesSwapped() throws {
        let files = try Notes.store(Keys.keys(), texts: Self.texts)
        try Self.forge(files) { segment in
            let places = segment.transactions
            segment.frames.swapAt(places[1], places[2])
        }
        #expect(Self.isFound(files))
    }

    @Test func aFrameInTheMiddleLeftOutOrRepeated() throws {
        var files = try Notes.store(Keys.keys(), texts: Self.texts)
        try Self.forge(files) { $0.frames.remove(at: $0.transactions[1]) }
        #expect(Self.isFound(files))
        files = try Notes.store(Keys.keys(), texts: Self.texts)
        try Self.forge(files) { segment in
            segment.frames.append(segment.frames[segment.transactions[1]])
        }
        #expect(Self.isFound(files))
    }

    @Test func aCommitMadeAnAbort() throws {
        let files = try Notes.store(Keys.keys(), texts: Self.texts)
        try Self.forge(files) { segment in
            let place = segment.transactions[2]
            segment.frames[place].header.kind = .transactionAbort
        }
        #expect(Self.isFound(files))
    }

    @Test func anotherTimeOfACommit() throws {
        let files = try Notes.store(Keys.keys(), texts: Self.texts)
        try Self.forge(files) { $0.frames[$0.transactions[2]].payload[0] ^= 1 }
        #expect(Self.isFound(files))
    }

    @Test func aFrameOfAnotherStoreWithTheSameKey() throws {
        let files = try Notes.store(Keys.keys(), texts: Self.texts)
        let other = SimulatedFileSystem()
        let notes = try Notes.open(other, Keys.keys(seed: 5), seed: 5)
        for text in Self.texts { try notes.commit(.added(text)) }
        try notes.close()
        let path = try #require(other.paths(in: "log").first)
        let foreign = try ForgedSegment(try #require(other.contents(path)))
        try Self.forge(files) { segment in
            let place = segment.transactions[1]
            segment.frames[place] = foreign.frames[place]
        }
        #expect(Self.isFound(files))
        // Also with its key record.
        try Self.forge(files) { $0.frames = foreign.frames }
        #expect(throws: DurableError.self) { try Self.opened(files) }
    }

    @Test func aFrameThatAnotherHistoryHadAtTheSameLSN() throws {
        let start = try Notes.store(Keys.keys(), texts: ["one"])
        func history(_ texts: [String], _ seed: UInt64) throws -> SimulatedFileSystem {
            let files = start.crashImage(.everythingWritten)
            let notes = try Notes.open(files, Keys.keys(seed: seed))
            for text in texts { try notes.commit(.added(text)) }
            try notes.close()
            return files
        }
        let lost = try history(["AAA", "BBB"], 7)
        let files = try history(["CCC", "DDD"], 8)
        let path = try #require(lost.paths(in: "log").last)
        let old = try ForgedSegment(try #require(lost.contents(path)))
        try Self.forge(files) { segment in
            #expect(segment.header == old.header)
            let place = segment.transactions[0]
            #expect(segment.frames[place].header == old.frames[place].header)
            segment.frames[place] = old.frames[place]
        }
        #expect(Self.isFound(files))
    }

    /// Two segments, the first one cut at a frame and sealed there.
    @Test func aSegmentCutInFrontOfItsSuccessor() throws {
        for repairsSuccessor in [false, true] {
            let files = try Notes.store(Keys.keys(), texts: Self.texts)
            let notes = try Notes.open(files, Keys.keys(seed: 4))
            try notes.commit(.added("fiv"))
            try notes.close()
            let paths = files.paths(in: "log")
            try #require(paths.count == 2)
            var first = try ForgedSegment(try #require(files.contents(paths[0])))
            first.frames.removeSubrange(first.transactions[3]...)
            let cut = try first.write(sealed: true)
            files.setContents(paths[0], cut.bytes)
            if repairsSuccessor {
                var second = try ForgedSegment(try #require(files.contents(paths[1])))
                second.header = try #require(cut.next)
                files.remove(paths[1])
                files.setContents(
                    FilePath("notes/log/\(second.header.name)"), try second.write().bytes)
            }
            #expect(throws: DurableError.self, "successor repaired: \(repairsSuccessor)") {
                try Self.opened(files)
            }
        }
    }

    @Test func aSegmentThatIsOnlyHeaderAndKeyIsBoundToItsHeader() throws {
        let files = try Notes.store(Keys.keys(), texts: Self.texts)
        try Self.forge(files) { segment in
            segment.frames.removeSubrange(1...)
            segment.header = SegmentHeader(
                logID: segment.header.logID, segment: .first, baseLSN: .first,
                predecessorLastLSN: .never, predecessorByteCount: 1, predecessorChain: 1)
        }
        #expect(Self.isFound(files))
    }

    @Test func aKeyRecordThatIsRepeatedOrHasAnotherSize() throws {
        for change in 0..<2 {
            let files = try Notes.store(Keys.keys(), texts: Self.texts)
            try Self.forge(files) { segment in
                if change == 0 {
                    segment.frames.insert(segment.frames[0], at: 2)
                } else {
                    segment.frames[2].header.kind = .segmentKey
                }
            }
            #expect(Self.isFound(files))
        }
    }
}
