// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnInterpreter
import CairnSegments

extension StoreVectors {
    var rotations: [SetCase] {
        func rotated(seal count: Int, _ behind: (inout LogBuilder) -> Void) -> [SetFile] {
            LogBuilder.make { log in
                log.transaction(5)
                log.rotate(seal: count)
                behind(&log)
            }
        }
        return [
            SetCase(
                "rotation-without-seal", .good, opens: nil, rotated(seal: 0) { _ in },
                "A crash between creating the next segment and sealing this one."),
            SetCase(
                "rotation-torn-seal", .torn, opens: nil, rotated(seal: 50) { _ in },
                "The same, and a part of the seal was written."),
            SetCase(
                "rotation-sealed", .good, opens: nil, rotated(seal: .max) { _ in },
                "The rotation is complete; the new segment is empty."),
            SetCase(
                "seal-missing", .container, opens: "corruption",
                rotated(seal: 0) { $0.transaction(6, related: 3) },
                "The next segment holds a transaction, so the seal was written before it."),
            SetCase(
                "seal-torn", .container, opens: "corruption",
                rotated(seal: 50) { $0.transaction(6, related: 3) },
                "A torn seal, and the next segment holds a transaction."),
            SetCase(
                "bytes-behind-seal", .container, opens: "corruption",
                rotated(seal: .max) { $0.transaction(6, related: 3) }
                    .replacing(0) { $0 + [1, 2, 3, 4, 5, 6, 7, 8] },
                "Bytes behind the seal of an earlier segment."),
            SetCase(
                "zeros-behind-seal", .zeroTail, opens: nil,
                rotated(seal: .max) { $0.transaction(6, related: 3) }
                    .replacing(0) { $0 + [UInt8](repeating: 0, count: 64) },
                "Zeros behind the seal are a clean end."),
        ]
    }

    var transactions: [SetCase] {
        func bad(
            _ name: String, _ comment: String, _ body: (inout LogBuilder) -> Void
        ) -> SetCase {
            SetCase(name, .semantics, opens: "corruption", LogBuilder.make(body), comment)
        }
        return [
            bad("batch-outside", "A batch stands outside of a transaction.") { log in
                log.add(.mutationBatch, related: 1, SegmentBuilder.batch(2))
                log.transaction(3)
            },
            bad("commit-outside", "A commit without a transaction.") { log in
                log.transaction(3)
                log.add(.transactionCommit, related: 1, [], time: LogBuilder.time)
            },
            bad("abort-of-another", "An abort of another transaction than the one that is open.") {
                log in
                log.add(.transactionBegin)
                log.add(.transactionAbort, related: 7)
            },
            bad("begin-within", "A transaction begins within another.") { log in
                log.add(.transactionBegin)
                log.add(.transactionBegin)
                log.transaction(3)
            },
            bad("folded-within", "A folded transaction stands within another.") { log in
                log.add(.transactionBegin)
                log.transaction(3)
                log.transaction(4)
            },
            bad("checkpoint-within", "A checkpoint stands within a transaction.") { log in
                log.add(.transactionBegin)
                log.add(.checkpoint)
            },
            bad("commit-without-time", "The payload of a commit is too short for its time.") {
                log in
                log.add(.transactionBegin)
                log.add(.transactionCommit, related: 1, [1, 2, 3])
                log.transaction(3)
            },
            bad("folded-without-time", "The payload of a folded transaction is too short.") { log in
                log.add(.transaction, related: 0, [1, 2, 3, 4, 5, 6, 7])
            },
            bad("across-segments", "A transaction goes on in another segment.") { log in
                log.transaction(3)
                log.add(.transactionBegin, related: 3)
                log.rotate()
                log.add(.transactionCommit, related: 4, [], time: LogBuilder.time)
            },
            bad("open-before-empty", "A transaction is open before an empty last segment.") { log in
                log.transaction(3)
                log.add(.transactionBegin, related: 3)
                log.rotate()
            },
            bad("open-before-unsealed", "The same, and the rotation was interrupted.") { log in
                log.add(.transactionBegin)
                log.add(.mutationBatch, related: 1, SegmentBuilder.batch(2))
                log.rotate(seal: 0)
            },
        ]
    }

