// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats

/// Encrypted snapshots, as a reader without the key sees them. What is in the records is of no concern here.
extension SnapshotVectors {
    private typealias Chunk = SnapshotForge.Chunk

    private static func encrypted(
        _ key: Chunk? = Chunk(records: SegmentVectors.key(), recordCount: 1, flags: 4)
    ) -> SnapshotForge {
        let records = Chunk(
            records: [UInt8](repeating: 0xee, count: 33), recordCount: 2, flags: 2)
        return SnapshotForge(
            [.init(1, chunks: [records]), .init(2, [])]
                + (key.map { [.init(.max, chunks: [$0])] } ?? []))
    }

    /// A snapshot with no other chunk: a reader looks for the key before it reads records.
    private static func alone(_ key: [UInt8], flags: UInt32 = 4) -> SnapshotForge {
        SnapshotForge([
            .init(.max, chunks: [Chunk(records: key, recordCount: 1, flags: flags)])
        ])
    }

    var keys: [VectorCase] {
        [
            VectorCase(
                "encrypted", .good, expect: nil, forged(Self.encrypted()),
                "An encrypted snapshot: the key record is in the last section."),
            VectorCase(
                "encrypted-without-key", .container, expect: "invalidValue",
                forged(Self.encrypted(nil)), "Encrypted records, and no key record."),
            VectorCase(
                "plain-last-section", .good, expect: nil,
                forged(SnapshotForge([.init(1, [[1]]), .init(.max, [[2]])])),
                "A section may have the number that an encrypted snapshot gives to its key."),
            VectorCase(
                "key-in-other-section", .container, expect: "invalidValue",
                forged(
                    SnapshotForge([
                        .init(
                            9,
                            chunks: [Chunk(records: SegmentVectors.key(), recordCount: 1, flags: 4)]
                        )
                    ])), "A key record in another section."),
            VectorCase(
                "key-too-short", .container, expect: "invalidValue",
                forged(Self.alone(SegmentVectors.key(123))),
                "A key record without the last byte of its proof."),
            VectorCase(
                "key-too-long", .container, expect: "invalidValue",
                forged(Self.alone(SegmentVectors.key(125))),
                "A key record with a byte behind its proof."),
            VectorCase(
                "both-flags", .versionSkew, expect: "unsupportedVersion",
                forged(Self.alone(SegmentVectors.key(), flags: 6)),
                "Flags together that no version writes."),
            VectorCase(
                "compressed-key", .versionSkew, expect: "unsupportedVersion",
                forged(Self.alone(SegmentVectors.key(), flags: 5)),
                "A key record that would be compressed."),
        ]
    }
}
