// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnInterpreter
import CairnSegments

extension StoreVectors {
    func rotations() throws -> [SetCase] {
        func rotated(seal count: Int, _ behind: (inout LogBuilder) throws -> Void) throws
            -> [SetFile]
        {
            try LogBuilder.make { log in
                try log.transaction(5)
                try log.rotate(seal: count)
                try behind(&log)
            }
        }
        return try [
            .good(
                "rotation-without-seal", rotated(seal: 0) { _ in },
                "A crash between creating the next segment and sealing this one."),
            .valid(
                "rotation-torn-seal", .torn, rotated(seal: 50) { _ in },
                "The same, and a part of the seal was written."),
            .good(
                "rotation-sealed", rotated(seal: .max) { _ in },
                "The rotation is complete; the new segment is empty."),
            .refused(
                "seal-missing", .container, as: "corruption",
                rotated(seal: 0) { try $0.transaction(6, related: 3) },
                "The next segment holds a transaction, so the seal was written before it."),
            .refused(
                "seal-torn", .container, as: "corruption",
                rotated(seal: 50) { try $0.transaction(6, related: 3) },
                "A torn seal, and the next segment holds a transaction."),
            .refused(
                "bytes-behind-seal", .container, as: "corruption",
                rotated(seal: .max) { try $0.transaction(6, related: 3) }
                    .appending(0, [1, 2, 3, 4, 5, 6, 7, 8]),
                "Bytes behind the seal of an earlier segment."),
            .valid(
                "zeros-behind-seal", .zeroTail,
                rotated(seal: .max) { try $0.transaction(6, related: 3) }
                    .appending(0, [UInt8](repeating: 0, count: 64)),
                "Zeros behind the seal are a clean end."),
        ]
    }

    func transactions() throws -> [SetCase] {
        func bad(
            _ name: String, _ comment: String, _ body: (inout LogBuilder) throws -> Void
        ) throws -> SetCase {
            .refused(name, .semantics, as: "corruption", try LogBuilder.make(body), comment)
        }
        return try [
            bad("batch-outside", "A batch stands outside of a transaction.") { log in
                try log.add(.mutationBatch, related: 1, SegmentBuilder.batch(2))
                try log.transaction(3)
            },
            bad("commit-outside", "A commit without a transaction.") { log in
                try log.transaction(3)
                try log.add(.transactionCommit, related: 1, [], time: LogBuilder.time)
            },
            bad("abort-of-another", "An abort of another transaction than the one that is open.") {
                log in
                try log.add(.transactionBegin)
                try log.add(.transactionAbort, related: 7)
            },
            bad("begin-within", "A transaction begins within another.") { log in
                try log.add(.transactionBegin)
                try log.add(.transactionBegin)
                try log.transaction(3)
            },
            bad("single-frame-within", "A single-frame transaction stands within another.") { log in
                try log.add(.transactionBegin)
                try log.transaction(3)
                try log.transaction(4)
            },
            bad("checkpoint-within", "A checkpoint stands within a transaction.") { log in
                try log.add(.transactionBegin)
                try log.add(.checkpoint)
            },
            bad("commit-without-time", "The payload of a commit is too short for its time.") {
                log in
                try log.add(.transactionBegin)
                try log.add(.transactionCommit, related: 1, [1, 2, 3])
                try log.transaction(3)
            },
            bad(
                "single-frame-without-time",
                "The payload of a single-frame transaction is too short."
            ) { log in
                try log.add(.transaction, related: 0, [1, 2, 3, 4, 5, 6, 7])
            },
            bad("across-segments", "A transaction goes on in another segment.") { log in
                try log.transaction(3)
                try log.add(.transactionBegin, related: 3)
                try log.rotate()
                try log.add(.transactionCommit, related: 4, [], time: LogBuilder.time)
            },
            bad("open-before-empty", "A transaction is open before an empty last segment.") { log in
                try log.transaction(3)
                try log.add(.transactionBegin, related: 3)
                try log.rotate()
            },
            bad("batch-outside-before-torn-end", "A batch outside, and the end is torn, too.") {
                log in
                try log.transaction(3)
                try log.add(.mutationBatch, related: 1, SegmentBuilder.batch(2))
                log.append([UInt8](repeating: 0x5a, count: 40))
            },
            bad("batch-outside-before-lost-seal", "A batch outside, and its segment lost its seal.")
            {
                log in
                try log.add(.mutationBatch, related: 1, SegmentBuilder.batch(2))
                try log.rotate(seal: 0)
                try log.transaction(3, related: 1)
            },
            bad("batch-outside-behind-lost-seal", "A lost seal, and a batch outside behind it.") {
                log in
                try log.transaction(3)
                try log.rotate(seal: 0)
                try log.add(.mutationBatch, related: 3, SegmentBuilder.batch(2))
            },
            bad("open-before-unsealed", "The same, and the rotation was interrupted.") { log in
                try log.add(.transactionBegin)
                try log.add(.mutationBatch, related: 1, SegmentBuilder.batch(2))
                try log.rotate(seal: 0)
            },
        ]
    }

    func compressions() throws -> [SetCase] {
        let batch = SegmentBuilder.batch(30)
        let stored = CompressedBatchVectors.stored(batch)
        func log(_ compression: CompressionID, _ inflated: Int, _ bytes: [UInt8]) throws
            -> [SetFile]
        {
            try LogBuilder.make { log in
                try log.transaction(3)
                try log.add(
                    .transaction, related: 3, bytes, time: LogBuilder.time,
                    compression: compression, inflated: inflated)
                try log.transaction(4, related: 6)
            }
        }
        return try [
            .valid(
                "compressed", .compressed, log(.zlib, batch.count, stored),
                "A compressed batch is handed out inflated."),
            .valid(
                "compressed-in-parts", .compressed,
                LogBuilder.make { log in
                    try log.add(.transactionBegin)
                    try log.add(
                        .mutationBatch, related: 1, stored, compression: .zlib,
                        inflated: batch.count)
                    try log.add(.transactionCommit, related: 1, [], time: LogBuilder.time)
                }, "A compressed batch in a transaction of several frames."),
            .refused(
                "bad-compression", .badCompression, as: "corruption",
                log(.zlib, batch.count + 1, stored),
                "A batch that inflates to another size than its frame says; salvage goes on behind it."
            ),
            .refused(
                "bad-compression-in-parts", .badCompression, as: "corruption",
                LogBuilder.make { log in
                    try log.add(.transactionBegin)
                    try log.add(.mutationBatch, related: 1, SegmentBuilder.batch(2))
                    try log.add(
                        .mutationBatch, related: 1, stored, compression: .zlib,
                        inflated: batch.count + 1)
                    try log.add(.transactionCommit, related: 1, [], time: LogBuilder.time)
                    try log.transaction(3)
                }, "One of two batches does not inflate: nothing of the transaction is handed out."),
            .refused(
                "newer-compression", .versionSkew, as: "unsupportedVersion",
                log(CompressionID(rawValue: 9), batch.count, stored),
                "A batch compressed in an unknown way: unsupported, never corrupt."),
            .refused(
                "newer-compression-before-damage", .versionSkew, as: "unsupportedVersion",
                log(CompressionID(rawValue: 9), batch.count, stored).cutting(0, by: 3)
                    .appending(0, [0x5a, 0x5a, 0x5a]),
                "What is met first decides: the end is torn, and opening does not come to it."),
        ]
    }
}