    var compressions: [SetCase] {
        let batch = SegmentBuilder.batch(30)
        let stored = CompressedBatchVectors.stored(batch)
        func log(_ compression: CompressionID, _ inflated: Int, _ bytes: [UInt8]) -> [SetFile] {
            LogBuilder.make { log in
                log.transaction(3)
                log.add(
                    .transaction, related: 3, bytes, time: LogBuilder.time,
                    compression: compression, inflated: inflated)
                log.transaction(4, related: 6)
            }
        }
        return [
            SetCase(
                "compressed", .compressed, opens: nil, log(.zlib, batch.count, stored),
                "A compressed batch is handed out inflated."),
            SetCase(
                "compressed-in-parts", .compressed, opens: nil,
                LogBuilder.make { log in
                    log.add(.transactionBegin)
                    log.add(
                        .mutationBatch, related: 1, stored, compression: .zlib,
                        inflated: batch.count)
                    log.add(.transactionCommit, related: 1, [], time: LogBuilder.time)
                }, "A compressed batch in a transaction of several frames."),
            SetCase(
                "bad-compression", .badCompression, opens: "corruption",
                log(.zlib, batch.count + 1, stored),
                "A batch that inflates to another size than its frame says; salvage goes on behind it."
            ),
            SetCase(
                "bad-compression-in-parts", .badCompression, opens: "corruption",
                LogBuilder.make { log in
                    log.add(.transactionBegin)
                    log.add(.mutationBatch, related: 1, SegmentBuilder.batch(2))
                    log.add(
                        .mutationBatch, related: 1, stored, compression: .zlib,
                        inflated: batch.count + 1)
                    log.add(.transactionCommit, related: 1, [], time: LogBuilder.time)
                    log.transaction(3)
                }, "One of two batches does not inflate: nothing of the transaction is handed out."),
            SetCase(
                "newer-compression", .versionSkew, opens: "unsupportedVersion",
                log(CompressionID(rawValue: 9), batch.count, stored),
                "A batch compressed in an unknown way: unsupported, never corrupt."),
        ]
    }

    private func snapshot(
        _ fence: UInt64, name: UInt64? = nil, _ change: ([UInt8]) -> [UInt8] = { $0 }
    )
        -> SetFile
    {
        var forge = SnapshotForge([.init(1, [[0x11, 0x22], [0x33]])])
        forge.fence = fence
        let digits = String(name ?? fence)
        let padded = String(repeating: "0", count: 20 - digits.count) + digits
        return SetFile(
            "snapshots/\(padded).snap", change(repaired("snapshot", forge.raw())))
    }

