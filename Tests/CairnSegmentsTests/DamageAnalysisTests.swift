// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnLSN
import Testing

@testable import CairnSegments

/// I11: what is damage, and what a crash leaves.
@Suite struct DamageAnalysisTests {
    /// True when an interrupted write can leave exactly these bytes in place of the last frame, with the
    /// flipped bit in the part that is missing: what the head of ``DamageAnalysis`` documents.
    static func tornWriteLooksTheSame(_ bytes: [UInt8], frameStart: Int, flipped: Int) -> Bool {
        let sector = flipped / 512 * 512
        let missing = bytes[max(sector, frameStart)..<min(bytes.count, sector + 512)]
        return missing.allSatisfy { $0 == 0 } || bytes[flipped...].allSatisfy { $0 == 0 }
    }

    /// The large frame is sampled behind its header, the others are done bit by bit.
    @Test(arguments: [[20], [20, 0], [5, 3], [30, 50], [400, 20], [12, 900]])
    func aFlippedBitOfTheLastFrameIsNeverATornEnd(_ sizes: [Int]) throws {
        let file = try SegmentFile.sample(sizes)
        let start = file.ends[sizes.count - 1]
        for bit in start * 8..<file.bytes.count * 8 {
            if sizes == [12, 900], bit > (start + 40) * 8, bit % 37 != 0 { continue }
            var bytes = file.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let analysis = try #require(try Reading(bytes).analysis)
            if Self.tornWriteLooksTheSame(bytes, frameStart: start, flipped: bit / 8) {
                #expect(analysis.verdict == .tornTail, "\(sizes), bit \(bit)")
                continue
            }
            #expect(analysis.verdict == .corruption, "\(sizes), bit \(bit)")
            let expected = DamageAnalysis.Evidence.flippedBit(offset: UInt64(bit / 8), bit: bit % 8)
            #expect(analysis.evidence == expected, "\(sizes), bit \(bit)")
        }
    }

