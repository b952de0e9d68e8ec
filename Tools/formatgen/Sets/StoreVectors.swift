// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnInterpreter
import CairnLSN
import CairnSegments
import CairnSnapshot

/// A set of files and what is known about it.
struct SetCase {
    let name: String
    let comment: String
    let flags: [VectorFlag]
    let files: [SetFile]
    /// What opening must say: the verdict, nil for a valid set.
    let opens: String?
    /// What verifying must say; the log alone is verified, so nothing is said where there are snapshots.
    let verifies: String?

    init(
        _ name: String, _ flag: VectorFlag, opens: String?, verifies: String?? = nil,
        _ files: [SetFile], _ comment: String
    ) {
        self.name = name
        self.comment = comment
        flags = [.fileSet, flag]
        self.files = files
        self.opens = opens
        self.verifies = verifies ?? opens
    }

    /// The modes in which the shipped code can be asked.
    var modes: [ReadingMode] {
        files.contains { $0.path.hasPrefix("snapshots/") } ? [.recover] : ReadingMode.allCases
    }
}

/// The vectors of the directory of a store.
struct StoreVectors {
    let formats: [ResolvedFormat]

    /// Three segments, the last one open: LSNs 1 to 3, 4 to 6; 7 to 9; 10 to 12.
    static let three = LogBuilder.make { log in
        log.transaction(5)
        log.transaction(6, related: 3)
        log.rotate()
        log.transaction(7, related: 6)
        log.rotate()
        log.transaction(8, related: 9)
    }

    static let one = LogBuilder.make { log in
        log.transaction(5)
        log.transaction(6, related: 3)
    }

    var cases: [SetCase] {
        good + ends + missing + foreign + headers + rotations + transactions + compressions
            + snapshots + others
    }

    func repaired(_ format: String, _ bytes: [UInt8]) -> [UInt8] {
        formats.first { $0.name == format }?.repaired(bytes) ?? bytes
    }

    /// With some bytes of a file replaced and the checksums made right again.
    private func edited(
        _ files: [SetFile], _ index: Int, at offset: Int, _ bytes: [UInt8]
    ) -> [SetFile] {
        files.replacing(index) { old in
            var copy = old
            for (place, byte) in bytes.enumerated() { copy[offset + place] = byte }
            return repaired("segment", copy)
        }
    }

    private var good: [SetCase] {
        [
            SetCase(
                "one-segment", .good, opens: nil, Self.one, "A log of one segment."),
            SetCase(
                "header-only", .good, opens: nil, LogBuilder.make { _ in },
                "A log that was just created: it holds no transaction."),
            SetCase(
                "three-segments", .good, opens: nil, Self.three,
                "Two sealed segments and one that is open."),
            SetCase(
                "several-batches", .good, opens: nil,
                LogBuilder.make { log in
                    log.add(.transactionBegin)
                    log.add(.mutationBatch, related: 1, SegmentBuilder.batch(9))
                    log.add(.mutation, related: 1, SegmentBuilder.batch(1))
                    log.add(.transactionCommit, related: 1, [], time: LogBuilder.time)
                    log.transaction(3, related: 4)
                }, "A transaction of two batches, and a folded one."),
            SetCase(
                "aborted", .good, opens: nil,
                LogBuilder.make { log in
                    log.add(.transactionBegin)
                    log.add(.mutationBatch, related: 1, SegmentBuilder.batch(9))
                    log.add(.transactionAbort, related: 1)
                    log.transaction(3, related: 3)
                }, "A transaction that was given up is not handed out."),
            SetCase(
                "unfinished", .good, opens: nil,
                LogBuilder.make { log in
                    log.transaction(3)
                    log.add(.transactionBegin, related: 3)
                    log.add(.mutationBatch, related: 4, SegmentBuilder.batch(9))
                }, "A transaction whose commit a crash prevented is not handed out."),
            SetCase(
                "marks", .good, opens: nil,
                LogBuilder.make { log in
                    log.transaction(3)
                    log.add(.checkpoint, related: 3)
                    log.add(.durableMark, related: 4)
                    log.add(FrameKind(rawValue: 0x82), related: 4, [1, 2, 3])
                    log.transaction(4, related: 4)
                }, "A checkpoint, a mark, and a kind that readers may skip."),
        ]
    }

