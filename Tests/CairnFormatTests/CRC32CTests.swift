// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

struct CRC32CTests {
    /// The vectors of RFC 3720, appendix B.4, and the check value that catalogues of checksums give.
    static let vectors: [(bytes: [UInt8], checksum: UInt32)] = [
        ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
        ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
        ([UInt8](0...31), 0x46dd_794e),
        ((0...31).reversed(), 0x113f_db5c),
        (readCommand, 0xd996_3a56),
        (Array("123456789".utf8), 0xe306_9283),
        ([], 0),
    ]

    /// The header of a SCSI read command.
    private static let readCommand: [UInt8] = [
        0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0,
        0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
    ]

    @Test func publishedVectors() {
        for (bytes, checksum) in Self.vectors {
            expectEqual(CRC32C.checksum(of: bytes.span.bytes), checksum)
            expectEqual(CRC32C.checksumByTable(of: bytes.span.bytes), checksum)
        }
    }

    static let noise: [UInt8] = {
        var state: UInt64 = 1
        return (0..<40_000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }()

    @Test func hardwareEqualsTableForEveryLengthAndStart() {
        // Starts 0...8 cross every alignment; the large lengths are those where the lanes change.
        for start in 0...8 {
            let lengths = start == 0 ? Array(0...2000) : Array(stride(from: 0, to: 2000, by: 61))
            for length in lengths + Self.laneBorders {
                let bytes = Self.noise.span.bytes.extracting(start..<start + length)
                expectEqual(
                    CRC32C.checksum(of: bytes), CRC32C.checksumByTable(of: bytes),
                    "start \(start), length \(length)")
            }
        }
    }

    static let laneBorders: [Int] = {
        let borders = [768, 1536, 12_288, 24_576, 13_056]
        return borders.flatMap { border in Array(border - 9...border + 9) }
    }()

    @Test func aWordIsItsEightBytes() {
        for start in 0..<100 {
            let bytes = Self.noise.span.bytes.extracting(start..<start + 8)
            let word = UInt64(littleEndian: bytes.unsafeLoadUnaligned(as: UInt64.self))
            for seed in [0, 1, 0xdead_beef, UInt32.max] {
                expectEqual(
                    CRC32C.checksum(of: word, seed: seed),
                    CRC32C.checksumByTable(of: bytes, seed: seed), "start \(start), seed \(seed)")
            }
        }
    }

    @Test func seedsChain() {
        let bytes = Self.noise.span.bytes.extracting(0..<13_000)
        let whole = CRC32C.checksum(of: bytes)
        for cut in [0, 1, 7, 8, 255, 256, 768, 4096, 12_288, 12_999, 13_000] {
            let first = CRC32C.checksum(of: bytes.extracting(0..<cut))
            let rest = bytes.extracting(cut..<13_000)
            expectEqual(CRC32C.checksum(of: rest, seed: first), whole, "cut \(cut)")
            expectEqual(CRC32C.checksumByTable(of: rest, seed: first), whole, "cut \(cut)")
        }
    }

    @Test func everySaltChangesTheChecksum() {
        let bytes = Self.noise.span.bytes.extracting(0..<100)
        let salts = [0, 1, 2, 0x8000_0000, UInt32.max]
        var found: Set<UInt32> = []
        for salt in salts { found.insert(CRC32C.checksum(of: bytes, seed: salt)) }
        #expect(found.count == salts.count)
    }
}
