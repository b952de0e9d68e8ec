// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnLSN
import CairnTesting
import Testing

@testable import CairnSegments

@Suite struct SegmentReaderTests {
    @Test func framesComeBackInOrder() throws {
        let sizes = [0, 1, 300, 8, 70_000, 400_000, 5]
        let file = try SegmentFile.sample(sizes, isClosed: true)
        let reading = try Reading(file.bytes)
        #expect(reading.damage == nil)
        #expect(reading.frames.map(\.lsn.rawValue) == [1, 4, 7, 10, 13, 16, 19, 21])
        #expect(reading.payloads.map(\.count) == sizes.map { $0 + 8 } + [0])
        #expect(reading.progress == file.encoder.progress)
        for (index, size) in sizes.enumerated() where size > 0 {
            #expect(reading.payloads[index][8] == UInt8(truncatingIfNeeded: index) | 1)
        }
    }

    /// Where a window ends within a frame, in its header or exactly between two, nothing else is read.
    @Test(arguments: (0...30).map { $0 * 8 })
    func windowsEndAnywhere(firstByteCount: Int) throws {
        let sizes = [firstByteCount] + Array(repeating: 160, count: 1400)
        let file = try SegmentFile.sample(sizes)
        #expect(file.bytes.count > 256 << 10)
        let reading = try Reading(file.bytes)
        #expect(reading.damage == nil)
        #expect(reading.payloads.map(\.count) == sizes.map { $0 + 8 })
        #expect(reading.progress == file.encoder.progress)

        // One flipped bit in the frame that lies on the border.
        let border = try #require(file.ends.firstIndex { $0 >= 256 << 10 })
        var damaged = file.bytes
        damaged[file.ends[border - 1] + 40] ^= 1
        let found = try Reading(damaged)
        #expect(found.frames.count == border - 1)
        #expect(found.damage?.kind == .codec(.payloadChecksum))
        #expect(found.damage?.offset == UInt64(file.ends[border - 1]))
    }

    @Test func zerosAreACleanEnd() throws {
        let file = try SegmentFile.sample([5, 100])
        for count in [1, 7, 8, 31, 32, 33, 4096, 300_000] {
            let reading = try Reading(file.bytes + [UInt8](repeating: 0, count: count))
            #expect(reading.damage == nil, "\(count) zeros")
            #expect(reading.progress == file.encoder.progress)
        }
        #expect(try Reading(SegmentFile().bytes + [UInt8](repeating: 0, count: 99)).frames.isEmpty)
    }

