// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

struct BinaryLayoutTests {
    private func layout(
        _ places: [(offset: Int, byteCount: Int)], byteCount: Int, meaning: String = "It is."
    ) -> BinaryLayout {
        BinaryLayout(
            "l", byteCount: byteCount, meaning,
            fields: places.enumerated().map { index, place in
                FieldDescription(
                    name: "f\(index)", offset: place.offset, byteCount: place.byteCount, type: "u8",
                    meaning: "It is.")
            })
    }

    @Test func soundLayoutHasNoDefects() {
        #expect(layout([(0, 4), (4, 2), (6, 2)], byteCount: 8).defects == [])
        #expect(layout([], byteCount: 0).defects == [])
    }

    @Test func everyDefectIsFound() {
        #expect(layout([(0, 4), (5, 3)], byteCount: 8).defects == ["l.f1 starts at 5, not at 4"])
        #expect(layout([(0, 4), (3, 5)], byteCount: 8).defects == ["l.f1 starts at 3, not at 4"])
        #expect(layout([(1, 7)], byteCount: 8).defects == ["l.f0 starts at 1, not at 0"])
        #expect(layout([(0, 7)], byteCount: 8).defects == ["l ends at 7, not at 8"])
        #expect(layout([(0, 9)], byteCount: 8).defects == ["l ends at 9, not at 8"])
        #expect(layout([(0, 8)], byteCount: 8, meaning: "").defects == ["l has no meaning"])
        let field = FieldDescription(name: "f", offset: 0, byteCount: 8, type: "u64", meaning: "")
        #expect(
            BinaryLayout("l", byteCount: 8, "It is.", fields: [field]).defects == [
                "l.f has no meaning"
            ])
    }

    @Test func preambleIsSound() {
        let preamble = BinaryLayout(
            "preamble", byteCount: FilePreamble.byteCount, "It is.", fields: FilePreamble.fields)
        #expect(preamble.defects == [])
    }

    @Test func fieldsAreStoredAndLoadedWhereTheySay() {
        let small = Field<UInt16>("small", at: 1, "Small.")
        let large = Field<UInt32>("large", at: 3, "Large.")
        let run = BytesField("run", at: 7, byteCount: 2, "Bytes.")
        var buffer = BinaryBuffer()
        buffer.append(zeros: 12)
        buffer.store(0x0201, at: small, base: 2)
        buffer.store(0x0605_0403, at: large, base: 2)
        expectEqual(buffer.array(), [0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0])
        expectEqual(buffer.bytes.load(small, base: 2), 0x0201)
        expectEqual(buffer.bytes.load(large, base: 2), 0x0605_0403)
        expectEqual(buffer.bytes.load(run).array(), [5, 6])
        #expect((small.end, large.end, run.end) == (3, 7, 9))
        #expect(small.description.type == "u16" && run.description.type == "bytes")
    }
}
