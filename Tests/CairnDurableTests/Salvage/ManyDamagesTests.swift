// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnDurable
import CairnFormat
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnTesting
import SystemPackage
import Testing

/// A store damaged in many ways: each is named for what it is, and exactly what no damage took is recovered.
struct ManyDamagesTests {
    private static let commitCount = 60

    /// A store of 60 commits in small segments.
    private struct Store {
        let files = SimulatedFileSystem()
        var commits: [LSN] = []

        /// - Parameters:
        ///   - checkpoints: After which commits there is one.
        ///   - first: The first amount.
        init(
            checkpoints: [Int] = [], seed: UInt64 = 1, first: Int = 1, segmentByteCount: Int = 500
        ) throws {
            var options = LogOptions()
            options.segmentByteCount = segmentByteCount
            let account = try Durable<Account>.open(
                "store", options: options, environment: .simulated(files, seed: seed),
                checkpoints: .manual)
            for number in 1...ManyDamagesTests.commitCount {
                let amount = number == 1 ? first : number
                let receipt = try account.commit(.deposited(amount))
                commits.append(try #require(receipt).commitLSN)
                if checkpoints.contains(number) { try account.checkpoint() }
            }
            try account.close()
        }

        var segments: [FilePath] {
            files.filePaths(startingWith: "store/log/").filter { $0.string.hasSuffix(".wal") }
        }
        var snapshots: [FilePath] { files.filePaths(startingWith: "store/snapshots/") }

        func change(_ path: FilePath, _ body: (inout [UInt8]) -> Void) throws {
            var bytes = try #require(files.contents(path))
            body(&bytes)
            files.setContents(path, bytes)
        }

        /// The numbers of the commits in a segment.
        func numbers(in segment: Int) throws -> ClosedRange<Int> {
            func base(_ index: Int) throws -> UInt64 {
                guard index < segments.count else { return .max }
                let name = try #require(segments[index].lastComponent?.string)
                return try #require(UInt64(name.dropFirst(11).prefix(20)))
            }
            let range = try base(segment)..<base(segment + 1)
            let inside = (1...commits.count).filter { range.contains(commits[$0 - 1].rawValue) }
            return try #require(inside.first)...(try #require(inside.last))
        }
    }

