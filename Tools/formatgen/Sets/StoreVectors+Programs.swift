// SPDX-License-Identifier: Apache-2.0

import CairnInterpreter

extension StoreVectors {
    /// A file that names a program.
    ///
    /// - Parameter name: The fence that its name says.
    func program(
        _ fence: UInt64, name: UInt64? = nil, version: Int64 = 1,
        _ change: ([UInt8]) -> [UInt8] = { $0 }
    ) -> SetFile {
        var forge = SnapshotForge([
            .init(1, [ProgramVectors.record(version: ProgramVectors.int(version))])
        ])
        forge.fence = fence
        let digits = String(name ?? fence)
        let padded = String(repeating: "0", count: 20 - digits.count) + digits
        return SetFile("programs/\(padded).snap", change(repaired("program", forge.raw())))
    }

    func programs() throws -> [SetCase] {
        try goodPrograms() + refusedPrograms() + endsBeforePrograms()
    }

    private func goodPrograms() throws -> [SetCase] {
        [
            .good(
                "program", one + [program(0)],
                "A store says its program: it was made before anything was committed."),
            .good(
                "two-programs", three + [program(0), program(6, version: 2)],
                "A second version opened the store; it belongs to that."),
            .good(
                "program-at-end", three + [program(3), program(12, version: 7)],
                "A program that has not committed anything yet."),
            .good(
                "program-and-snapshot", three.without(0) + [program(0), snapshot(6)],
                "A program whose transactions the snapshot holds is told all the same."),
        ]
    }

    /// Verifying judges the log alone.
    private func refused(
        _ name: String, _ flag: VectorFlag, as verdict: String, _ files: [SetFile],
        _ comment: String
    ) -> SetCase {
        SetCase(name, flag, opens: verdict, verifies: .some(nil), files, comment)
    }

    private func refusedPrograms() throws -> [SetCase] {
        let newer: ([UInt8]) -> [UInt8] = { bytes in
            var copy = bytes
            copy[8] = 2
            return repaired("program", copy)
        }
        let foreign: ([UInt8]) -> [UInt8] = { bytes in
            var copy = bytes
            copy[16] ^= 0xff
            return repaired("program", copy)
        }
        let damaged: ([UInt8]) -> [UInt8] = { bytes in
            var copy = bytes
            copy[copy.count / 2] ^= 0x10
            return copy
        }
        return [
            refused(
                "foreign-program", .semantics, as: "foreignLog",
                three + [program(0), program(6, foreign)], "A program of another log."),
            refused(
                "newer-program", .versionSkew, as: "unsupportedVersion",
                three + [program(0, newer), program(6)],
                "A file of a newer version may be intact."),
            refused(
                "newer-program-value", .versionSkew, as: "unsupportedVersion",
                three + [
                    SetFile(
                        program(0).path,
                        file(0, ProgramVectors.record(version: [0x7f])))
                ], "So may one whose value has a part of an unknown kind."),
            refused(
                "program-renamed", .container, as: "corruption", three + [program(6, name: 3)],
                "A file has another fence inside than in its name."),
            refused(
                "damaged-program", .bitFlip, as: "corruption",
                three + [program(0, damaged), program(6, version: 2)],
                "A file that cannot be read is not passed over, even where a later one can."),
            refused(
                "program-is-none", .header, as: "corruption",
                three + [program(0) { _ in [1, 2, 3] }], "A file that is no snapshot at all."),
            refused(
                "program-without-name", .semantics, as: "corruption",
                three + [
                    SetFile(
                        program(0).path,
                        file(0, ProgramVectors.record(name: ProgramVectors.text(""))))
                ], "A whole file that names nothing."),
            refused(
                "damaged-program-and-foreign-snapshot", .bitFlip, as: "corruption",
                three + [program(0, damaged), snapshot(6, foreign)],
                "Programs are judged before snapshots are."),
        ]
    }

    /// A file of the form of a snapshot with one record.
    private func file(_ fence: UInt64, _ record: [UInt8]) -> [UInt8] {
        var forge = SnapshotForge([.init(1, [record])])
        forge.fence = fence
        return repaired("snapshot", forge.raw())
    }

    private func endsBeforePrograms() throws -> [SetCase] {
        [
            SetCase(
                "program-alone", .semantics, opens: "missingSegment", verifies: "notALog",
                [program(0)], "The log is gone, and only what named its program is left."),
            SetCase(
                "program-empty-log", .semantics, opens: "missingSegment",
                verifies: "missingSegment", [SetFile("log", nil), program(0)],
                "A program beside an empty folder of a log."),
            refused(
                "program-and-snapshot-alone", .semantics, as: "missingSegment",
                [program(0), snapshot(6)], "Without the log, what is left is not looked at."),
            refused(
                "program-beyond-log", .semantics, as: "missingSegment",
                three + [program(0), program(13)],
                "The log ends before the program opened it: its end was removed."),
            SetCase(
                "program-beyond-torn-log", .semantics, opens: "missingSegment",
                verifies: "tornTail", three.cutting(2, by: 3) + [program(12)],
                "A torn end that was there when a program opened the store is no torn end."),
        ]
    }
}