    /// The last byte of the header is left as zero by the flip, and the payload is there all the same.
    @Test func aHeaderThatEndsInZerosIsNotTakenForAMissingRest() throws {
        var found = 0
        for durable in UInt64(0)..<600 where found < 5 {
            var file = try SegmentFile.sample([20])
            try file.append(durable: LSN(rawValue: durable), [1, 2, 3])
            let last = file.ends[1] + 31
            guard file.bytes[last].nonzeroBitCount == 1 else { continue }
            found += 1
            let bit = file.bytes[last].trailingZeroBitCount
            file.bytes[last] = 0
            let analysis = try Reading(file.bytes).analysis
            #expect(
                analysis?.evidence == .flippedBit(offset: UInt64(last), bit: bit),
                "durable \(durable)")
        }
        #expect(found == 5)
    }

    @Test func aFlippedBitOfAClosedLogIsAlwaysProven() throws {
        let file = try SegmentFile.sample([20, 0, 60], isClosed: true)
        for bit in 72 * 8..<file.ends[3] * 8 {
            var bytes = file.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let analysis = try #require(try Reading(bytes).analysis)
            #expect(analysis.verdict == .corruption, "bit \(bit)")
            guard case .laterWatermark(let durable, let offset) = analysis.evidence else {
                Issue.record("bit \(bit): \(analysis.evidence)")
                continue
            }
            #expect(durable.rawValue >= 3, "bit \(bit)")
            #expect(offset > UInt64(bit / 8), "bit \(bit)")
        }
    }

    @Test func noWatermarkLiesBehindTheLargestLSN() throws {
        let last = LSN(rawValue: .max)
        let header = SegmentHeader(
            logID: SegmentFile.logID, segment: .first, baseLSN: LSN(rawValue: .max - 2),
            predecessorLastLSN: LSN(rawValue: .max - 3), predecessorByteCount: 0,
            predecessorChain: 0)
        var file = SegmentFile(header)
        try file.append(durable: .never, [1, 2, 3])
        #expect(file.encoder.progress.lastLSN == last)
        // Behind bytes that are no frame there is an intact one: its watermark covers what was read already.
        var mark = BinaryBuffer()
        FrameCodec(log: SegmentFile.logID, segment: .first).append(
            FrameHeader(kind: .durableMark, lsn: last, relatedLSN: last, payloadByteCount: 0),
            payload: [UInt8]().span.bytes, to: &mark)
        let bytes = file.bytes + repeatElement(0x5a, count: 64) + mark.array()
        let reading = try Reading(bytes, name: header.name)
        #expect(reading.frames.count == 1)
        #expect(reading.analysis?.verdict == .tornTail)
    }

    @Test func bytesLostBeforeAWatermarkAreALoss() throws {
        let file = try SegmentFile.sample([20, 30, 700, 40])
        for frame in 0..<3 {
            for (start, end) in [(0, 8), (0, 32), (32, 40), (0, Int.max)] {
                var bytes = file.bytes
                let from = file.ends[frame] + start
                let to = min(file.ends[frame + 1], end == .max ? .max : file.ends[frame] + end)
                bytes.replaceSubrange(from..<to, with: repeatElement(0, count: to - from))
                let reading = try Reading(bytes)
                #expect(
                    reading.analysis?.verdict == .corruption, "frame \(frame), \(start)..<\(end)")
            }
        }
    }

    @Test func bytesLostBeforeFramesOfTheSameWriteAreATornEnd() throws {
        // Three transactions of one write: no watermark of them covers another.
        var file = try SegmentFile.sample([20])
        for size in [600, 700, 50] {
            try file.append(durable: LSN(rawValue: 3), [UInt8](repeating: 7, count: size))
        }
        for lost in 1..<4 {
            var bytes = file.bytes
            let from = file.ends[lost]
            let to = file.ends[lost + 1]
            bytes.replaceSubrange(from..<to, with: repeatElement(0, count: to - from))
            let reading = try Reading(bytes)
            #expect(reading.frames.count == lost)
            if lost == 3 {
                #expect(reading.damage == nil)
            } else {
                #expect(reading.analysis?.verdict == .tornTail, "frame \(lost)")
                #expect(reading.analysis?.tailEnd == UInt64(file.bytes.count))
            }
        }
    }

    @Test func aWatermarkIsFoundFarBehindTheDamage() throws {
        var file = try SegmentFile.sample([20])
        for _ in 0..<40 {
            try file.append(durable: LSN(rawValue: 3), [UInt8](repeating: 7, count: 65_000))
        }
        // Just before and behind where one window of the search ends and the next begins.
        for padding in stride(from: 0, through: 80, by: 8) {
            var longer = file
            try longer.append(durable: LSN(rawValue: 3), [UInt8](repeating: 9, count: padding))
            try longer.append(durable: LSN(rawValue: 6), [1])
            var bytes = longer.bytes
            bytes.replaceSubrange(
                longer.ends[1]..<longer.ends[2],
                with: repeatElement(0, count: longer.ends[2] - longer.ends[1]))
            let analysis = try Reading(bytes).analysis
            #expect(
                analysis?.evidence
                    == .laterWatermark(
                        durable: LSN(rawValue: 6), offset: UInt64(longer.ends[42])),
                "padding \(padding)")
        }
    }

    @Test func aWatermarkAtEveryPlaceOfTheWindow() throws {
        let file = try SegmentFile.sample([20])
        let codec = FrameCodec(log: SegmentFile.logID, segment: .first)
        var buffer = BinaryBuffer()
        let frame = FrameHeader(
            kind: .transaction, lsn: LSN(rawValue: 40), relatedLSN: LSN(rawValue: 30),
            payloadByteCount: 8)
        codec.append(frame, prefix: 1, payload: RawSpan(), to: &buffer)
        let window = 1 << 20
        for distance in stride(from: window - 80, through: window + 48, by: 8) {
            let gap = [UInt8](repeating: 0, count: distance - 8)
            let bytes = file.bytes + [1, 0, 0, 0, 0, 0, 0, 0] + gap + buffer.array()
            let analysis = try Reading(bytes).analysis
            let offset = UInt64(file.bytes.count + distance)
            #expect(
                analysis?.evidence == .laterWatermark(durable: LSN(rawValue: 30), offset: offset),
                "distance \(distance)")
            #expect(analysis?.tailEnd == UInt64(bytes.count), "distance \(distance)")
        }
    }

    @Test func aNewerKindIsUnsupported() throws {
        let codec = FrameCodec(log: SegmentFile.logID, segment: .first)
        let file = try SegmentFile.sample([20])
        for raw in UInt8(9)..<0x80 where raw != FrameKind.segmentKey.rawValue {
            var buffer = BinaryBuffer()
            let frame = FrameHeader(
                kind: FrameKind(rawValue: raw), lsn: LSN(rawValue: 4), relatedLSN: .never,
                payloadByteCount: 0)
            codec.append(frame, payload: RawSpan(), to: &buffer)
            let analysis = try Reading(file.bytes + buffer.array()).analysis
            #expect(analysis?.verdict == .unsupportedVersion, "kind \(raw)")
            #expect(analysis?.evidence == .newerFrame, "kind \(raw)")
        }
    }

    @Test func whatNoTornWriteLeavesIsDamage() throws {
        let codec = FrameCodec(log: SegmentFile.logID, segment: .first)
        let file = try SegmentFile.sample([20])
        let small = FrameLimits(payloadByteCountMax: 30)
        var buffer = BinaryBuffer()
        codec.append(
            FrameHeader(
                kind: .mutation, lsn: LSN(rawValue: 4), relatedLSN: .never, payloadByteCount: 31),
            payload: [UInt8](repeating: 1, count: 31).span.bytes, to: &buffer)
        let reading = try Reading(file.bytes + buffer.array(), limits: small)
        #expect(reading.damage?.kind == .codec(.limitExceeded))
        #expect(reading.analysis?.verdict == .corruption)
        #expect(reading.analysis?.evidence == .impossibleContent)
    }
}
