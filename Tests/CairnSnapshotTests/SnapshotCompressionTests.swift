// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnIO
import CairnLSN
import CairnTesting
import CairnZlib
import Synchronization
import SystemPackage
import Testing

@testable import CairnSnapshot

/// Chunks that are compressed, each by itself.
struct SnapshotCompressionTests {
    /// Two chunks, of which the second has records that compress, and a section that does not.
    static let sample = Sample(sections: [
        1: [
            (0..<1_200_000).map { UInt8(truncatingIfNeeded: $0 >> 8 ^ $0 >> 3) },
            [UInt8]("the same again and again, the same again and again".utf8),
        ], 4: [], 7: [[1, 2, 3]],
    ])
    private static let small = Sample(sections: [
        1: [[UInt8](repeating: 5, count: 60), Array(0..<30), Array(0..<30)], 4: [],
    ])

    private func directory(
        _ files: SimulatedFileSystem, _ compressor: (any BatchCompressor)? = ZlibBatchCompressor(),
        decompressors: [any BatchCompressor] = []
    ) throws -> SnapshotDirectory {
        try SnapshotDirectory.open(
            in: try files.openDirectory("store", creating: true), access: .readWrite,
            environment: .simulated(files), compressor: compressor, decompressors: decompressors)
    }

    private func bytes(
        of sample: Sample, _ compressor: (any BatchCompressor)? = ZlibBatchCompressor()
    ) throws -> [UInt8] {
        let files = SimulatedFileSystem()
        try directory(files, compressor).write(sample, at: 5)
        return try #require(files.contents(path(5)))
    }

    @Test func recordsComeBackAndTheFileIsSmaller() throws {
        let files = SimulatedFileSystem()
        let snapshots = try directory(files)
        try snapshots.write(Self.sample, at: 5)
        #expect(try snapshots.read(5) == Self.sample)
        let plain = try bytes(of: Self.sample, nil)
        #expect(try #require(files.contents(path(5))).count < plain.count / 2)
        // One that compresses nothing reads it, given what it was written with, and reads plain ones beside it.
        let reading = try directory(files, nil, decompressors: [ZlibBatchCompressor(level: 9)])
        #expect(try reading.read(5) == Self.sample)
        try reading.write(Self.sample, at: 6)
        #expect(files.contents(path(6))?.count == plain.count)
        #expect(try snapshots.read(6) == Self.sample)
    }

