// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import Testing

/// Every aligned number of a file, replaced by numbers at the edges, with all checksums right.
struct EdgeValueTests {
    private static let words: [UInt32] = [0, 1, 0x7fff_ffff, 0x8000_0000, .max - 1, .max]
    private static let longs: [UInt64] = [
        0, 1, UInt64(UInt32.max), 1 << 32, .max >> 1, 1 << 63, .max - 7, .max - 1, .max,
    ]

    @Test func everyNumberOfAFrame() throws { try replaceNumbers(.frame, switches: [1, 5]) }

    @Test func everyNumberOfASegment() throws { try replaceNumbers(.segment, switches: [1, 3]) }

    @Test func everyNumberOfASnapshot() throws { try replaceNumbers(.snapshot, switches: [1]) }

    /// The whole store behind one segment: what a number does to recovery.
    @Test func everyNumberOfAStoreOfOneSegment() throws {
        let segment = SegmentSeed.segment(payloads: [BatchSeed.end], end: .durableMark)
        let entry: [UInt8] = [1, UInt8(segment.count), 0]
        try replaceNumbers(in: segment, words: []) { bytes, place in
            try expectToHold(.store, entry + bytes, place)
        }
    }

    private func replaceNumbers(_ target: FuzzTarget, switches: [UInt8]) throws {
        // The first bytes of a seed are its switches; one seed of each kind is enough.
        let head = target.name == "segment" ? 3 : 1
        for seed in target.seeds() where switches.contains(seed[0]) {
            try replaceNumbers(in: Array(seed[head...])) { bytes, place in
                for choice in switches {
                    let input = [choice] + seed[1..<head] + bytes
                    try expectToHold(target, input, "switches \(choice), \(place)")
                }
            }
        }
    }

    private func replaceNumbers(
        in bytes: [UInt8], words: [UInt32] = words, _ body: ([UInt8], String) throws -> Void
    ) throws {
        for offset in stride(from: 0, through: bytes.count - 4, by: 4) {
            for word in words {
                var changed = bytes
                Repair.put(word, &changed, at: offset)
                try body(changed, "\(word) at \(offset)")
            }
            guard offset.isMultiple(of: 8), offset + 8 <= bytes.count else { continue }
            for long in Self.longs {
                var changed = bytes
                Repair.put(long, &changed, at: offset)
                try body(changed, "\(long) at \(offset)")
            }
        }
    }

    private func expectToHold(_ target: FuzzTarget, _ bytes: [UInt8], _ place: String) throws {
        do throws(BrokenInvariant) {
            try target.run(bytes.span.bytes)
        } catch {
            Issue.record("\(target.name), \(place): \(error.meaning)")
        }
    }
}
