// SPDX-License-Identifier: Apache-2.0

import CairnInterpreter
import CairnLSN
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
                "prepared-and-quarantine",
                one + [
                    SetFile("LOCK", Array("pid 1\n".utf8)),
                    SetFile("log/0123456789abcdef.prepared", [UInt8](repeating: 0, count: 16)),
                    SetFile(
                        "quarantine/0000000001-00000000000000000001.wal.144.0123456789abcdef",
                        [1, 2, 3]),
                ],
                "A log beside everything that decides nothing: lock file, prepared segment, quarantine."
            ),
        ]
    }

    func sweeps() throws -> [SetSweep] {
        let header = SegmentLayout.headerByteCount
        let sealed = try SegmentBuilder.make { (builder) throws(LSNError) in
            try builder.transaction(5)
            try builder.seal()
        }
        return [
            SetSweep("two-segments", [.truncate, .zeroFrom, .invert]),
            SetSweep("two-segments", [.flip], file: 1),
            // With its checksums right again, damage reaches the rules across files.
            SetSweep("two-segments", [.flipAndRepair], file: 0, header..<sealed.count),
            SetSweep("two-segments", [.flipAndRepair], file: 1, 0..<header),
            SetSweep("three-segments", [.truncate]),
            SetSweep("three-segments", [.invert], file: 1),
            SetSweep("rotation-torn-seal", [.truncate, .zeroFrom, .invert]),
            SetSweep("prepared-and-quarantine", [.truncate, .invert]),
            SetSweep("snapshot-truncated-log", [.truncate, .zeroFrom, .invert]),
            SetSweep("newest-snapshot", [.invert], file: 4),
            SetSweep("two-programs", [.invert], file: 3),
            SetSweep("two-programs", [.truncate], file: 4),
            SetSweep("program", [.flipAndRepair], file: 1),
        ]
    }
}