    @Test func bytesBehindZerosAreDamage() throws {
        let file = try SegmentFile.sample([5])
        for count in [0, 1, 31, 32, 40, 5000, 300_000] {
            let reading = try Reading(file.bytes + [UInt8](repeating: 0, count: count) + [1])
            #expect(reading.damage?.offset == UInt64(file.bytes.count), "\(count) zeros")
            #expect(reading.damage?.lsn == LSN(rawValue: 4))
            let isShort = count < 31
            #expect(
                reading.damage?.kind
                    == (isShort
                        ? .truncated : count == 31 ? .codec(.headerChecksum) : .bytesAfterEnd),
                "\(count) zeros")
            #expect(reading.analysis?.verdict == .tornTail, "\(count) zeros")
            #expect(reading.analysis?.tailEnd == UInt64(file.bytes.count + count + 1))
        }
    }

    @Test func everyCutIsCleanAtABoundaryAndTornElsewhere() throws {
        let file = try SegmentFile.sample([20, 3, 700])
        for cut in file.ends[0]...file.bytes.count {
            let bytes = Array(file.bytes[..<cut])
            let whole = file.ends.lastIndex { $0 <= cut }!
            for padding in [0, 64] {
                let reading = try Reading(bytes + [UInt8](repeating: 0, count: padding))
                let place = "cut at \(cut), \(padding) zeros"
                #expect(reading.frames.count == whole, "\(place)")
                if file.ends.contains(cut) {
                    #expect(reading.damage == nil, "\(place)")
                } else {
                    #expect(reading.damage?.offset == UInt64(file.ends[whole]), "\(place)")
                    #expect(reading.damage?.lsn.rawValue == UInt64(whole) * 3 + 1, "\(place)")
                    #expect(reading.analysis?.verdict == .tornTail, "\(place)")
                    #expect(reading.analysis?.evidence == DamageAnalysis.Evidence.none, "\(place)")
                    let last = bytes.lastIndex { $0 != 0 }! + 1
                    #expect(
                        reading.analysis?.tailEnd == UInt64(max(last, file.ends[whole])), "\(place)"
                    )
                }
            }
        }
    }

    @Test func framesOfAnEarlierLifeAreNotAccepted() throws {
        // The same file, with frames that were written before as another segment or of another log.
        let file = try SegmentFile.sample([20])
        var earlier = SegmentFile(
            SegmentHeader(
                logID: SegmentFile.logID, segment: SegmentID(rawValue: 2),
                baseLSN: LSN(rawValue: 4),
                predecessorLastLSN: LSN(rawValue: 3), predecessorByteCount: 0, predecessorChain: 0))
        try earlier.append(durable: LSN(rawValue: 3), [1, 2, 3])
        var other = SegmentFile(
            SegmentHeader(
                logID: LogID(high: 1, low: 2), segment: .first, baseLSN: LSN(rawValue: 4),
                predecessorLastLSN: LSN(rawValue: 3), predecessorByteCount: 0, predecessorChain: 0))
        try other.append(durable: LSN(rawValue: 3), [1, 2, 3])
        for old in [earlier, other] {
            let reading = try Reading(file.bytes + old.bytes[72...])
            #expect(reading.frames.count == 1)
            #expect(reading.damage?.kind == .codec(.headerChecksum))
            #expect(reading.analysis?.verdict == .tornTail)
        }
    }

    @Test func numbersMustFollowEachOther() throws {
        let codec = FrameCodec(log: SegmentFile.logID, segment: .first)
        let file = try SegmentFile.sample([20])
        for (kind, lsn, isInOrder) in [
            (FrameKind.transaction, UInt64(4), true), (.transaction, 3, false),
            (.transaction, 5, false), (.transaction, 1, false), (.transaction, .max, false),
            (.checkpoint, 4, true), (.checkpoint, 5, false), (.durableMark, 3, true),
            (.durableMark, 4, false), (FrameKind(rawValue: 0xc0), 3, true),
            (FrameKind(rawValue: 0xc0), 4, false),
        ] {
            var buffer = BinaryBuffer()
            let header = FrameHeader(
                kind: kind, lsn: LSN(rawValue: lsn), relatedLSN: .never, payloadByteCount: 0)
            codec.append(header, payload: RawSpan(), to: &buffer)
            let reading = try Reading(file.bytes + buffer.array())
            #expect((reading.damage == nil) == isInOrder, "\(kind) at \(lsn)")
            guard !isInOrder else { continue }
            #expect(reading.damage?.kind == .lsnOutOfOrder, "\(kind) at \(lsn)")
            #expect(reading.analysis?.verdict == .corruption, "\(kind) at \(lsn)")
        }
    }

    @Test func theSealSaysWhatIsThere() throws {
        var file = try SegmentFile.sample([20, 30])
        let unsealed = file
        let next = try file.seal()
        let reading = try Reading(file.bytes + [0, 0, 0])
        #expect(reading.isSealed)
        #expect(reading.damage == nil)
        #expect(next.predecessorByteCount == UInt64(unsealed.bytes.count))
        #expect(next.predecessorLastLSN == LSN(rawValue: 6))
        #expect(next.predecessorChain == unsealed.encoder.progress.chain)
        #expect(next.baseLSN == LSN(rawValue: 7))

        // The seal of a segment with other content, in all else alike.
        var other = try SegmentFile.sample([20, 31])
        try other.seal()
        #expect(other.bytes.count == file.bytes.count)
        let seal = other.bytes[other.ends[2]...]
        let wrong = try Reading(unsealed.bytes + seal)
        #expect(wrong.damage?.kind == .sealMismatch)
        #expect(wrong.analysis?.verdict == .corruption)
        #expect(!wrong.isSealed)

        // Nothing comes behind a seal.
        var longer = try SegmentFile.sample([20, 30])
        try longer.append(durable: .never, [1])
        let frame = longer.bytes[longer.ends[2]...]
        let behind = try Reading(file.bytes + frame)
        #expect(behind.damage?.kind == .frameAfterSeal)
    }

    @Test func aSealedEmptySegment() throws {
        var file = SegmentFile()
        let next = try file.seal()
        #expect(try Reading(file.bytes).isSealed)
        #expect(next.baseLSN == .first)
        #expect(next.segment == SegmentID(rawValue: 2))
    }

    @Test func anyBytesAreReadWithoutTrapping() throws {
        let file = try SegmentFile.sample([20, 3, 50], isClosed: true)
        for seed in UInt64(0)..<400 {
            var generator = SplitMix64(seed: seed)
            var bytes = file.bytes
            for _ in 0..<Int(generator.next() % 6 + 1) {
                switch generator.next() % 3 {
                case 0: bytes[72 + Int(generator.next() % UInt64(bytes.count - 72))] = 0
                case 1:
                    let index = 72 + Int(generator.next() % UInt64(bytes.count - 72))
                    bytes[index] = UInt8(truncatingIfNeeded: generator.next())
                default: bytes.append(contentsOf: bytes.suffix(Int(generator.next() % 90)))
                }
            }
            let reading = try Reading(bytes)
            #expect(reading.frames.count <= 9, "seed \(seed)")
        }
    }
}
