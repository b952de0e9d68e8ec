// SPDX-License-Identifier: Apache-2.0
//
// Stores that differ from a good one in what one condition of one rule looks at.

import CairnCodec
import CairnInterpreter
import CairnLSN
import CairnSegments

extension StoreVectors {
    func conditions() throws -> [SetCase] {
        try identities() + predecessors() + transactionNumbers() + interruptedRotations() + names()
    }

    private func identities() throws -> [SetCase] {
        let renamed = snapshot(6, name: 9)
        return [
            .refused(
                "damaged-first-header-and-renamed-snapshot", .bitFlip, as: "corruption",
                three.flipping(0, at: 50, 1) + [renamed],
                "The first segment is judged before any snapshot is."),
            .refused(
                "names-swapped-and-renamed-snapshot", .header, as: "corruption",
                [
                    SetFile(three[0].path, three[1].bytes), SetFile(three[1].path, three[0].bytes),
                    three[2], renamed,
                ], "So is whether its name is that of its header."),
        ]
    }

    /// What the second segment says of the first, wrong in one number each.
    private func predecessors() throws -> [SetCase] {
        let later = try beginningLater(three[1].bytes ?? [])
        let changes: [(name: String, change: ([SetFile]) -> [SetFile], what: String)] = [
            ("bytes", { self.edited($0, 1, at: 56, [1]) }, "bytes"),
            ("lsn", { [$0[0], later] }, "last LSN"),
            ("chain", { self.edited($0, 1, at: 64, [1, 2, 3, 4]) }, "chain checksum"),
        ]
        // The frame that seals the first segment is of an unknown kind.
        let newer = edited(three, 0, at: 184 + 4, [0x7f])
        return changes.map { name, change, what in
            .refused(
                "predecessor-\(name)", .container, as: "corruption", change(three),
                "The second segment says another \(what) of the first.")
        }
            + changes.map { name, change, what in
                .refused(
                    "newer-predecessor-\(name)", .versionSkew, as: "unsupportedVersion",
                    change(newer),
                    "The same \(what), and the first segment ends in an intact frame of an unknown kind."
                )
            } + [
                .refused(
                    "newer-seal", .versionSkew, as: "unsupportedVersion", newer,
                    "An unknown kind in place of a seal, and all that was said before it is right."),
                .refused(
                    "newer-kind-before-gap", .versionSkew, as: "unsupportedVersion",
                    newer.without(1), "The segment before a gap ends in a frame of an unknown kind."
                ),
            ]
    }

    /// A second segment that begins an LSN later, in its name and its frames, too; of the bytes and the chain
    /// of the first it says what is right.
    private func beginningLater(_ second: [UInt8]) throws -> SetFile {
        var bytes = try SegmentBuilder.make(segment: 2, base: 8) { (builder) throws(LSNError) in
            try builder.transaction(7, related: 6)
        }
        bytes.replaceSubrange(56..<68, with: second[56..<68])
        let name = SegmentName(segment: SegmentID(rawValue: 2), baseLSN: LSN(rawValue: 8))
        return SetFile("log/\(name)", repaired("segment", bytes))
    }