    /// Where the frames of a segment are.
    private static func frames(_ bytes: [UInt8]) -> [Range<Int>] {
        var frames: [Range<Int>] = []
        var start = SegmentLayout.headerByteCount
        while start + FrameLayout.headerByteCount < bytes.count {
            let payload = FrameLayout.payloadByteCount.offset + start
            let byteCount = bytes[payload..<payload + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
            guard byteCount > 0 else { break }
            let end = start + FrameLayout.frameByteCount(payloadByteCount: byteCount)
            frames.append(start..<end)
            start = end
        }
        return frames
    }

    /// What is expected of one damage.
    private struct Outcome {
        /// The verdict on the log.
        var verdict: Verdict
        /// The commits that are lost.
        var lost: ClosedRange<Int>?
        /// Where the recovered state begins when no risk is taken; 0 for the empty state.
        var snapshot = 0
    }

    private func expect(_ outcome: Outcome, of store: Store) throws {
        let found = try WriteAheadLog.verify(
            in: try StoreDirectory.open(
                "store", access: .readOnly, createIfMissing: false,
                environment: .simulated(store.files)),
            environment: .simulated(store.files))
        #expect(found.findings.first?.verdict ?? .clean == outcome.verdict)
        let before = store.files.contentHash(of: "store")
        var last = Self.commitCount
        if let lost = outcome.lost { last = max(lost.lowerBound - 1, outcome.snapshot) }
        try expect(.init(), balance: sum(upTo: last), of: store, into: "careful")
        var choices = SalvageOptions()
        choices.goesBehindLosses = true
        let lost = outcome.lost.map { sum(upTo: $0.upperBound) - sum(upTo: $0.lowerBound - 1) }
        try expect(
            choices, balance: sum(upTo: Self.commitCount) - (lost ?? 0), of: store, into: "bold")
        #expect(store.files.contentHash(of: "store") == before, "salvage changes nothing")
    }

    private func expect(
        _ choices: SalvageOptions, balance: Int, of store: Store, into path: FilePath
    ) throws {
        let report = try Durable<Account>.salvage(
            "store", into: path, choices: choices, environment: .simulated(store.files, seed: 3))
        let recovered = try Durable<Account>.open(
            path, environment: .simulated(store.files, seed: 4))
        #expect(recovered.read(\.balance) == balance, "\(path): \(report)")
        try recovered.close()
    }

    /// The balance after so many commits.
    private func sum(upTo count: Int) -> Int { count * (count + 1) / 2 }

    @Test func theLastWriteIsCutShort() throws {
        let store = try Store()
        let last = try #require(store.segments.last)
        let numbers = try store.numbers(in: store.segments.count - 1)
        try store.change(last) { bytes in
            let last = Self.frames(bytes)[numbers.count - 1]
            bytes.removeSubrange((last.upperBound - 8)...)
        }
        try expect(Outcome(verdict: .tornTail, lost: 60...60), of: store)
    }

    @Test func aByteOfARecordIsChanged() throws {
        let store = try Store()
        let numbers = try store.numbers(in: 2)
        store.files.flipBit(store.segments[2], 8 * (SegmentLayout.headerByteCount + 40))
        try expect(
            Outcome(verdict: .corruption, lost: numbers.lowerBound...numbers.lowerBound), of: store)
    }

    @Test func aRecordIsZeros() throws {
        let store = try Store()
        let numbers = try store.numbers(in: 2)
        try store.change(store.segments[2]) { bytes in
            let first = Self.frames(bytes)[0]
            bytes.replaceSubrange(first, with: [UInt8](repeating: 0, count: first.count))
        }
        try expect(
            Outcome(verdict: .corruption, lost: numbers.lowerBound...numbers.lowerBound), of: store)
    }

    @Test func twoRecordsAreExchanged() throws {
        let store = try Store()
        let numbers = try store.numbers(in: 2)
        try store.change(store.segments[2]) { bytes in
            let frames = Self.frames(bytes)
            let exchanged = bytes[frames[1]] + bytes[frames[0]]
            bytes.replaceSubrange(frames[0].lowerBound..<frames[1].upperBound, with: exchanged)
        }
        try expect(
            Outcome(verdict: .corruption, lost: numbers.lowerBound...numbers.lowerBound), of: store)
    }

    @Test func theHeaderOfASegmentIsChanged() throws {
        let store = try Store()
        store.files.flipBit(store.segments[2], 8 * 20)
        try expect(
            Outcome(verdict: .corruption, lost: try store.numbers(in: 2)), of: store)
    }

    @Test func aSegmentIsCutInHalf() throws {
        let store = try Store()
        let numbers = try store.numbers(in: 2)
        let third = Self.frames(try #require(store.files.contents(store.segments[2])))[2]
        store.files.truncate(store.segments[2], to: third.lowerBound + 10)
        let lost = numbers.lowerBound + 2...numbers.upperBound
        try expect(Outcome(verdict: .corruption, lost: lost), of: store)
    }

    @Test func aSegmentInTheMiddleIsMissing() throws {
        let store = try Store()
        let numbers = try store.numbers(in: 2)
        store.files.remove(store.segments[2])
        try expect(Outcome(verdict: .missingSegment, lost: numbers), of: store)
    }

    /// Of the log alone that is no damage: where a snapshot covers them, first segments are removed. Opening tells.
    @Test func theFirstSegmentIsMissing() throws {
        let store = try Store()
        let numbers = try store.numbers(in: 0)
        store.files.remove(store.segments[0])
        try expect(Outcome(verdict: .clean, lost: numbers), of: store)
        let error = #expect(throws: DurableError.self) {
            try Durable<Account>.open("store", environment: .simulated(store.files))
        }
        #expect(error?.log?.code == .replayGap)
    }

    @Test func theLastSegmentIsMissing() throws {
        let store = try Store()
        let last = store.segments.count - 1
        let numbers = try store.numbers(in: last)
        store.files.remove(store.segments[last])
        try expect(Outcome(verdict: .missingSegment, lost: numbers), of: store)
    }

    @Test func aSegmentIsThatOfAnotherLog() throws {
        let store = try Store()
        let other = try Store(seed: 77)
        let numbers = try store.numbers(in: 2)
        let bytes = try #require(other.files.contents(other.segments[2]))
        store.files.setContents(store.segments[2], bytes)
        try expect(Outcome(verdict: .foreignLog, lost: numbers), of: store)
    }

    /// Most of the files decide which log it is.
    @Test func theFirstSegmentIsThatOfAnotherLog() throws {
        let store = try Store()
        let other = try Store(seed: 77)
        let numbers = try store.numbers(in: 0)
        let bytes = try #require(other.files.contents(other.segments[0]))
        store.files.setContents(store.segments[0], bytes)
        try expect(Outcome(verdict: .foreignLog, lost: numbers), of: store)
    }

    /// As when a copy of the store went on by itself, and its files came back.
    @Test func aSegmentIsThereTwice() throws {
        let store = try Store()
        let fork = try Store(first: 1_000_000, segmentByteCount: 800)
        let path = fork.segments[2]
        #expect(!store.segments.contains(path))
        store.files.setContents(path, try #require(fork.files.contents(path)))
        try expect(Outcome(verdict: .corruption), of: store)
    }

    @Test func theNewestSnapshotIsChanged() throws {
        let store = try Store(checkpoints: [20, 40])
        store.files.flipBit(store.snapshots[1], 8 * 60)
        try expect(Outcome(verdict: .clean, snapshot: 20), of: store)
    }

    @Test func bothSnapshotsAreChangedAndTheLogIsShort() throws {
        let store = try Store(checkpoints: [20, 40])
        for path in store.snapshots { store.files.flipBit(path, 8 * 60) }
        let first = try store.numbers(in: 0).lowerBound
        try expect(Outcome(verdict: .clean, lost: 1...(first - 1)), of: store)
    }
}
