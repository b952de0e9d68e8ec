// SPDX-License-Identifier: Apache-2.0
//
// Finds the single flipped bit of a message from its checksum.
//
// CRC-32C is linear: the difference between the computed and the stored checksum depends only on which
// bits differ. For one bit it is a value that follows from the bit's distance to the end, and no two
// bits of a message below 2³¹ bits share one.

/// The position of a single flipped bit.
enum BitError {
    /// The byte and the bit whose flip changes the checksum by `difference`.
    ///
    /// - Returns: Nil when no single flip does. A byte at or behind `messageByteCount` lies in the
    ///   checksum itself, which follows the message, least significant byte first.
    /// - Complexity: O(*n*) in the bytes of the message, eight steps each.
    static func position(
        of difference: UInt32, messageByteCount: Int
    ) -> (byte: Int, bit: Int)? {
        if difference.nonzeroBitCount == 1 {
            let bit = difference.trailingZeroBitCount
            return (messageByteCount + bit / 8, bit % 8)
        }
        var effects = (0..<8).map { table[1 << $0] }
        for distance in 0..<messageByteCount {
            for bit in 0..<8 {
                if effects[bit] == difference { return (messageByteCount - 1 - distance, bit) }
                effects[bit] = effects[bit] >> 8 ^ table[Int(effects[bit] & 0xff)]
            }
        }
        return nil
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { crc, _ in
            crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1
        }
    }
}
