// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnIO
import CairnLSN
import CairnSegments
import Testing

@Suite struct SegmentNameTests {
    static func name(_ segment: UInt64, _ baseLSN: UInt64) -> SegmentName {
        SegmentName(segment: SegmentID(rawValue: segment), baseLSN: LSN(rawValue: baseLSN))
    }

    @Test func namesHaveOneForm() {
        #expect(Self.name(1, 1).description == "0000000001-00000000000000000001.wal")
        #expect(
            Self.name(9_999_999_999, .max).description == "9999999999-18446744073709551615.wal")
        for name in [Self.name(1, 1), Self.name(42, 1_000_000), Self.name(.max, .max)] {
            #expect(SegmentName(name.fileName) == name)
        }
    }

    @Test func anythingElseIsNoName() {
        let others = [
            "1-1.wal", "0000000001-00000000000000000001", "0000000001-00000000000000000001.wal2",
            "0000000001-00000000000000000001.WAL", "0000000000-00000000000000000001.wal",
            "0000000001-00000000000000000000.wal", "000000001-00000000000000000001.wal",
            "0000000001-0000000000000000001.wal", "00000000001-00000000000000000001.wal",
            "0000000001-000000000000000000001.wal", "+000000001-00000000000000000001.wal",
            "0000000001-99999999999999999999.wal", "0000000001_00000000000000000001.wal",
            "0000000001--0000000000000000001.wal", "0000000001-00000000000000000001.wal.wal",
            "-.wal", "LOCK",
        ]
        for other in others {
            #expect(SegmentName(FileName(other)!) == nil, "\(other)")
        }
    }

    @Test func orderIsThatOfTheNumbers() {
        let names = [
            Self.name(1, 5), Self.name(2, 1), Self.name(2, 2), Self.name(10, 1),
            Self.name(9_999_999_999, 1), Self.name(10_000_000_000, 1),
        ]
        for (first, second) in zip(names, names.dropFirst()) { #expect(first < second) }
        let shown = names.dropLast().map(\.fileName)
        #expect(shown == shown.sorted())
    }
}
