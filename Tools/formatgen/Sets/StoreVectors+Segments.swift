// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnInterpreter
import CairnLSN
import CairnSegments

/// Segments that are missing, of another log, or wrong by their headers.
extension StoreVectors {
    func missing() throws -> [SetCase] {
        let folder = SetFile("log", nil)
        return try [
            .refused("empty", .semantics, as: "notALog", [], "A directory without anything in it."),
            .refused(
                "empty-log", .semantics, as: "missingSegment", [folder],
                "The folder of the log is there and has no segment: they were removed."),
            SetCase(
                "first-missing", .semantics, opens: "missingSegment", verifies: .some(nil),
                three.without(0),
                "Without a snapshot the log must begin at LSN 1; by itself it is in order."),
            .refused(
                "middle-missing", .semantics, as: "missingSegment", three.without(1),
                "A gap in the numbers; salvage hands out what lies on both sides."),
            .refused(
                "last-missing", .semantics, as: "missingSegment", three.without(2),
                "The last segment is sealed: there was another one."),
            .refused(
                "last-missing-bytes-behind", .semantics, as: "missingSegment",
                three.without(2).appending(1, [1, 2, 3, 4, 5, 6, 7, 8]),
                "Bytes behind the seal hide no missing segment."),
            .refused(
                "duplicate", .semantics, as: "corruption", duplicated,
                "Two files have the number of one segment."),
            .refused(
                "sealed-alone", .semantics, as: "missingSegment",
                LogBuilder.make {
                    try $0.transaction(5)
                    try $0.rotate()
                }.without(1), "One segment, and it is sealed."),
        ]
    }

    /// Segment 2 twice, the second time as if it began at LSN 8.
    private var duplicated: [SetFile] {
        var other = three[1].bytes ?? []
        other[40] = 8
        other[48] = 7
        let name = SegmentName(segment: SegmentID(rawValue: 2), baseLSN: LSN(rawValue: 8))
        let copy = SetFile("log/\(name)", repaired("segment", other))
        return [three[0], three[1], copy]
    }

    func foreign() throws -> [SetCase] {
        let other = try Self.three(of: LogID(high: 7, low: 9))
        let course = try LogBuilder.make { log in
            try log.transaction(6)
            try log.transaction(5, related: 3)
            try log.rotate()
        }
        return [
            .refused(
                "foreign-middle", .semantics, as: "foreignLog",
                [three[0], other[1], three[2]], "The second segment is of another log."),
            .refused(
                "foreign-first", .semantics, as: "foreignLog",
                [other[0], three[1], three[2]],
                "The first segment is of another log, and says which log it is."),
            .refused(
                "foreign-behind-damage", .semantics, as: "corruption",
                [three[0], other[1], three[2]].cutting(0, by: 3),
                "The segment before a foreign one is judged by itself first."),
            .refused(
                "other-course", .semantics, as: "corruption",
                [course[0], three[1], three[2]],
                "A segment of another course of the same log: same size, same LSNs, other bytes."),
            .refused(
                "older-version", .semantics, as: "corruption",
                [one[0], three[2]],
                "A segment from before it was sealed, and the next one is missing."),
        ]
    }

    func headers() -> [SetCase] {
        [
            .refused(
                "newer-segment", .versionSkew, as: "unsupportedVersion",
                edited(three, 1, at: 8, [2, 0]), "A newer version wrote the second segment."),
            .refused(
                "newer-first", .versionSkew, as: "unsupportedVersion",
                edited(three, 0, at: 8, [2, 0]), "A newer version wrote the first segment."),
            .refused(
                "not-a-segment", .header, as: "notALog",
                three.replacing(1) { _ in [UInt8](repeating: 0x41, count: 500) },
                "A file of another kind with the name of a segment."),
            .refused(
                "not-a-segment-first", .header, as: "notALog",
                three.replacing(0) { _ in [UInt8](repeating: 0x41, count: 500) },
                "The first file is of another kind."),
            .refused(
                "damaged-header", .bitFlip, as: "corruption",
                three.flipping(1, at: 50, 1), "The header of the second segment is damaged."),
            .refused(
                "damaged-first-header", .bitFlip, as: "corruption",
                three.flipping(0, at: 50, 1), "The header of the first segment is damaged."),
            .refused(
                "names-swapped", .header, as: "corruption",
                [
                    SetFile(three[0].path, three[1].bytes),
                    SetFile(three[1].path, three[0].bytes), three[2],
                ], "Two segments have each other's names."),
            .refused(
                "empty-file", .header, as: "corruption", three.replacing(2) { _ in [] },
                "The last segment has no byte; a segment gets its name with its header in it."),
        ]
    }
}
