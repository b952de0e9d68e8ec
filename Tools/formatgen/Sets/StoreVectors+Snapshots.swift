// SPDX-License-Identifier: Apache-2.0

import CairnInterpreter

extension StoreVectors {
    func snapshot(
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

    func snapshots() throws -> [SetCase] {
        let three = three
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
        return try [
            .good(
                "snapshot-and-log", three + [snapshot(6)],
                "Only what was committed behind the fence of the snapshot is handed out; verifying reads the whole log."
            ).verified,
            .good(
                "snapshot-truncated-log", three.without(0) + [snapshot(6)],
                "The log begins right behind the snapshot."),
            .good(
                "snapshot-at-end", three + [snapshot(12)],
                "The snapshot holds everything that the log has."),
            .good(
                "newest-snapshot", three + [snapshot(3), snapshot(9)],
                "Of two snapshots the newer one is taken."),
            .valid(
                "newest-damaged", .bitFlip,
                three + [snapshot(3), snapshot(9, Self.damaged)],
                "A snapshot that cannot be read is passed over."),
            .valid(
                "newest-is-none", .header,
                three + [snapshot(3), snapshot(9) { _ in [1, 2, 3] }],
                "So is a file that is no snapshot."),
            .valid(
                "all-damaged", .bitFlip, three + [snapshot(6, Self.damaged)],
                "Without a snapshot that can be read the log is enough if it goes back to LSN 1."),
            .refused(
                "damaged-and-truncated", .semantics, as: "missingSegment",
                three.without(0) + [snapshot(6, Self.damaged)],
                "The log does not go back far enough: a store never opens with a hole."),
            .refused(
                "gap-behind-snapshot", .semantics, as: "missingSegment",
                three.without(0) + [snapshot(3)], "The log begins behind the end of the snapshot."),
            .refused(
                "gap-behind-snapshot-empty", .semantics, as: "missingSegment",
                LogBuilder.make { log in
                    try log.transaction(5)
                    try log.rotate()
                }.without(0) + [snapshot(2)],
                "The same with a log that holds no frame any more."),
            .refused(
                "snapshot-beyond-log", .semantics, as: "missingSegment",
                three + [snapshot(13)], "The log ends before the snapshot: its end was removed."),
            .refused(
                "snapshot-beyond-torn-log", .semantics, as: "missingSegment",
                three.cutting(2, by: 3) + [snapshot(12)],
                "A torn end that the snapshot proves to have been durable is no torn end."),
            .refused(
                "snapshot-alone", .semantics, as: "missingSegment", [snapshot(6)],
                "The log is gone, and only a snapshot is left."),
            .refused(
                "snapshot-empty-log", .semantics, as: "missingSegment",
                [SetFile("log", nil), snapshot(6)], "A snapshot beside an empty folder of a log."),
            .refused(
                "foreign-snapshot", .semantics, as: "foreignLog",
                three + [snapshot(3), snapshot(6, foreign)],
                "A snapshot of another log is refused, not passed over."),
            .refused(
                "newer-snapshot", .versionSkew, as: "unsupportedVersion",
                three + [snapshot(3), snapshot(6, newer)],
                "A snapshot of a newer version may be intact: refused, not passed over."),
            .refused(
                "snapshot-renamed", .container, as: "corruption",
                three + [snapshot(6, name: 9)],
                "A snapshot has another fence inside than in its name."),
        ]
    }

    func others() -> [SetCase] {
        let quarantined = "quarantine/0000000001-00000000000000000001.wal.144.0123456789abcdef"
        let files = [
            "notes.txt", "log/notes.txt", "log/1-1.wal", "log/0123456789abcdef.prepared",
            "log/0000000009-00000000000000000001.wal.bak",
            "log/0000000009-00000000000000000001.wal.0123456789abcdef.creating",
            "log/00000000009-00000000000000000001.wal", "log/0000000000-00000000000000000001.wal",
            "programs/7.snap", "programs/00000000000000000007.snap.0123456789abcdef.damaged",
            "programs/00000000000000000007.snap.0123456789abcdef.creating", "snapshots/7.snap",
            "snapshots/00000000000000000007.snap.0123456789abcdef.creating",
        ]
        return [
            .good(
                "unknown-files",
                one + files.map { SetFile($0, Array("mine, not yours".utf8)) },
                "Files with other names are left alone, among them what a crash can leave of a new file."
            ),
            .good(
                "lock-and-quarantine",
                one + [
                    SetFile("LOCK", Array("nobody\n".utf8)), SetFile(quarantined, [1, 2, 3]),
                    SetFile("timelines/00000000000000000003.snap", [1, 2, 3]),
                    SetFile(
                        "pins/00000000000000000005-0123456789abcdef.pin", Array("nobody\n".utf8)),
                ], "What the lock file says and what lies in quarantine decides nothing."),
            .refused(
                "damage-beside", .bitFlip, as: "corruption",
                three.replacing(1) { Self.damaged($0) },
                "One damaged bit in the middle of the log."),
        ]
    }
}
