// SPDX-License-Identifier: Apache-2.0

import CairnInterpreter

/// Finds bytes that give a checksum a wanted value.
///
/// A CRC is linear: what flipping a bit of the message changes in the checksum depends on the bit alone, also
/// where the checksum is the seed of another one. So 32 bits or a few more reach every value.
enum ChecksumForge {
    /// The message that differs from `message` in some of `bytes` only and has the wanted checksum.
    static func message(
        _ message: [UInt8], changing bytes: Range<Int>, to wanted: UInt32,
        _ checksum: ([UInt8]) -> UInt32
    ) -> [UInt8]? {
        let start = checksum(message)
        // Each row: what a set of bits changes, and which bits they are.
        var rows: [(effect: UInt32, bits: [Int])] = []
        for bit in bytes.lowerBound * 8..<bytes.upperBound * 8 {
            var row = (effect: checksum(flipped(message, [bit])) ^ start, bits: [bit])
            for other in rows where row.effect ^ other.effect < row.effect {
                row = (row.effect ^ other.effect, row.bits + other.bits)
            }
            guard row.effect != 0 else { continue }
            rows.append(row)
            rows.sort { $0.effect > $1.effect }
        }
        var left = (effect: wanted ^ start, bits: [Int]())
        for row in rows where left.effect ^ row.effect < left.effect {
            left = (left.effect ^ row.effect, left.bits + row.bits)
        }
        return left.effect == 0 ? flipped(message, left.bits) : nil
    }

    private static func flipped(_ message: [UInt8], _ bits: [Int]) -> [UInt8] {
        var copy = message
        for bit in bits { copy[bit / 8] ^= 1 << UInt8(bit % 8) }
        return copy
    }
}
