// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnSnapshot

/// Snapshots whose chunks are compressed. The streams are stored ones, so that no version of zlib decides what they are.
extension SnapshotVectors {
    private typealias Chunk = SnapshotForge.Chunk

    /// One zlib stream that holds `bytes` as they are.
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(65535)
            rest = rest.dropFirst(65535)
            let count = UInt16(block.count)
            stream.append(rest.isEmpty ? 1 : 0)
            stream += [UInt8(count & 255), UInt8(count >> 8)]
            stream += [UInt8(~count & 255), UInt8(~count >> 8)] + block
        } while !rest.isEmpty
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        let sum = high << 16 | low
        return stream
            + (0..<4).reversed().map { UInt8(truncatingIfNeeded: sum >> (8 * UInt32($0))) }
    }

    /// What comes before the stream.
    private static func head(_ byteCount: UInt32, _ compression: UInt8 = 1) -> [UInt8] {
        Self.bytes(byteCount) + [compression]
    }

    private static func bytes(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }

    /// A compressed chunk of these records.
    static func compressed(_ records: [[UInt8]]) -> SnapshotForge.Chunk {
        let bytes = records.flatMap(\.self)
        return Chunk(
            records: head(UInt32(bytes.count)) + stored(bytes), recordCount: records.count, flags: 1
        )
    }

    private static let records: [UInt8] = [2, 0xaa, 0xbb, 1, 0xcc]

    /// Two sections; the chunk of the first is compressed.
    private static func forge(_ payload: [UInt8], recordCount: Int = 2) -> SnapshotForge {
        SnapshotForge([
            .init(1, chunks: [Chunk(records: payload, recordCount: recordCount, flags: 1)]),
            .init(9, [[0x11, 0x22, 0x33]]),
        ])
    }

    private func refused(
        _ name: String, _ flag: VectorFlag, _ expected: String, _ payload: [UInt8],
        recordCount: Int = 2, _ comment: String
    ) -> VectorCase {
        VectorCase(
            name, flag, expect: expected, forged(Self.forge(payload, recordCount: recordCount)),
            comment)
    }

    /// A payload that is long enough to declare so much, and has no stream.
    private static func bomb(_ byteCount: Int) -> [UInt8] {
        let stored = byteCount / SnapshotFormat.compressionRatioMax + 1
        return head(UInt32(byteCount)) + [UInt8](repeating: 0x78, count: stored)
    }

    /// A snapshot with a key record, and a chunk that is compressed and encrypted.
    private static func both(_ payload: [UInt8], hasKey: Bool = true) -> SnapshotForge {
        let chunk = Chunk(records: payload, recordCount: 2, flags: 3)
        let key = Chunk(records: SegmentVectors.key(), recordCount: 1, flags: 4)
        return SnapshotForge(
            [.init(1, chunks: [chunk])] + (hasKey ? [.init(.max, chunks: [key])] : []))
    }

    var compressed: [VectorCase] {
        let stream = Self.stored(Self.records)
        let long = [UInt8](repeating: 7, count: 400)
        return [
            VectorCase(
                "compressed", .good, expect: nil, forged(Self.forge(Self.head(5) + stream)),
                "A compressed chunk, and one that is not."),
            VectorCase(
                "compressed-many-records", .good, expect: nil,
                forged(Self.forge(Self.head(400) + Self.deflated400, recordCount: 400)),
                "More records than the chunk has bytes."),
            refused(
                "compressed-too-many-records", .container, "invalidValue",
                Self.head(5) + stream, recordCount: 6, "More records than bytes after inflating."),
            refused(
                "compressed-no-records", .container, "invalidValue", Self.head(5) + stream,
                recordCount: 0, "A compressed chunk without records."),
            refused(
                "compression-cut", .container, "truncated", [5, 0, 0, 0],
                "A payload that ends before it says how it is compressed."),
            refused(
                "compression-alone", .container, "decompressionFailed", Self.head(5),
                "A payload without a stream."),
            refused(
                "inflated-at-ratio", .oversizedLength, "decompressionFailed",
                Self.head(UInt32((5 + stream.count) * SnapshotFormat.compressionRatioMax))
                    + stream,
                "As many bytes after inflating as the largest ratio allows, and fewer are there."),
            refused(
                "inflated-above-ratio", .oversizedLength, "limitExceeded",
                Self.head(UInt32((5 + stream.count) * SnapshotFormat.compressionRatioMax) + 1)
                    + stream,
                "One byte more than the largest ratio allows: nothing may be allocated for it."),
            VectorCase(
                "inflated-above-limit", .bomb, .compressed, expect: "limitExceeded",
                forged(Self.forge(Self.bomb(SnapshotFormat.payloadByteCountMax + 1))),
                base: "compressed", "One byte more than a chunk may have, within the largest ratio."
            ),
            VectorCase(
                "inflated-at-limit", .bomb, .compressed, expect: "decompressionFailed",
                forged(Self.forge(Self.bomb(SnapshotFormat.payloadByteCountMax))),
                base: "compressed", "As many bytes as a chunk may have, and no stream of them."),
            refused(
                "inflated-2-32", .oversizedLength, "limitExceeded", Self.head(.max) + stream,
                "2^32 - 1 bytes after inflating: nothing may be allocated for them."),
            refused(
                "inflated-one-less", .container, "decompressionFailed",
                Self.head(4) + stream, "The stream holds one byte more than is declared."),
            refused(
                "inflated-one-more", .container, "decompressionFailed",
                Self.head(6) + stream, "The stream holds one byte less than is declared."),
            refused(
                "bytes-behind-stream", .container, "decompressionFailed",
                Self.head(5) + stream + [0], "A byte behind the stream."),
            refused(
                "stream-cut", .container, "decompressionFailed",
                Self.head(5) + stream.dropLast(), "The last byte of the stream is missing."),
            refused(
                "unknown-compression", .versionSkew, "unknownCompression",
                Self.head(5, 200) + stream,
                "A compression that the reader has not is unsupported, not corrupt."),
            refused(
                "compression-none", .versionSkew, "unknownCompression", Self.head(5, 0) + stream,
                "A compressed chunk that says it is not."),
            VectorCase(
                "compressed-and-encrypted", .good, expect: nil,
                forged(Self.both(Self.head(40) + [UInt8](repeating: 0xee, count: 33))),
                "A chunk that is compressed, then encrypted: what it inflates to is known without the key."
            ),
            VectorCase(
                "compressed-and-encrypted-above-ratio", .oversizedLength, expect: "limitExceeded",
                forged(
                    Self.both(Self.head(10000) + [UInt8](repeating: 0xee, count: 33), hasKey: false)
                ),
                "What an encrypted chunk inflates to is checked without the key."),
            VectorCase(
                "compressed-and-encrypted-without-key", .container, expect: "invalidValue",
                forged(
                    Self.both(Self.head(40) + [UInt8](repeating: 0xee, count: 33), hasKey: false)),
                "Compressed and encrypted records, and no key record."),
            VectorCase(
                "compressed-in-two-blocks", .good, expect: nil,
                forged(Self.forge(Self.head(UInt32(long.count)) + Self.stored(long))),
                "A longer stream."),
        ]
    }

    /// 400 times the byte 7, as a stream of one block with the fixed codes: a literal, then what is before it.
    private static let deflated400: [UInt8] = [
        0x78, 0xda, 0x63, 0x67, 0x1f, 0x05, 0x83, 0x09, 0x00, 0x00, 0x93, 0x00, 0x0a, 0xf1,
    ]
}
