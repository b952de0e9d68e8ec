// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnLSN

/// Frames in a wrong order, and seals.
extension SegmentVectors {
    func order() throws(LSNError) -> [VectorCase] {
        func frames(_ lsns: [(FrameKind, UInt64)]) throws(LSNError) -> [UInt8] {
            try SegmentBuilder.make { (builder) throws(LSNError) in
                for (kind, lsn) in lsns {
                    builder.raw(
                        FrameHeader(
                            kind: kind, lsn: LSN(rawValue: lsn), relatedLSN: .never,
                            payloadByteCount: 0))
                }
            }
        }
        return [
            VectorCase(
                "lsn-gap", .semantics, expect: "lsnOutOfOrder",
                try frames([(.transactionBegin, 1), (.transactionAbort, 3)]), "An LSN is missing."),
            VectorCase(
                "lsn-twice", .semantics, expect: "lsnOutOfOrder",
                try frames([(.transactionBegin, 1), (.transactionAbort, 1)]),
                "An LSN is there twice."),
            VectorCase(
                "lsn-back", .semantics, expect: "lsnOutOfOrder",
                try frames([(.transaction, 1), (.transactionBegin, 2)]),
                "A single-frame transaction takes three LSNs."),
            VectorCase(
                "mark-takes-lsn", .semantics, expect: "lsnOutOfOrder",
                try frames([(.transactionBegin, 1), (.durableMark, 2)]),
                "A mark takes no LSN: it carries the last one."),
            VectorCase(
                "lsn-overflow", .semantics, expect: "lsnOutOfOrder",
                try SegmentBuilder.make(segment: 2, base: .max - 1) { (builder) throws(LSNError) in
                    builder.raw(
                        FrameHeader(
                            kind: .transaction, lsn: LSN(rawValue: .max - 1), relatedLSN: .never,
                            payloadByteCount: 0))
                }, "A single-frame transaction for which there are not enough LSNs."),
            VectorCase(
                "frames-swapped", .semantics, expect: "lsnOutOfOrder", swapped,
                "Two whole frames in the wrong order."),
            VectorCase(
                "frame-dropped", .semantics, expect: "lsnOutOfOrder",
                Array(two[..<Self.header]) + Array(two[single.count...]),
                "The first frame was cut out."),
        ]
    }

    private var swapped: [UInt8] {
        Array(two[..<Self.header]) + Array(two[single.count...])
            + Array(two[Self.header..<single.count])
    }

    func seals() throws(LSNError) -> [VectorCase] {
        let start = two.count
        func with(_ name: String, _ offset: Int, _ byte: UInt8, _ comment: String) -> VectorCase {
            let place = start + Self.frame + offset
            return VectorCase(
                name, .container, expect: "sealMismatch",
                edited(sealed, at: place, [sealed[place] ^ byte]), base: "sealed", comment
            )
        }
        return [
            with("seal-frame-count", 0, 1, "The seal counts another number of frames."),
            with("seal-base", 8, 2, "The seal has another base LSN."),
            with("seal-last", 16, 1, "The seal has another last LSN."),
            with("seal-bytes", 24, 8, "The seal counts another number of bytes."),
            with("seal-chain", 32, 1, "The seal has another chain checksum."),
            with("seal-reserved", 36, 1, "The reserved field of the seal is not zero."),
            VectorCase(
                "seal-short", .container, expect: "sealMismatch",
                try SegmentBuilder.make { (builder) throws(LSNError) in
                    try builder.add(.segmentSeal, related: 1, [UInt8](repeating: 0, count: 32))
                }, "A seal that is too short."),
            VectorCase(
                "seal-long", .container, expect: "sealMismatch", try longSeal(),
                "A whole seal, and eight bytes behind it."),
            VectorCase(
                "frame-after-seal", .container, expect: "frameAfterSeal", try afterSeal(),
                "An intact frame behind the seal."),
            VectorCase(
                "zeros-after-seal", .zeroTail, .good, expect: nil,
                sealed + [UInt8](repeating: 0, count: 64), base: "sealed",
                "Zeros behind the seal are a clean end."),
        ]
    }

    private func longSeal() throws(LSNError) -> [UInt8] {
        let builder = SegmentBuilder()
        try builder.transaction(5)
        try builder.add(
            .segmentSeal, related: 1, builder.sealPayload + [UInt8](repeating: 0, count: 8))
        return builder.bytes
    }

    private func afterSeal() throws(LSNError) -> [UInt8] {
        try SegmentBuilder.make { (builder) throws(LSNError) in
            try builder.transaction(5)
            try builder.transaction(6, related: 3)
            try builder.seal()
            builder.raw(
                FrameHeader(
                    kind: .durableMark, lsn: LSN(rawValue: 6), relatedLSN: LSN(rawValue: 6),
                    payloadByteCount: 0))
        }
    }
}