    private func transactionNumbers() throws -> [SetCase] {
        func bad(
            _ name: String, _ comment: String, _ body: (inout LogBuilder) throws -> Void
        ) throws -> SetCase {
            .refused(name, .semantics, as: "corruption", try LogBuilder.make(body), comment)
        }
        let parts = try LogBuilder.make { log in
            try log.add(.transactionBegin)
            try log.add(.mutationBatch, related: 1, SegmentBuilder.batch(9))
            try log.add(.transactionCommit, related: 1, [], time: LogBuilder.time)
            try log.transaction(6, related: 3)
        }
        let batch = SegmentBuilder.batch(30)
        let newer = try LogBuilder.make { log in
            try log.add(.transactionBegin)
            try log.add(
                .mutationBatch, related: 1, CompressedBatchVectors.stored(batch),
                compression: CompressionID(rawValue: 9), inflated: batch.count)
            try log.add(.transactionCommit, related: 1, [], time: LogBuilder.time)
        }
        let empty = try LogBuilder.make { log in
            try log.add(.transactionBegin)
            try log.add(.transactionCommit, related: 1, [], time: LogBuilder.time)
            try log.transaction(6, related: 2)
        }
        return try [
            .good(
                "transaction-without-batch", empty,
                "A transaction without a batch changes nothing, and is not handed out."),
            .good(
                "snapshot-and-parts", parts + [snapshot(3)],
                "A transaction in parts that the snapshot holds is not handed out."),
            .refused(
                "newer-compression-in-parts", .versionSkew, as: "unsupportedVersion", newer,
                "A part of a transaction, compressed in an unknown way."),
            bad("batch-of-another", "A batch of another transaction than the one that is open.") {
                try $0.add(.transactionBegin)
                try $0.add(.mutationBatch, related: 7, SegmentBuilder.batch(2))
            },
            bad("commit-of-another", "A commit of another transaction than the one that is open.") {
                try $0.add(.transactionBegin)
                try $0.add(.transactionCommit, related: 7, [], time: LogBuilder.time)
            },
            bad("batch-of-none", "A batch outside of a transaction that says so.") {
                try $0.add(.mutationBatch, related: 0, SegmentBuilder.batch(2))
            },
            bad("commit-of-none", "A commit outside of a transaction that says so.") {
                try $0.transaction(3)
                try $0.add(.transactionCommit, related: 0, [], time: LogBuilder.time)
            },
            bad("abort-of-none", "An abort outside of a transaction that says so.") {
                try $0.transaction(3)
                try $0.add(.transactionAbort, related: 0)
            },
        ]
    }

    /// A segment without its seal, and a next one that no crash leaves so.
    private func interruptedRotations() throws -> [SetCase] {
        let empty = try LogBuilder.make { log in
            try log.transaction(5)
            try log.rotate(seal: 0)
        }
        let full = try LogBuilder.make { log in
            try log.transaction(5)
            try log.rotate(seal: 0)
            try log.transaction(6, related: 3)
        }
        let twice = try LogBuilder.make { log in
            try log.transaction(5)
            try log.rotate(seal: 0)
            try log.rotate()
            try log.transaction(6, related: 3)
        }
        let sealed = try LogBuilder.make { log in
            try log.transaction(5)
            try log.rotate()
        }
        let begun = try LogBuilder.make { log in
            try log.transaction(5)
            try log.rotate(seal: 50)
        }
        return [
            .refused(
                "unsealed-before-torn", .torn, as: "corruption",
                empty.appending(1, [UInt8](repeating: 0x5a, count: 40)),
                "The next segment holds bytes that are no frame: the seal was written before them."),
            .refused(
                "unsealed-before-damage", .bitFlip, as: "corruption",
                full.flipping(1, at: 72 + 40, 4),
                "The only frame of the next segment is damaged: it was there, so the seal was, too."
            ),
            .refused(
                "unsealed-before-sealed", .container, as: "corruption", twice,
                "The next segment is empty, and not the last."),
            .refused(
                "bytes-behind-seal-of-rotation", .container, as: "corruption",
                sealed.appending(0, [1, 2, 3, 4, 5, 6, 7, 8]),
                "Bytes behind the seal, and the next segment is empty."),
            .valid(
                "rotation-newer-kind", .versionSkew, edited(begun, 0, at: 128 + 4, [0x7f]),
                "The header of a frame of an unknown kind where the seal was begun, and the next segment is empty."
            ),
        ]
    }

    private func names() -> [SetCase] {
        [
            .good(
                "base-zero", one + [SetFile("log/0000000001-00000000000000000000.wal", [1, 2, 3])],
                "LSNs count from 1: a file with a base of 0 in its name is no segment."),
            .refused(
                "snapshot-at-zero", .container, as: "corruption",
                three + [snapshot(6, name: 0)],
                "A name with the fence 0 is the name of a snapshot; this one has another fence inside."
            ),
        ]
    }
}
