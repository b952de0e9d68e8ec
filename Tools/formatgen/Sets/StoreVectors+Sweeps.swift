// SPDX-License-Identifier: Apache-2.0

import CairnInterpreter
import CairnSegments

/// Stores that are small and valid, and what is done to each of their files.
extension StoreVectors {
    func swept() throws -> [SetCase] {
        try [
            .good(
                "two-segments",
                LogBuilder.make { log in
                    try log.transaction(5)
                    try log.rotate()
                    try log.transaction(6, related: 3)
                }, "A sealed segment and one that is open."),
            .good(
                "spare-and-quarantine",
                one + [
                    SetFile("LOCK", Array("pid 1\n".utf8)),
                    SetFile("log/0123456789abcdef.spare", [UInt8](repeating: 0, count: 16)),
                    SetFile(
                        "quarantine/0000000001-00000000000000000001.wal.144.0123456789abcdef",
                        [1, 2, 3]),
                ], "A log beside everything that decides nothing: lock file, spare, quarantine."),
        ]
    }

    var sweeps: [SetSweep] {
        let header = 0..<SegmentLayout.headerByteCount
        return [
            SetSweep("two-segments", [.truncate, .zeroFrom, .flip]),
            SetSweep("two-segments", [.flipAndRepair], file: 0),
            SetSweep("two-segments", [.flipAndRepair], file: 1, header),
            SetSweep("three-segments", [.truncate, .invert]),
            SetSweep("rotation-torn-seal", [.truncate, .zeroFrom, .invert]),
            SetSweep("compressed-in-parts", [.truncate, .invert]),
            SetSweep("spare-and-quarantine", [.truncate, .zeroFrom, .invert]),
            SetSweep("snapshot-truncated-log", [.truncate, .zeroFrom, .invert]),
            SetSweep("newest-snapshot", [.truncate, .invert], file: 4),
        ]
    }
}
