// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

@testable import CairnGraph

/// How many nodes and relationships a snapshot may speak of: just below each limit, at it, and just above.
struct SlotLimitsTests {
    private func error(
        _ buffer: borrowing BinaryBuffer, _ body: (inout ByteReader) throws(FormatError) -> Void
    ) -> FormatError.Code? {
        let bytes = buffer.array()
        return failure { () throws(FormatError) in
            var reader = ByteReader(bytes.span.bytes)
            try body(&reader)
        }?.code
    }

    @Test func aBitmapHasAsManySlotsAsAStore() {
        let limit = 200
        for slot in [limit - 2, limit - 1, limit] {
            var buffer = BinaryBuffer()
            for word in 0...slot / 64 {
                buffer.append(word == slot / 64 ? UInt64(1) << UInt64(slot % 64) : 0)
            }
            var bitmap = SlotBitmap()
            #expect(bitmap.slotCountMax == GraphLimits.slotCountMax)
            bitmap.slotCountMax = UInt64(limit)
            let code = error(buffer) { reader throws(FormatError) in try bitmap.read(&reader) }
            #expect(code == (slot < limit ? nil : .limitExceeded), "\(slot) of \(limit)")
        }
    }

    @Test(arguments: [false, true])
    func countsGoUpToTheSlotsOfAStore(ofRelationships: Bool) {
        let limit = GraphLimits.slotCountMax
        for count in [limit - 1, limit, limit + 1] {
            var buffer = BinaryBuffer()
            buffer.append(varint: SnapshotSection.version)
            for _ in 0..<4 { buffer.append(varint: 0) }
            buffer.append(varint: ofRelationships ? 1 : count)
            buffer.append(varint: ofRelationships ? count : 1)
            var loader = SnapshotLoader()
            let code = error(buffer) { reader throws(FormatError) in
                try loader.readCounts(&reader)
            }
            #expect(code == (count <= limit ? nil : .limitExceeded), "\(count) of \(limit)")
        }
    }

    /// What follows is missing, which is found only where the number is right.
    @Test func aBlockHas4096Entities() {
        let limit = UInt64(ColumnLimits.blockEntityCountMax)
        for count in [limit - 1, limit, limit + 1] {
            var buffer = BinaryBuffer()
            buffer.append(varint: count)
            let code = error(buffer) { reader throws(FormatError) in
                var names = UsedNames()
                _ = try Block(from: &reader, &names, hasEnds: false) { _ in true }
            }
            #expect(code == (count <= limit ? .truncated : .limitExceeded), "\(count) of \(limit)")
        }
    }
}
