// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

struct FilePreambleTests {
    private static let magic = FilePreamble.magic("CAIRNTST")
    private static let version = FormatVersion(major: 2, minor: 3)

    private func preamble(
        _ magic: UInt64 = magic, _ version: FormatVersion = version
    ) -> [UInt8] {
        var buffer = BinaryBuffer()
        buffer.append(UInt8(0xee))
        FilePreamble.append(magic: magic, version: version, to: &buffer)
        return Array(buffer.array().dropFirst())
    }

    private func check(_ bytes: [UInt8]) throws(FormatError) -> FormatVersion {
        try FilePreamble.check(bytes.span.bytes, magic: Self.magic, supported: Self.version)
    }

    @Test func magicReadsAsTextInTheFile() {
        #expect(String(decoding: preamble().prefix(8), as: UTF8.self) == "CAIRNTST")
        #expect(preamble().count == FilePreamble.byteCount)
    }

    @Test func versionsUpToTheSupportedMajorAreRead() throws {
        for version in [(0, 0), (1, 9), (2, 0), (2, 65_535)] {
            let version = FormatVersion(major: UInt16(version.0), minor: UInt16(version.1))
            #expect(try check(preamble(Self.magic, version)) == version)
        }
    }

    @Test func newerMajorIsUnsupportedAndNotDamaged() {
        for major in [3, UInt16.max] {
            #expect(throws: FormatError(code: .unsupportedVersion, offset: 8)) {
                try check(preamble(Self.magic, FormatVersion(major: major, minor: 0)))
            }
        }
    }

    @Test func everyBitFlipIsDamageAndNeverAnotherKindOrVersion() {
        for bit in 0..<FilePreamble.byteCount * 8 {
            var bytes = preamble()
            bytes[bit / 8] ^= 1 << (bit % 8)
            do throws(FormatError) {
                _ = try check(bytes)
                Issue.record("bit \(bit) passed")
            } catch {
                #expect(error.code == .badChecksum, "bit \(bit)")
            }
        }
    }

    @Test func otherFilesAreOfAnotherKind() {
        #expect(throws: FormatError(code: .badMagic, offset: 0)) {
            try check(preamble(FilePreamble.magic("SQLitefm")))
        }
        #expect(throws: FormatError(code: .badMagic, offset: 0)) {
            try check([UInt8](repeating: 0, count: 16))
        }
    }

    @Test func shortFilesAreTruncated() {
        for count in 0..<FilePreamble.byteCount {
            #expect(throws: FormatError(code: .truncated, offset: count)) {
                try check(Array(preamble().prefix(count)))
            }
        }
    }
}
