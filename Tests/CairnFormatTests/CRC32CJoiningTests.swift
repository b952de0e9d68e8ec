// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnFormat

/// The checksum of two runs, from those of each.
struct CRC32CJoiningTests {
    private static let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* $0 &+ $0 >> 5) }

    private static func checksum(_ bytes: ArraySlice<UInt8>, seed: UInt32 = 0) -> UInt32 {
        CRC32C.checksum(of: Array(bytes).span.bytes, seed: seed)
    }

    @Test(arguments: [0, 1, 2, 3, 7, 8, 64, 1000, 2999, 3000]) func joins(at place: Int) {
        for seed in [0, 0x1234_5678] as [UInt32] {
            let first = Self.checksum(Self.bytes[..<place], seed: seed)
            let second = Self.checksum(Self.bytes[place...])
            let joined = CRC32C.checksum(
                of: first, followedBy: second, byteCount: UInt64(Self.bytes.count - place))
            #expect(joined == Self.checksum(Self.bytes[...], seed: seed), "seed \(seed)")
        }
    }

    @Test func aRunOfManyZerosIsNoMoreWork() {
        // Twice 2^20 zeros are 2^21; and so on, up to more than any file has.
        var sum = Self.checksum(ArraySlice(repeating: 0, count: 1 << 20))
        let twice = Self.checksum(ArraySlice(repeating: 0, count: 1 << 21))
        #expect(CRC32C.checksum(of: sum, followedBy: sum, byteCount: 1 << 20) == twice)
        for power in 20..<62 as Range<UInt64> {
            sum = CRC32C.checksum(of: sum, followedBy: sum, byteCount: 1 << power)
        }
        #expect(sum != 0)
    }
}