    private var ends: [SetCase] {
        let last = Self.three.count - 1
        return [
            SetCase(
                "torn-end", .torn, opens: nil, verifies: "tornTail",
                Self.three.replacing(last) { Array($0.dropLast(3)) },
                "The last write was cut short; recovery goes on before it."),
            SetCase(
                "torn-end-behind-intact", .torn, opens: nil, verifies: "tornTail",
                Self.one.replacing(0) { $0 + [UInt8](repeating: 0x5a, count: 40) },
                "Bytes that are no frame behind two intact ones."),
            SetCase(
                "proven-loss", .bitFlip, opens: "corruption",
                Self.one.replacing(0) { bytes in
                    var copy = bytes
                    copy[80] ^= 0xff
                    return copy
                }, "The damaged first transaction was durable, as the second one promises."),
            SetCase(
                "torn-before-last", .torn, opens: "corruption",
                Self.three.replacing(1) { Array($0.dropLast(3)) },
                "Only the last segment may end in a torn write: this one has lost its seal."),
            SetCase(
                "cut-before-last", .torn, opens: "corruption",
                Self.three.replacing(0) { Array($0.prefix(SegmentLayout.headerByteCount)) },
                "The first segment ends behind its header, and the next one says that it held more."
            ),
            SetCase(
                "damage-before-last", .bitFlip, opens: "corruption",
                Self.three.replacing(0) { bytes in
                    var copy = bytes
                    copy[120] ^= 0xff
                    return copy
                },
                "A damaged frame in the first segment; salvage hands out what lies in the others."),
            SetCase(
                "damage-before-gap", .bitFlip, opens: "corruption",
                Self.three.without(1).replacing(0) { bytes in
                    var copy = bytes
                    copy[120] ^= 0xff
                    return copy
                }, "The segment before a gap is judged by itself, before the gap is."),
            SetCase(
                "unsealed-before-gap", .torn, opens: "corruption",
                Self.three.without(1).replacing(0) { Array($0.dropLast(80)) },
                "The segment before a gap has no seal."),
            SetCase(
                "newer-kind-at-end", .versionSkew, opens: "unsupportedVersion",
                edited(Self.three, last, at: 72 + 4, [0x7f]),
                "The last segment has an intact frame of an unknown kind."),
            SetCase(
                "newer-kind-before-last", .versionSkew, opens: "unsupportedVersion",
                edited(Self.three, 1, at: 72 + 4, [0x7f]),
                "An intact frame of an unknown kind in an earlier segment: unsupported, never corrupt."
            ),
        ]
    }

    private var missing: [SetCase] {
        let folder = SetFile("log", nil)
        return [
            SetCase(
                "empty", .semantics, opens: "notALog", [], "A directory without anything in it."),
            SetCase(
                "empty-log", .semantics, opens: "missingSegment", [folder],
                "The folder of the log is there and has no segment: they were removed."),
            SetCase(
                "first-missing", .semantics, opens: "missingSegment", verifies: .some(nil),
                Self.three.without(0),
                "Without a snapshot the log must begin at LSN 1; by itself it is in order."),
            SetCase(
                "middle-missing", .semantics, opens: "missingSegment", Self.three.without(1),
                "A gap in the numbers; salvage hands out what lies on both sides."),
            SetCase(
                "last-missing", .semantics, opens: "missingSegment", Self.three.without(2),
                "The last segment is sealed: there was another one."),
            SetCase(
                "last-missing-bytes-behind", .semantics, opens: "missingSegment",
                Self.three.without(2).replacing(1) { $0 + [1, 2, 3, 4, 5, 6, 7, 8] },
                "Bytes behind the seal hide no missing segment."),
            SetCase(
                "duplicate", .semantics, opens: "corruption", duplicated,
                "Two files have the number of one segment."),
            SetCase(
                "sealed-alone", .semantics, opens: "missingSegment",
                LogBuilder.make {
                    $0.transaction(5)
                    $0.rotate()
                }.without(1), "One segment, and it is sealed."),
        ]
    }