    private static func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var copy = bytes
        copy[copy.count / 2] ^= 0x10
        return copy
    }

    var snapshots: [SetCase] {
        let three = Self.three
        let newer: ([UInt8]) -> [UInt8] = { bytes in
            var copy = bytes
            copy[8] = 2
            return repaired("snapshot", copy)
        }
        let foreign: ([UInt8]) -> [UInt8] = { bytes in
            var copy = bytes
            copy[16] ^= 0xff
            return repaired("snapshot", copy)
        }
        return [
            SetCase(
                "snapshot-and-log", .good, opens: nil, three + [snapshot(6)],
                "Only what was committed behind the fence of the snapshot is handed out."),
            SetCase(
                "snapshot-truncated-log", .good, opens: nil, three.without(0) + [snapshot(6)],
                "The log begins right behind the snapshot."),
            SetCase(
                "snapshot-at-end", .good, opens: nil, three + [snapshot(12)],
                "The snapshot holds everything that the log has."),
            SetCase(
                "newest-snapshot", .good, opens: nil, three + [snapshot(3), snapshot(9)],
                "Of two snapshots the newer one is taken."),
            SetCase(
                "newest-damaged", .bitFlip, opens: nil,
                three + [snapshot(3), snapshot(9, Self.damaged)],
                "A snapshot that cannot be read is passed over."),
            SetCase(
                "newest-is-none", .header, opens: nil,
                three + [snapshot(3), snapshot(9) { _ in [1, 2, 3] }],
                "So is a file that is no snapshot."),
            SetCase(
                "all-damaged", .bitFlip, opens: nil, three + [snapshot(6, Self.damaged)],
                "Without a snapshot that can be read the log is enough if it goes back to LSN 1."),
            SetCase(
                "damaged-and-truncated", .semantics, opens: "missingSegment",
                three.without(0) + [snapshot(6, Self.damaged)],
                "The log does not go back far enough: a store never opens with a hole."),
            SetCase(
                "gap-behind-snapshot", .semantics, opens: "missingSegment",
                three.without(0) + [snapshot(3)], "The log begins behind the end of the snapshot."),
            SetCase(
                "gap-behind-snapshot-empty", .semantics, opens: "missingSegment",
                LogBuilder.make { log in
                    log.transaction(5)
                    log.rotate()
                }.without(0) + [snapshot(2)],
                "The same with a log that holds no frame any more."),
            SetCase(
                "snapshot-beyond-log", .semantics, opens: "missingSegment",
                three + [snapshot(13)], "The log ends before the snapshot: its end was removed."),
            SetCase(
                "snapshot-beyond-torn-log", .semantics, opens: "missingSegment",
                three.replacing(2) { Array($0.dropLast(3)) } + [snapshot(12)],
                "A torn end that the snapshot proves to have been durable is no torn end."),
            SetCase(
                "snapshot-alone", .semantics, opens: "missingSegment", [snapshot(6)],
                "The log is gone, and only a snapshot is left."),
            SetCase(
                "snapshot-empty-log", .semantics, opens: "missingSegment",
                [SetFile("log", nil), snapshot(6)], "A snapshot beside an empty folder of a log."),
            SetCase(
                "foreign-snapshot", .semantics, opens: "foreignLog",
                three + [snapshot(3), snapshot(6, foreign)],
                "A snapshot of another log is refused, not passed over."),
            SetCase(
                "newer-snapshot", .versionSkew, opens: "unsupportedVersion",
                three + [snapshot(3), snapshot(6, newer)],
                "A snapshot of a newer version may be intact: refused, not passed over."),
            SetCase(
                "snapshot-renamed", .container, opens: "corruption",
                three + [snapshot(6, name: 9)],
                "A snapshot has another fence inside than in its name."),
        ]
    }

    var others: [SetCase] {
        let quarantined = "quarantine/0000000001-00000000000000000001.wal.144.0123456789abcdef"
        let files = [
            "notes.txt", "log/notes.txt", "log/1-1.wal", "log/0123456789abcdef.spare",
            "log/0000000009-00000000000000000001.wal.bak",
            "log/0000000009-00000000000000000001.wal.0123456789abcdef.creating",
            "log/00000000009-00000000000000000001.wal", "log/0000000000-00000000000000000001.wal",
            "snapshots/7.snap", "snapshots/00000000000000000007.snap.0123456789abcdef.creating",
        ]
        return [
            SetCase(
                "unknown-files", .good, opens: nil,
                Self.one + files.map { SetFile($0, Array("mine, not yours".utf8)) },
                "Files with other names are left alone, among them what a crash can leave of a new file."
            ),
            SetCase(
                "lock-and-quarantine", .good, opens: nil,
                Self.one + [
                    SetFile("LOCK", Array("nobody\n".utf8)), SetFile(quarantined, [1, 2, 3]),
                ], "What the lock file says and what lies in quarantine decides nothing."),
            SetCase(
                "damage-beside", .bitFlip, opens: "corruption",
                Self.three.replacing(1) { Self.damaged($0) },
                "One damaged bit in the middle of the log."),
        ]
    }
}
