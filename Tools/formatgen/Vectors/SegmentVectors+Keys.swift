// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnFormats
import CairnLSN

/// Encrypted segments, as a reader without the key sees them. What is in the payloads is of no concern here.
extension SegmentVectors {
    /// A key record and its proof, of `byteCount` bytes.
    static func key(_ byteCount: Int = KeyRecord.provenByteCount) -> [UInt8] {
        let record = KeyRecord(
            keyID: KeyID(rawValue: 0x1122_3344_5566_7788), password: nil,
            salt: (0..<32).map { 0x80 + $0 }, check: (0..<32).map { 0xc0 + $0 })
        let bytes = record.encoded() + (0..<28).map { 0x40 + $0 }
        return Array(bytes.prefix(byteCount))
            + [UInt8](repeating: 1, count: max(0, byteCount - 124))
    }

    static func encrypted(sealed: Bool = false) throws(LSNError) -> [UInt8] {
        try SegmentBuilder.make { (builder) throws(LSNError) in
            try builder.add(.segmentKey, related: 1, key())
            try builder.add(
                .transaction, [UInt8](repeating: 0xee, count: 45), time: 1_700_000_000_000_000_000)
            // As long as a mark that is not encrypted.
            try builder.add(.checkpoint, related: 3, [UInt8](repeating: 0xdd, count: 28))
            if sealed { try builder.seal() } else { try builder.add(.durableMark, related: 4) }
        }
    }

    func keys() throws(LSNError) -> [VectorCase] {
        func frames(
            _ body: (SegmentBuilder) throws(LSNError) -> Void
        ) throws(LSNError) -> [UInt8] {
            try SegmentBuilder.make(body)
        }
        let late = try frames { (builder) throws(LSNError) in
            builder.raw(
                FrameHeader(
                    kind: .segmentKey, lsn: LSN(rawValue: 5), relatedLSN: LSN(rawValue: 5),
                    payloadByteCount: KeyRecord.provenByteCount), Self.key())
        }
        return [
            VectorCase(
                "key-is-no-watermark", .torn, expect: "headerChecksum",
                late[..<Self.header] + [UInt8](repeating: 0x5a, count: 40) + late[Self.header...],
                "Bytes that are no frame, and behind them a key record: it says nothing of what was durable."
            ),
            VectorCase(
                "encrypted", .good, expect: nil, try Self.encrypted(),
                "An encrypted segment: a key record, and payloads that nothing but the key opens."),
            VectorCase(
                "encrypted-sealed", .good, expect: nil, try Self.encrypted(sealed: true),
                "The seal does not count the frame of the key."),
            VectorCase(
                "encrypted-empty", .good, expect: nil,
                try frames { (builder) throws(LSNError) in
                    try builder.add(.segmentKey, related: 1, Self.key())
                }, "An encrypted segment that holds no record yet."),
            VectorCase(
                "key-second", .semantics, expect: "misplacedKey",
                try frames { (builder) throws(LSNError) in
                    try builder.transaction(5)
                    try builder.add(.segmentKey, related: 1, Self.key())
                }, "A key record behind a record: that one would not be encrypted."),
            VectorCase(
                "key-twice", .semantics, expect: "misplacedKey",
                try frames { (builder) throws(LSNError) in
                    try builder.add(.segmentKey, related: 1, Self.key())
                    try builder.add(.segmentKey, related: 1, Self.key())
                }, "Two key records."),
            VectorCase(
                "key-too-short", .semantics, expect: "misplacedKey",
                try frames { (builder) throws(LSNError) in
                    try builder.add(.segmentKey, related: 1, Self.key(123))
                }, "A key record without the last byte of its proof."),
            VectorCase(
                "key-too-long", .semantics, expect: "misplacedKey",
                try frames { (builder) throws(LSNError) in
                    try builder.add(.segmentKey, related: 1, Self.key(125))
                }, "A key record with a byte behind its proof."),
            VectorCase(
                "key-takes-lsn", .semantics, expect: "lsnOutOfOrder",
                try frames { (builder) throws(LSNError) in
                    builder.raw(
                        FrameHeader(
                            kind: .segmentKey, lsn: LSN(rawValue: 1), relatedLSN: .first,
                            payloadByteCount: KeyRecord.provenByteCount), Self.key())
                }, "A key record takes no LSN: it carries the last one."),
        ]
    }
}
