// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnLSN
import Testing

@testable import CairnSegments

@Suite struct SegmentHeaderTests {
    static let header = SegmentHeader(
        logID: SegmentFile.logID, segment: SegmentID(rawValue: 3), baseLSN: LSN(rawValue: 100),
        predecessorLastLSN: LSN(rawValue: 99), predecessorByteCount: 4711,
        predecessorChain: 0xdead_beef)

    static func encoded(_ header: SegmentHeader = header) -> [UInt8] {
        var buffer = BinaryBuffer()
        header.encode(into: &buffer)
        return buffer.array()
    }

    static func error(_ bytes: [UInt8]) -> FormatError.Code? {
        do {
            _ = try SegmentHeader(from: bytes.span.bytes)
            return nil
        } catch { return error.code }
    }

    /// The bytes with their checksums, or some of them, made to fit.
    static func repaired(
        _ bytes: [UInt8], preamble: Bool = true, header: Bool = true
    ) -> [UInt8] {
        var bytes = bytes
        func fix(_ offset: Int) {
            let sum = CRC32C.checksum(of: bytes.span.bytes.extracting(0..<offset))
            for index in 0..<4 {
                bytes[offset + index] = UInt8(truncatingIfNeeded: sum >> (index * 8))
            }
        }
        if preamble { fix(12) }
        if header { fix(68) }
        return bytes
    }

    @Test func headersComeBack() throws {
        #expect(Self.encoded().count == SegmentLayout.headerByteCount)
        for header in [Self.header, SegmentHeader(firstOf: SegmentFile.logID)] {
            #expect(try SegmentHeader(from: Self.encoded(header).span.bytes) == header)
        }
        var generator = BinaryBuffer()
        let checksum = Self.header.encode(into: &generator)
        #expect(generator.bytes.load(SegmentLayout.checksum) == checksum)
    }

    @Test func theIdentityIsStoredAsItReads() {
        let text = SegmentFile.logID.description
        let stored = Self.encoded()[16..<32]
            .map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
        #expect(stored == text)
    }

    @Test func everyFlippedBitIsDamage() {
        let pristine = Self.encoded()
        for bit in 0..<pristine.count * 8 {
            var bytes = pristine
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Self.error(bytes) == .badChecksum, "bit \(bit)")
        }
    }

    @Test func everyTruncationIsTruncated() {
        let bytes = Self.encoded()
        for count in 0..<bytes.count {
            #expect(Self.error(Array(bytes[..<count])) == .truncated, "\(count) bytes")
        }
    }

    @Test func headersAreJudgedInOrder() {
        var other = Self.encoded()
        other.replaceSubrange(0..<8, with: Array("SOMETHIN".utf8))
        #expect(Self.error(other) == .badMagic)
        #expect(Self.error(Self.repaired(other)) == .badMagic)

        var newer = Self.encoded()
        newer[8] = 2
        #expect(Self.error(newer) == .badChecksum)
        #expect(Self.error(Self.repaired(newer, header: false)) == .unsupportedVersion)
        #expect(Self.error(Self.repaired(newer)) == .unsupportedVersion)

        var minor = Self.encoded()
        minor[10] = 9
        #expect(Self.error(minor) == .badChecksum)
        #expect(Self.error(Self.repaired(minor)) == nil)
    }

    @Test func numbersThatCannotBeAreRefused() {
        let changes: [(String, (inout [UInt8]) -> Void)] = [
            ("segment 0", { $0.replaceSubrange(32..<40, with: repeatElement(0, count: 8)) }),
            (
                "base 0 behind the last number",
                {
                    $0.replaceSubrange(40..<48, with: repeatElement(0, count: 8))
                    $0.replaceSubrange(48..<56, with: repeatElement(0xff, count: 8))
                }
            ),
            ("a gap to the segment before", { $0[48] = 98 }),
        ]
        for (name, change) in changes {
            var bytes = Self.encoded()
            change(&bytes)
            #expect(Self.error(Self.repaired(bytes)) == .invalidValue, "\(name)")
        }
    }

    @Test func theReaderTellsWhatIsWrong() throws {
        let pristine = SegmentFile().bytes
        func code(_ bytes: [UInt8], _ name: SegmentName? = nil) -> SegmentError.Code? {
            do {
                _ = try Reading(bytes, name: name ?? SegmentHeader(firstOf: SegmentFile.logID).name)
                return nil
            } catch { return (error as? SegmentError)?.code }
        }
        #expect(code(pristine) == nil)
        for count in 0..<pristine.count { #expect(code(Array(pristine[..<count])) == .corruption) }
        for bit in 0..<pristine.count * 8 {
            var bytes = pristine
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(code(bytes) == .corruption, "bit \(bit)")
        }
        var newer = pristine
        newer[9] = 1
        #expect(code(Self.repaired(newer)) == .unsupportedVersion)
        #expect(code(Array(repeating: 0x61, count: 100)) == .notALog)
        #expect(code(Array(repeating: 0, count: 100)) == .notALog)
        let wrong = SegmentName(segment: SegmentID(rawValue: 2), baseLSN: .first)
        #expect(code(pristine, wrong) == .corruption)
    }
}