    /// Segment 2 twice, the second time as if it began at LSN 8.
    private var duplicated: [SetFile] {
        let second = Self.three[1].bytes ?? []
        var other = second
        other[40] = 8
        other[48] = 7
        let name = SegmentName(segment: SegmentID(rawValue: 2), baseLSN: LSN(rawValue: 8))
        let copy = SetFile("log/\(name)", repaired("segment", other))
        return [Self.three[0], Self.three[1], copy]
    }

    private static let otherLog = LogID(high: 7, low: 9)

    private var foreign: [SetCase] {
        let other = LogBuilder.make(logID: Self.otherLog) { log in
            log.transaction(5)
            log.transaction(6, related: 3)
            log.rotate()
            log.transaction(7, related: 6)
            log.rotate()
            log.transaction(8, related: 9)
        }
        let course = LogBuilder.make { log in
            log.transaction(6)
            log.transaction(5, related: 3)
            log.rotate()
        }
        return [
            SetCase(
                "foreign-middle", .semantics, opens: "foreignLog",
                [Self.three[0], other[1], Self.three[2]], "The second segment is of another log."),
            SetCase(
                "foreign-first", .semantics, opens: "foreignLog",
                [other[0], Self.three[1], Self.three[2]],
                "The first segment is of another log, and says which log it is."),
            SetCase(
                "foreign-behind-damage", .semantics, opens: "corruption",
                [Self.three[0], other[1], Self.three[2]].replacing(0) { Array($0.dropLast(3)) },
                "The segment before a foreign one is judged by itself first."),
            SetCase(
                "other-course", .semantics, opens: "corruption",
                [course[0], Self.three[1], Self.three[2]],
                "A segment of another course of the same log: same size, same LSNs, other bytes."),
            SetCase(
                "older-version", .semantics, opens: "corruption",
                [Self.one[0], Self.three[2]].replacing(0) { $0 },
                "A segment from before it was sealed, and the next one is missing."),
        ]
    }

    private var headers: [SetCase] {
        [
            SetCase(
                "newer-segment", .versionSkew, opens: "unsupportedVersion",
                edited(Self.three, 1, at: 8, [2, 0]), "A newer version wrote the second segment."),
            SetCase(
                "newer-first", .versionSkew, opens: "unsupportedVersion",
                edited(Self.three, 0, at: 8, [2, 0]), "A newer version wrote the first segment."),
            SetCase(
                "not-a-segment", .header, opens: "notALog",
                Self.three.replacing(1) { _ in [UInt8](repeating: 0x41, count: 500) },
                "A file of another kind with the name of a segment."),
            SetCase(
                "not-a-segment-first", .header, opens: "notALog",
                Self.three.replacing(0) { _ in [UInt8](repeating: 0x41, count: 500) },
                "The first file is of another kind."),
            SetCase(
                "damaged-header", .bitFlip, opens: "corruption",
                Self.three.replacing(1) { bytes in
                    var copy = bytes
                    copy[50] ^= 1
                    return copy
                }, "The header of the second segment is damaged."),
            SetCase(
                "damaged-first-header", .bitFlip, opens: "corruption",
                Self.three.replacing(0) { bytes in
                    var copy = bytes
                    copy[50] ^= 1
                    return copy
                }, "The header of the first segment is damaged."),
            SetCase(
                "names-swapped", .header, opens: "corruption",
                [
                    SetFile(Self.three[0].path, Self.three[1].bytes),
                    SetFile(Self.three[1].path, Self.three[0].bytes), Self.three[2],
                ], "Two segments have each other's names."),
            SetCase(
                "empty-file", .header, opens: "corruption", Self.three.replacing(2) { _ in [] },
                "The last segment has no byte; a segment gets its name with its header in it."),
        ]
    }
}
