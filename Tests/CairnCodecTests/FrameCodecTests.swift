// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnLSN
import Testing

@Suite struct FrameCodecTests {
    static let log = LogID(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210)
    static let codec = FrameCodec(log: log, segment: SegmentID(rawValue: 7))

    static func payload(_ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
    }

    static func header(_ byteCount: Int, _ kind: FrameKind = .mutationBatch) -> FrameHeader {
        FrameHeader(
            kind: kind, lsn: LSN(rawValue: 0x1122_3344), relatedLSN: LSN(rawValue: 0x55),
            payloadByteCount: byteCount)
    }

    static func frame(
        _ byteCount: Int, _ codec: FrameCodec = codec, _ kind: FrameKind = .mutationBatch
    ) -> [UInt8] {
        var buffer = BinaryBuffer()
        codec.append(header(byteCount, kind), payload: payload(byteCount).span.bytes, to: &buffer)
        return buffer.array()
    }

    /// Reads a frame; the payload comes back as an array.
    static func read(
        _ bytes: [UInt8], at offset: Int = 0, _ codec: FrameCodec = codec
    ) throws(CodecError) -> (FrameHeader, [UInt8]) {
        let header = try codec.header(in: bytes.span.bytes, at: offset)
        return (header, try codec.payload(of: header, in: bytes.span.bytes, at: offset).array())
    }