    @Test func theDigestIsThatOfTheRecords() throws {
        var digests: Set<StateDigest> = []
        for compressor in [nil, ZlibBatchCompressor(), ZlibBatchCompressor(level: 9)] {
            let snapshots = try directory(SimulatedFileSystem(), compressor)
            var writer = try snapshots.writer(logID: logID, fence: fence(5))
            try writer.write(Self.sample)
            digests.insert(try #require(try writer.stateDigest()))
            _ = try writer.finish()
            var reader = try snapshots.reader(info(5), expectedLogID: logID)
            digests.insert(try reader.stateDigest())
        }
        #expect(digests.count == 1)
    }

    @Test func withoutTheCompressorItIsCheckedAndNotRead() throws {
        let files = SimulatedFileSystem()
        try directory(files).write(Self.sample, at: 5)
        let snapshots = try directory(files, nil)
        #expect(try snapshots.verify(info(5), expectedLogID: logID).sections.count == 3)
        let error = failure { () throws(SnapshotError) in _ = try snapshots.read(5) }
        #expect(error?.code == .unknownCompression && error?.compression == .zlib)
        #expect(error?.description.contains("no compressor was given for it (number 1)") == true)
        var reader = try snapshots.reader(info(5), expectedLogID: logID)
        #expect(failure { () throws(SnapshotError) in _ = try reader.stateDigest() } == error)
        // Nobody takes it for damaged, and puts another one in its place.
        #expect(try snapshots.writer(logID: logID, fence: fence(5)).isRedundant)
    }

    @Test func whatDoesNotBecomeSmallerStaysAsItIs() throws {
        var generator = SplitMix64(seed: 3)
        let random = (0..<5000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        let sample = Sample(sections: [1: [random], 2: [[1]]])
        #expect(try bytes(of: sample) == bytes(of: sample, nil))
    }

    @Test func whatAReaderWouldRefuseIsNotWritten() throws {
        // 64 times smaller with its head, and one byte more than that.
        for (byteCount, isCompressed) in [(6400, true), (6401, false)] {
            let sample = Sample(sections: [1: [[UInt8](repeating: 0, count: byteCount - 2)]])
            let file = try bytes(of: sample, Fixed(byteCount: 95))
            #expect(file[48 + 16] == (isCompressed ? 1 : 0), "\(byteCount) bytes")
        }
        let zeros = Sample(sections: [1: [[UInt8](repeating: 0, count: 1 << 20)]])
        #expect(try bytes(of: zeros) == bytes(of: zeros, nil))
    }

    @Test func aCompressorThatFailsCostsNothing() throws {
        #expect(try bytes(of: Self.small, Fixed(byteCount: nil)) == bytes(of: Self.small, nil))
    }

    @Test(arguments: [true, false]) func everyBitFlipAndCutIsFound(hasCompressor: Bool) throws {
        let intact = try bytes(of: Self.small)
        #expect(intact[48 + 16] == 1)
        let files = SimulatedFileSystem()
        try directory(files).write(Self.small, at: 5)
        let snapshots = try directory(files, hasCompressor ? ZlibBatchCompressor() : nil)
        func isFound(_ bytes: [UInt8]) -> Bool {
            files.setContents(path(5), bytes)
            return failure { () throws(SnapshotError) in
                try snapshots.verify(info(5), expectedLogID: logID)
            }?.provesDamage == true
        }
        #expect(!isFound(intact))
        for bit in 0..<intact.count * 8 {
            var bytes = intact
            bytes[bit / 8] ^= 1 << (bit % 8)
            #expect(isFound(bytes), "bit \(bit)")
        }
        for count in intact.indices { #expect(isFound(Array(intact[..<count])), "cut at \(count)") }
    }

    /// What a hostile file declares, with right checksums, is refused before anything is inflated for it.
    @Test func declaredSizesAreBoundedBeforeTheyAreUsed() throws {
        let intact = try bytes(of: Self.small)
        let payload = Int(Forgery(bytes: intact).get(UInt32.self, at: 48 + 8))
        let ratio = SnapshotFormat.compressionRatioMax
        let values: [(UInt32, FormatError.Code, Int)] = [
            (0, .invalidValue, 0), (2, .invalidValue, 0), (3, .decompressionFailed, 1),
            (UInt32(payload * ratio), .decompressionFailed, 1),
            (UInt32(payload * ratio + 1), .limitExceeded, 0), (65 << 20, .limitExceeded, 0),
            (65 << 20 + 1, .limitExceeded, 0), (1 << 31, .limitExceeded, 0),
            (.max, .limitExceeded, 0),
        ]
        for (value, reason, callCount) in values {
            var forgery = Forgery(bytes: intact)
            forgery.set(value, at: 48 + 24)
            forgery.repairChunkPayload(at: 48)
            forgery.repairEnd()
            let compressor = Counting()
            let file = MeasuringFile(forgery.bytes)
            let error = failure { () throws(SnapshotError) in
                var reader = try SnapshotReader(
                    file, expectedFence: fence(5), expectedLogID: logID,
                    decompressors: [compressor])
                try reader.verify()
            }
            #expect(error?.reason == reason, "\(value): \(error.map { "\($0)" } ?? "taken")")
            #expect(compressor.callCount.load(ordering: .relaxed) == callCount, "\(value)")
            #expect(file.longestReadByteCount <= forgery.bytes.count)
        }
    }

    /// A stream of 100,000 zeros that says it is as long as a reader may take.
    @Test func aBombIsNotInflatedBeyondWhatItDeclares() throws {
        var stream = BinaryBuffer()
        try ZlibBatchCompressor(level: 9).compress(
            [UInt8](repeating: 0, count: 100_000).span.bytes, into: &stream)
        let declared = UInt32((stream.count + 5) * SnapshotFormat.compressionRatioMax)
        #expect(declared < 100_000)
        let sample = Sample(sections: [1: [[UInt8](repeating: 9, count: stream.count + 4)]])
        var forgery = Forgery(bytes: try bytes(of: sample, nil))
        #expect(forgery.get(UInt32.self, at: 48 + 8) == UInt32(stream.count + 5))
        forgery.set(UInt32(1), at: 48 + 16)
        forgery.repairChunkHeader(at: 48)
        forgery.bytes.replaceSubrange(48 + 29..<48 + 29 + stream.count, with: stream.array())
        for (value, reason) in [
            (declared, FormatError.Code.decompressionFailed), (100_000, .limitExceeded),
        ] {
            forgery.set(value, at: 48 + 24)
            forgery.bytes[48 + 28] = 1
            forgery.repairChunkPayload(at: 48)
            forgery.repairEnd()
            let error = failure { () throws(SnapshotError) in
                var reader = try SnapshotReader(
                    MeasuringFile(forgery.bytes), expectedFence: fence(5), expectedLogID: logID,
                    decompressors: [ZlibBatchCompressor()])
                try reader.verify()
            }
            #expect(error?.reason == reason)
        }
    }

    @Test func aCopyStaysCompressed() throws {
        let files = SimulatedFileSystem()
        let snapshots = try directory(files)
        try snapshots.write(Self.sample, at: 5)
        let plain = try directory(files, nil, decompressors: [ZlibBatchCompressor()])
        var reader = try plain.streamingReader(info(5), expectedLogID: logID)
        var writer = try plain.writer(logID: otherLogID, fence: fence(6))
        try reader.copy(into: &writer)
        _ = try writer.finish()
        #expect(try plain.read(6, logID: otherLogID) == Self.sample)
        #expect(files.contents(path(6))?.count == files.contents(path(5))?.count)
    }

    @Test func aCrashLeavesAWholeSnapshotOrNone() throws {
        let whole = SimulatedFileSystem()
        try directory(whole).write(Self.sample, at: 5)
        var count = 0
        for index in 0..<whole.operationCount {
            let files = SimulatedFileSystem()
            files.setFaults(.crash(atOperation: index))
            #expect(throws: (any Error).self) {
                try directory(files).write(Self.sample, at: 5)
            }
            for choice in [CrashChoice.onlySynced, .everythingWritten]
                + (0..<4).map({ .seeded($0) })
            {
                let snapshots = try directory(files.crashImage(choice))
                if try snapshots.list() == [info(5)] {
                    #expect(try snapshots.read(5) == Self.sample, "operation \(index), \(choice)")
                } else {
                    #expect(try snapshots.list() == [])
                }
                count += 1
            }
        }
        #expect(count > 30)
    }
}

/// Writes so many zeros, whatever it is given; nil fails.
private struct Fixed: BatchCompressor {
    let byteCount: Int?
    var id: CompressionID { CompressionID(rawValue: 200) }

    func compress(_ batch: RawSpan, into output: inout BinaryBuffer) throws(CodecError) {
        guard let byteCount else { throw CodecError(code: .compressionFailed, offset: 0) }
        output.append(zeros: byteCount)
    }

    func decompress(
        _ stored: RawSpan, uncompressedByteCount: Int, into output: inout BinaryBuffer
    ) throws(CodecError) {
        throw CodecError(code: .decompressionFailed, offset: 0)
    }
}

/// zlib that counts how often it was asked to inflate.
private final class Counting: BatchCompressor {
    let callCount = Atomic(0)
    var id: CompressionID { .zlib }

    func compress(_ batch: RawSpan, into output: inout BinaryBuffer) throws(CodecError) {
        try ZlibBatchCompressor().compress(batch, into: &output)
    }

    func decompress(
        _ stored: RawSpan, uncompressedByteCount: Int, into output: inout BinaryBuffer
    ) throws(CodecError) {
        callCount.add(1, ordering: .relaxed)
        try ZlibBatchCompressor().decompress(
            stored, uncompressedByteCount: uncompressedByteCount, into: &output)
    }
}
