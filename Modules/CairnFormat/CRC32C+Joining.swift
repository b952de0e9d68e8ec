// SPDX-License-Identifier: Apache-2.0
//
// A checksum is a polynomial over one bit, modulo that of CRC-32C. Bytes that follow multiply what is before by a power
// of x, so the checksum of both follows from the checksums of each and the number of bytes between.

extension CRC32C {
    /// The checksum of two runs of bytes, of which only the checksums are known.
    ///
    /// - Parameters:
    ///   - first: The checksum of the first run, whatever it was started from.
    ///   - second: The checksum of the second run, without a seed.
    ///   - byteCount: The number of bytes of the second run.
    /// - Complexity: O(log *n*) in that number.
    package static func checksum(
        of first: UInt32, followedBy second: UInt32, byteCount: UInt64
    ) -> UInt32 {
        // The highest bit stands for 1, the next one for x.
        var power: UInt32 = 1 << 31
        var factor: UInt32 = 1 << 23
        var rest = byteCount
        while rest > 0 {
            if rest & 1 == 1 { power = product(power, factor) }
            factor = product(factor, factor)
            rest >>= 1
        }
        return product(power, first) ^ second
    }

    private static let polynomial: UInt32 = 0x82F6_3B78

    private static func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
        var (sum, shifted): (UInt32, UInt32) = (0, right)
        for bit in (0..<32).reversed() {
            if left >> UInt32(bit) & 1 == 1 { sum ^= shifted }
            shifted = shifted & 1 == 1 ? shifted >> 1 ^ polynomial : shifted >> 1
        }
        return sum
    }
}