    /// What reading step by step says; in one pass it is the same.
    static func error(_ bytes: [UInt8], _ codec: FrameCodec = codec) -> CodecError.Code? {
        let frame: Result<Frame, CodecError> = Result { () throws(CodecError) in
            try codec.frame(in: bytes.span.bytes, at: 0)
        }
        do {
            let (header, _) = try read(bytes, at: 0, codec)
            #expect(try frame.get().header == header)
            #expect(
                try frame.get().checksums
                    == codec.checksums(of: header, in: bytes.span.bytes, at: 0))
            return nil
        } catch {
            #expect(frame == .failure(error))
            return error.code
        }
    }

    @Test func everySizeComesBack() throws {
        for size in 0...100 {
            let bytes = Self.frame(size)
            #expect(bytes.count % 8 == 0)
            #expect(bytes.count == FrameLayout.frameByteCount(payloadByteCount: size))
            let (header, payload) = try Self.read(bytes)
            #expect(header == Self.header(size))
            #expect(payload == Self.payload(size))
        }
    }

    @Test func everyKindAndFieldComesBack() throws {
        for kind in [1, 2, 3, 4, 5, 6, 7, 8, 0x81, 0x80, 0xff].map(FrameKind.init(rawValue:)) {
            for lsn in [LSN.never, .first, .last] {
                let header = FrameHeader(
                    kind: kind, compression: CompressionID(rawValue: 200), lsn: lsn,
                    relatedLSN: LSN(rawValue: ~lsn.rawValue), payloadByteCount: 3,
                    uncompressedByteCount: 600)
                var buffer = BinaryBuffer()
                Self.codec.append(header, payload: Self.payload(3).span.bytes, to: &buffer)
                #expect(try Self.read(buffer.array()).0 == header)
            }
        }
    }

    @Test func aPrefixIsPartOfThePayload() throws {
        var buffer = BinaryBuffer()
        Self.codec.append(
            Self.header(11), prefix: 0x0807_0605_0403_0201,
            payload: ([9, 10, 11] as [UInt8]).span.bytes,
            to: &buffer)
        #expect(try Self.read(buffer.array()).1 == Array(1...11))
    }

    @Test func framesLieAnywhereInTheBytes() throws {
        var bytes: [UInt8] = []
        var offsets: [Int] = []
        for size in [0, 1, 40, 7] {
            offsets.append(bytes.count)
            bytes += Self.frame(size)
        }
        for (offset, size) in zip(offsets, [0, 1, 40, 7]) {
            #expect(try Self.read(bytes, at: offset).1 == Self.payload(size))
        }
        for offset in -1...bytes.count + 40 where !offsets.contains(offset) {
            #expect(throws: CodecError.self, "offset \(offset)") {
                try Self.read(bytes, at: offset)
            }
        }
    }

    @Test func everyFlippedBitIsAnError() {
        for size in [0, 1, 3, 4, 5, 20, 100] {
            let pristine = Self.frame(size)
            for bit in 0..<pristine.count * 8 {
                var bytes = pristine
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                let code = Self.error(bytes)
                let expected: CodecError.Code = bit < 32 * 8 ? .headerChecksum : .payloadChecksum
                #expect(code == expected, "size \(size), bit \(bit)")
            }
        }
    }

    @Test func everyTwoFlippedBitsAreAnError() {
        let pristine = Self.frame(5)
        for first in 0..<pristine.count * 8 {
            for second in 0..<first {
                var bytes = pristine
                bytes[first / 8] ^= 1 << UInt8(first % 8)
                bytes[second / 8] ^= 1 << UInt8(second % 8)
                if Self.error(bytes) == nil { Issue.record("bits \(first) and \(second)") }
            }
        }
    }

    @Test func everyTruncationIsTruncated() {
        for size in [0, 1, 4, 5, 100] {
            let bytes = Self.frame(size)
            for count in 0..<bytes.count {
                #expect(Self.error(Array(bytes[..<count])) == .truncated, "\(count) of \(size)")
            }
        }
    }

    @Test func framesOfOthersNeverValidate() {
        let others = [
            FrameCodec(log: Self.log, segment: SegmentID(rawValue: 8)),
            FrameCodec(log: Self.log, segment: SegmentID(rawValue: 7 << 32)),
            FrameCodec(
                log: LogID(high: Self.log.high, low: Self.log.low ^ 1),
                segment: SegmentID(rawValue: 7)),
            FrameCodec(
                log: LogID(high: Self.log.low, low: Self.log.high), segment: SegmentID(rawValue: 7)),
        ]
        for (index, other) in others.enumerated() {
            for size in [0, 1, 50] {
                #expect(Self.error(Self.frame(size), other) == .headerChecksum, "\(index)")
                #expect(Self.error(Self.frame(size, other)) == .headerChecksum, "\(index)")
            }
        }
    }

    @Test func aPayloadCannotBeMovedBehindAnotherHeader() {
        for size in [0, 8, 50] {
            var other = BinaryBuffer()
            var header = Self.header(size)
            header.lsn = LSN(rawValue: header.lsn.rawValue + 1)
            Self.codec.append(header, payload: Self.payload(size).span.bytes, to: &other)
            let mixed = Array(other.array()[..<32]) + Self.frame(size)[32...]
            #expect(Self.error(mixed) == .payloadChecksum)
        }
    }

    /// A frame whose header says something else, with its checksum made to fit.
    static func repaired(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
        var bytes = frame(20)
        change(&bytes)
        let sum = CRC32C.checksum(of: bytes.span.bytes.extracting(0..<28), seed: codec.salt)
        for index in 0..<4 { bytes[28 + index] = UInt8(truncatingIfNeeded: sum >> (index * 8)) }
        return bytes
    }

    @Test func headersAreJudgedInTheDocumentedOrder() {
        #expect(Self.error([UInt8](repeating: 0, count: 64)) == .noFrame)
        #expect(Self.error([UInt8](repeating: 0, count: 31)) == .truncated)
        let unknown: (inout [UInt8]) -> Void = { $0[4] = 0x7f }
        let reserved: (inout [UInt8]) -> Void = { $0[6] = 1 }
        let large: (inout [UInt8]) -> Void = { $0[3] = 0xff }
        let ratio: (inout [UInt8]) -> Void = { bytes in
            bytes[5] = 1
            bytes[26] = 1
        }
        func broken(_ bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            bytes[28] ^= 1
            return bytes
        }
        let all = Self.repaired {
            unknown(&$0)
            reserved(&$0)
            large(&$0)
        }
        #expect(Self.error(broken(all)) == .headerChecksum)
        #expect(Self.error(all) == .unknownKind)
        #expect(Self.error(Self.repaired { $0[4] = 0 }) == .unknownKind)
        #expect(
            Self.error(
                Self.repaired {
                    reserved(&$0); large(&$0)
                }) == .reservedNotZero)
        #expect(Self.error(Self.repaired { $0[7] = 0x80 }) == .reservedNotZero)
        // A size before compression, and no compression.
        #expect(Self.error(Self.repaired { $0[24] = 1 }) == .reservedNotZero)
        #expect(Self.error(Self.repaired(large)) == .limitExceeded)
        #expect(Self.error(Self.repaired(ratio)) == .limitExceeded)
        // A header that holds without its payload.
        #expect(Self.error(Self.repaired { $0[8] ^= 1 }) == .payloadChecksum)
    }

    @Test func everyByteOfPaddingIsZero() {
        for size in 0...8 {
            let pristine = Self.frame(size)
            let end = pristine.count - 4
            for place in 32 + size..<end {
                var bytes = pristine
                bytes[place] = 1
                let header = CRC32C.checksum(
                    of: bytes.span.bytes.extracting(0..<28), seed: Self.codec.salt)
                let sum = CRC32C.checksum(
                    of: bytes.span.bytes.extracting(32..<end), seed: header)
                for index in 0..<4 {
                    bytes[end + index] = UInt8(truncatingIfNeeded: sum >> (index * 8))
                }
                #expect(Self.error(bytes) == .paddingNotZero, "byte \(place), size \(size)")
            }
        }
    }

    @Test func limitsAreEnforcedToTheByte() throws {
        let limits = FrameLimits(
            payloadByteCountMax: 20, uncompressedByteCountMax: 100, compressionRatioMax: 10)
        let small = FrameCodec(log: Self.log, segment: SegmentID(rawValue: 7), limits: limits)
        #expect(Self.error(Self.frame(20), small) == nil)
        #expect(Self.error(Self.frame(21), small) == .limitExceeded)
        for (stored, uncompressed, isAllowed) in [
            (5, 50, true), (5, 51, false), (20, 100, true), (20, 101, false), (0, 0, true),
            (0, 1, false),
        ] {
            var buffer = BinaryBuffer()
            var header = Self.header(stored)
            header.compression = .zlib
            header.uncompressedByteCount = uncompressed
            Self.codec.append(header, payload: Self.payload(stored).span.bytes, to: &buffer)
            let code = Self.error(buffer.array(), small)
            #expect(code == (isAllowed ? nil : .limitExceeded), "\(uncompressed) in \(stored)")
        }
    }

    @Test func aRatioWithoutBoundAllowsEverything() {
        let limits = FrameLimits(compressionRatioMax: .max)
        #expect(limits.allowsRatio(of: 1 << 40, to: 3))
        #expect(!limits.allowsRatio(of: 1, to: 0))
    }

    @Test func skippableKindsCarryNoNumbers() {
        for raw in UInt8.min...UInt8.max {
            let kind = FrameKind(rawValue: raw)
            #expect(kind.isSkippable == (raw >= 0x80))
            if kind.isSkippable { #expect(kind.lsnCount == 0) }
            let code = Self.error(Self.frame(3, Self.codec, kind))
            #expect(code == (kind.isKnown || kind.isSkippable ? nil : .unknownKind), "\(raw)")
        }
    }
}
