// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

@testable import CairnSegments

@Suite struct BitErrorTests {
    @Test(arguments: [0, 1, 2, 3, 8, 33, 120])
    func everyBitIsFound(_ byteCount: Int) throws {
        let message = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 91 &+ 5) }
        for seed in [UInt32(0), 0xdead_beef] {
            let stored = CRC32C.checksum(of: message.span.bytes, seed: seed)
            for bit in 0..<byteCount * 8 {
                var damaged = message
                damaged[bit / 8] ^= 1 << UInt8(bit % 8)
                let difference = CRC32C.checksum(of: damaged.span.bytes, seed: seed) ^ stored
                let found = try #require(
                    BitError.position(of: difference, messageByteCount: byteCount))
                #expect(found == (bit / 8, bit % 8), "bit \(bit) of \(byteCount) bytes")
            }
            for bit in 0..<32 {
                let found = try #require(
                    BitError.position(of: 1 << UInt32(bit), messageByteCount: byteCount))
                #expect(found == (byteCount + bit / 8, bit % 8))
            }
        }
    }

    @Test func twoBitsAreNoSingleOne() {
        let message = [UInt8](repeating: 0x5a, count: 12)
        let stored = CRC32C.checksum(of: message.span.bytes, seed: 1)
        for first in 0..<96 {
            for second in 0..<first {
                var damaged = message
                damaged[first / 8] ^= 1 << UInt8(first % 8)
                damaged[second / 8] ^= 1 << UInt8(second % 8)
                let difference = CRC32C.checksum(of: damaged.span.bytes, seed: 1) ^ stored
                #expect(
                    BitError.position(of: difference, messageByteCount: 12) == nil,
                    "bits \(first) and \(second)")
            }
        }
    }
}
