// SPDX-License-Identifier: Apache-2.0

import CairnContainer
import CairnFormat
import CairnFormats
import CairnInterpreter

/// The vectors of containers.
struct ContainerVectors {
    typealias Record = ContainerForge.Record

    let format: ResolvedFormat
    private static let base = "files"
    private static let head = ContainerLayout.recordByteCount

    var set: VectorSet {
        VectorSet(
            format: format.name, cases: good + headers + records + names + places + torn,
            sweeps: [.init(Self.base, [.truncate, .zeroFrom, .flip, .flipAndRepair], 0..<360)],
            examples: [Self.base], mapped: [Self.base])
    }

    /// A container with these records, and `more` bytes behind its first block.
    private func container(
        _ records: [Record], block: UInt64 = 512, more: Int = 0, place: UInt64 = 60,
        generation: UInt64 = 1
    ) -> [UInt8] {
        var forge = ContainerForge(generation: generation, place: place, byteCount: block)
        for record in records { forge.add(record) }
        forge.grow(to: Int(place + block) + more)
        return forge.bytes
    }

    private var files: [Record] {
        [
            .create(1, "log", isDirectory: true),
            .create(2, "a.wal", durable: 1),
            Record(kind: 2, durable: 1, entry: 2, place: 572, byteCount: 16),
            Record(kind: 3, durable: 3, entry: 2, position: 10),
        ]
    }

    private func valid(_ name: String, _ bytes: [UInt8], _ comment: String) -> VectorCase {
        VectorCase(name, .good, expect: nil, bytes, comment)
    }

    private func bad(
        _ name: String, _ flag: VectorFlag, _ expected: String, _ bytes: [UInt8], _ comment: String
    ) -> VectorCase {
        VectorCase(name, flag, expect: expected, bytes, comment)
    }

    // MARK: Whole ones

    private var good: [VectorCase] {
        [
            valid(
                Self.base, container(files, more: 16),
                "A directory `log` with a file of 10 bytes in it, which has room for 16."),
            valid("empty", container([]), "A container without files."),
            valid("smallest-block", container([], block: 400), "The smallest block."),
            valid(
                "every-kind",
                container(
                    files + [
                        Record(kind: 4, entry: 2, position: 4),
                        Record(kind: 5, name: Array("b".utf8), entry: 2),
                        Record(kind: 6, durable: 6, entry: 2),
                    ], block: 700, more: 200), "A file is cut, renamed and removed."),
            valid("linked", linked(400), "The journal goes on in another block, the smallest one."),
            valid(
                "longest-name",
                container([.create(1, String(repeating: "n", count: 255))], block: 600),
                "A name of 255 bytes."),
            valid(
                "room-for-a-link", container(filling(68), block: 400),
                "Behind the last record there is just room for a link."),
            valid(
                "edge-characters",
                container([.create(1, "!~"), .create(2, "..."), .create(3, ".00")]),
                "The first and the last character that a name may have, and names that begin with dots."
            ),
            valid(
                "later-block", container([], place: 64),
                "The first block does not follow the header."),
            valid(
                "third-generation", container(files, more: 16, generation: 3),
                "After two compactions."),
            valid(
                "newer-minor", format.repaired(replacing(10, with: [7, 0])),
                "A newer minor version is read."),
            valid(
                "unused-fields",
                container([
                    Record(
                        kind: 3, parent: .max, position: 1, place: .max, byteCount: .max)
                ]), "What a kind does not use is not looked at."),
        ]
    }

    /// Records that leave so many bytes of a block of 400.
    private func filling(_ left: Int) -> [Record] {
        let used = 400 - left
        // Three plain records, and one with a name of the length that is missing.
        let name = used - 3 * Self.head - Self.head - 4
        return Array(repeating: Record(kind: 3, position: 1), count: 3) + [
            .create(1, String(repeating: "x", count: name))
        ]
    }

    private func linked(_ byteCount: UInt64, place: UInt64 = 460) -> [UInt8] {
        container(
            filling(68) + [.link(place, byteCount), .create(2, "b", durable: 5)], block: 400,
            more: Int(clamping: byteCount))
    }

    // MARK: Headers

    /// An empty container with other bytes at a place.
    private func replacing(_ place: Int, with part: [UInt8]) -> [UInt8] {
        var bytes = container([])
        bytes.replaceSubrange(place..<place + part.count, with: part)
        return bytes
    }

    private var headers: [VectorCase] {
        func header(_ name: String, _ expected: String, _ bytes: [UInt8], _ comment: String)
            -> VectorCase
        {
            bad(name, .header, expected, bytes, comment)
        }
        func patched(_ field: Field<UInt64>, _ value: UInt64) -> [UInt8] {
            var bytes = container([])
            bytes.replaceSubrange(
                field.offset..<field.end, with: ContainerForge.little(value))
            return format.repaired(bytes)
        }
        let place = ContainerLayout.journalPlace
        let size = ContainerLayout.journalByteCount
        return [
            header(
                "short-preamble", "truncated", Array(container([]).prefix(15)), "A byte is missing."
            ),
            header(
                "other-magic", "badMagic",
                format.repaired(replacing(0, with: Array("NOTABOX!".utf8))), "Another kind of file."
            ),
            header(
                "magic-flipped", "badChecksum", format.repaired(replacing(0, with: [67 ^ 1])),
                "A bit of the magic is wrong."),
            header(
                "preamble-flipped", "badChecksum", replacing(10, with: [1]),
                "A bit of the version is wrong."),
            header(
                "newer-major", "unsupportedVersion", format.repaired(replacing(8, with: [2, 0])),
                "A newer major version."),
            header(
                "identity-flipped", "badChecksum", replacing(16, with: [1 ^ 4]),
                "A bit of the identity is wrong."),
            header(
                "short-header", "truncated", Array(container([]).prefix(59)), "A byte is missing."),
            header(
                "generation-zero", "invalidValue", patched(ContainerLayout.generation, 0),
                "Generations count from 1."),
            header(
                "block-in-header", "invalidValue", patched(place, 59), "The block begins too early."
            ),
            header(
                "place-at-limit", "containerCut", patched(place, ContainerLayout.placeMax),
                "The largest place, far behind the end."),
            header(
                "place-too-large", "invalidValue", patched(place, ContainerLayout.placeMax + 1),
                "A place above the limit."),
            header("block-too-small", "invalidValue", patched(size, 399), "A block is too small."),
            header(
                "block-at-limit", "containerCut", patched(size, ContainerLayout.blockByteCountMax),
                "The largest block, more than there is."),
            header(
                "block-too-large", "invalidValue",
                patched(size, ContainerLayout.blockByteCountMax + 1), "A block above the limit."),
            header(
                "block-cut", "containerCut", Array(container([]).dropLast()),
                "The last byte of the block is missing."),
        ]
    }

    // MARK: Records

    private var records: [VectorCase] {
        func one(_ name: String, _ record: Record, _ comment: String) -> VectorCase {
            bad(name, .container, "badRecord", container([record], more: 16), comment)
        }
        return [
            bad(
                "unknown-kind", .unknownTag, "unknownRecord", container([Record(kind: 8)]),
                "A kind that a newer version has."),
            bad(
                "kind-zero", .unknownTag, "unknownRecord", container([Record(kind: 0)]),
                "No record has the kind 0."),
            one(
                "size-with-name", Record(kind: 3, name: [97]),
                "Only new and renamed entries have names."),
            one("create-without-name", Record(kind: 1, entryKind: 1), "A new entry needs a name."),
            one("rename-without-name", Record(kind: 5), "So does a renamed one."),
            one(
                "create-of-no-kind", Record(kind: 1, name: [97]),
                "A new entry is a file or a directory."),
            one(
                "create-of-kind-3", Record(kind: 1, entryKind: 3, name: [97]),
                "There is no third kind of entry."),
            one(
                "size-of-a-kind", Record(kind: 3, entryKind: 1), "Only new entries have a kind."),
            one(
                "create-of-entry-zero", Record(kind: 1, entryKind: 1, name: [97], entry: 0),
                "The root is always there."),
            one(
                "link-with-entry", Record(kind: 7, entry: 1, place: 572, byteCount: 400),
                "A link is of no entry."),
            bad(
                "name-too-long", .oversizedLength, "badRecord",
                container(
                    [
                        Record(
                            kind: 1, entryKind: 1, name: [UInt8](repeating: 110, count: 256),
                            entry: 1)
                    ], block: 600), "A name of 256 bytes."),
            bad(
                "no-room-for-a-link", .container, "noRoomInBlock",
                container(filling(64), block: 400),
                "Behind the last record there is no room for a link."),
            bad(
                "name-without-room", .container, "noRoomInBlock",
                container(
                    Array(repeating: Record(kind: 3), count: 4) + [
                        Record(
                            kind: 1, entryKind: 1, name: [UInt8](repeating: 110, count: 8),
                            nameByteCount: 200, entry: 1)
                    ], block: 400), "A name that the block cannot hold."),
            bad(
                "sequence-gap", .semantics, "recordOutOfOrder",
                container([Record(kind: 3, sequence: 2)]), "A record is missing."),
            bad(
                "sequence-twice", .semantics, "recordOutOfOrder",
                container([Record(kind: 3), Record(kind: 3, sequence: 1)]),
                "A number is there twice."),
            bad(
                "other-predecessor", .semantics, "recordOutOfOrder",
                container([Record(kind: 3, previous: 7)]), "The record follows another one."),
            bad(
                "durable-itself", .semantics, "recordOutOfOrder",
                container([Record(kind: 3, durable: 1)]), "A record cannot say that it is durable."),
        ]
    }

    // MARK: Names

    private var names: [VectorCase] {
        func named(_ name: String, _ text: [UInt8], padding: [UInt8]? = nil, _ comment: String)
            -> VectorCase
        {
            bad(
                name, .semantics, "badRecord",
                container([
                    Record(kind: 1, entryKind: 1, name: text, padding: padding, entry: 1)
                ]), comment)
        }
        return [
            named("padding", [97, 97], padding: [0, 1], "Behind a name there are zeros.")
        ]
    }

    // MARK: Places

    private var places: [VectorCase] {
        let limit = ContainerLayout.placeMax
        func extent(
            _ name: String, _ expected: String, _ place: UInt64, _ byteCount: UInt64,
            _ comment: String
        ) -> VectorCase {
            bad(
                name, .container, expected,
                container(
                    [.create(1, "a"), Record(kind: 2, place: place, byteCount: byteCount)],
                    more: 16), comment)
        }
        func link(
            _ name: String, _ expected: String, _ place: UInt64, _ byteCount: UInt64,
            _ comment: String
        ) -> VectorCase {
            bad(
                name, .container, expected,
                container([.link(place, byteCount)], more: 400), comment)
        }
        return [
            extent("extent-cut", "containerCut", 572, 17, "The file ends a byte too early."),
            extent("extent-at-limit", "containerCut", limit, 1, "The largest place."),
            extent("extent-too-far", "badRecord", limit + 1, 1, "A place above the limit."),
            extent("extent-long", "containerCut", 572, limit, "The largest size."),
            extent("extent-too-long", "badRecord", 572, limit + 1, "A size above the limit."),
            extent("extent-overflow", "badRecord", .max, 16, "A place whose end has no number."),
            link("link-back", "badRecord", 571, 400, "A link into its own block."),
            link("link-small", "badRecord", 572, 399, "A link to a block that is too small."),
            link(
                "link-cut", "containerCut", 573, 400,
                "A link to a block of which a byte is missing."),
            link(
                "link-large", "containerCut", 572, ContainerLayout.blockByteCountMax,
                "A link to the largest block, more than there is."),
            link(
                "link-too-large", "badRecord", 572, ContainerLayout.blockByteCountMax + 1,
                "A link to a block above the limit."),
            link("link-too-far", "badRecord", limit + 1, 400, "A link to a place above the limit."),
        ]
    }

    // MARK: Torn ends

    /// The base, with bytes from `start` on set so.
    private func damaged(_ start: Int, _ bytes: [UInt8]) -> [UInt8] {
        var result = container(files, more: 16)
        result.replaceSubrange(start..<start + bytes.count, with: bytes)
        return result
    }

    private func torn(
        _ name: String, _ expected: String, isTorn: Bool, _ bytes: [UInt8], _ comment: String
    ) -> VectorCase {
        var found = VectorCase(name, .torn, expect: expected, bytes, base: Self.base, comment)
        found.isTorn = isTorn
        return found
    }

    private var torn: [VectorCase] {
        // Two names of 3 and 5 bytes, and two records without.
        let second = 60 + Self.head + 8
        let third = second + Self.head + 12
        let fourth = third + Self.head
        let whole = container(files, more: 16)
        func flipped(_ place: Int, _ mask: UInt8) -> [UInt8] {
            damaged(place, [whole[place] ^ mask])
        }
        return [
            torn(
                "last-record-torn", "recordChecksum", isTorn: true,
                damaged(fourth + 40, [UInt8](repeating: 0, count: 28)),
                "The end of the last record is missing."),
            torn(
                "last-record-damaged", "recordChecksum", isTorn: true,
                damaged(fourth + 8, [0xff, 0xff, 0xff]), "Many bits of the last record are wrong."),
            torn(
                "last-record-flipped", "recordChecksum", isTorn: false, flipped(fourth + 41, 4),
                "One bit of the last record is wrong: it was whole once."),
            torn(
                "flipped-at-the-end", "recordChecksum", isTorn: true, flippedAtTheEnd(junk: false),
                "Only zeros follow the wrong bit: a torn write looks the same."),
            torn(
                "flipped-before-junk", "recordChecksum", isTorn: true, flippedAtTheEnd(junk: true),
                "What lies behind the record is not looked at."),
            torn(
                "flipped-of-other-number", "recordChecksum", isTorn: true,
                flippedLast(Record(kind: 3, sequence: 9, position: 1)),
                "One bit makes it whole, but it is not the next record."),
            torn(
                "flipped-of-other-chain", "recordChecksum", isTorn: true,
                flippedLast(Record(kind: 3, previous: 7, position: 1)),
                "One bit makes it whole, but it follows another record."),
            torn(
                "watermark-between", "recordChecksum", isTorn: true, watermark(shift: 2),
                "Records begin at multiples of 4 bytes."),
            torn(
                "watermark-behind", "recordChecksum", isTorn: false, watermark(shift: 4),
                "A whole record behind says that this one was durable."),
            torn(
                "name-checksum-flipped", "nameChecksum", isTorn: false,
                lastNameChecksum(0, zero: false),
                "One bit of the checksum of the last name is wrong."),
            torn(
                "name-checksum-zero-inside", "nameChecksum", isTorn: false,
                lastNameChecksum(1, zero: true), "One bit of it, and more follows."),
            torn(
                "name-checksum-at-end", "nameChecksum", isTorn: true,
                lastNameChecksum(3, zero: true), "Only zeros follow the wrong bit."),
            torn(
                "name-checksum-before-junk", "nameChecksum", isTorn: true,
                lastNameChecksum(3, zero: true, junk: true),
                "What lies behind the record is not looked at."),
            torn(
                "third-record-gone", "bytesAfterJournal", isTorn: false,
                damaged(third, [UInt8](repeating: 0, count: Self.head)),
                "A record is missing that the next one says was durable."),
            torn(
                "second-record-gone", "bytesAfterJournal", isTorn: false,
                damaged(second, [UInt8](repeating: 0, count: Self.head + 12)),
                "The next record says nothing of it, the one after that does."),
            torn(
                "unsynced-record-gone", "bytesAfterJournal", isTorn: true, unsynced,
                "A record is missing that no other one says was durable."),
            torn(
                "name-damaged", "nameChecksum", isTorn: true, lastName([0xff, 0xff, 0xff]),
                "Many bits of the last name are wrong."),
            torn(
                "name-flipped", "nameChecksum", isTorn: false, lastName([1 ^ 97, 98, 99]),
                "One bit of the last name is wrong."),
            torn(
                "name-missing", "nameChecksum", isTorn: true, lastName([0, 0, 0, 0, 0, 0, 0, 0]),
                "The last name is missing."),
            torn(
                "byte-behind", "bytesAfterJournal", isTorn: true, damaged(fourth + 200, [1]),
                "Something behind the end of the journal."),
        ]
    }

    /// Three records, of which the second is missing, and the third does not say that it was durable.
    private var unsynced: [UInt8] {
        var bytes = container([
            .create(1, "a"), Record(kind: 3, position: 1), Record(kind: 3, durable: 1, position: 2),
        ])
        let second = 60 + Self.head + 8
        bytes.replaceSubrange(
            second..<second + Self.head, with: [UInt8](repeating: 0, count: Self.head))
        return bytes
    }

    /// A container whose last record has the name `abc`, with other bytes there.
    private func lastName(_ text: [UInt8]) -> [UInt8] {
        var bytes = container([.create(1, "abc")])
        let start = 60 + Self.head
        bytes.replaceSubrange(start..<start + text.count, with: text)
        return bytes
    }

    /// Puts bytes over those of a container.
    private func put(_ part: [UInt8], at place: Int, of bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes.replaceSubrange(place..<place + part.count, with: part)
        return bytes
    }

    /// A record whose last byte has one bit, which is missing.
    private func flippedAtTheEnd(junk: Bool) -> [UInt8] {
        for position in 1...UInt64(100_000) {
            var bytes = container([Record(kind: 3, position: position)])
            let end = 60 + Self.head
            guard bytes[end - 1].nonzeroBitCount == 1 else { continue }
            bytes[end - 1] = 0
            return junk ? put([9], at: end + 32, of: bytes) : bytes
        }
        preconditionFailure("one in 32 checksums ends so")
    }

    /// One record, of which one bit is wrong.
    private func flippedLast(_ record: Record) -> [UInt8] {
        var bytes = container([record])
        bytes[60 + 42] ^= 4
        return bytes
    }

    /// A damaged record, and a whole one behind it that says it was durable.
    private func watermark(shift: Int) -> [UInt8] {
        let whole = container([Record(kind: 3, sequence: 9, durable: 8, position: 1)])
        let part = Array(whole[60..<60 + Self.head])
        let bytes = put(part, at: 60 + Self.head + shift, of: flippedLast(Record(kind: 3)))
        return put([0xff, 0xff, 0xff], at: 60 + 44, of: bytes)
    }

    /// A name whose checksum has one bit in a byte, which is missing; or any, with one bit flipped.
    private func lastNameChecksum(_ byte: Int, zero: Bool, junk: Bool = false) -> [UInt8] {
        for number in 0..<100_000 {
            let name = "\(number)x"
            var bytes = container([.create(1, name)])
            let end = 60 + Self.head + (name.utf8.count + 3) / 4 * 4
            let place = end + byte
            if zero {
                guard bytes[place].nonzeroBitCount == 1, bytes[end + 3] != 0,
                    byte == 3 || bytes[end + 2] != 0
                else { continue }
                bytes[place] = 0
            } else {
                bytes[place] ^= 1
            }
            return junk ? put([9], at: end + 4, of: bytes) : bytes
        }
        preconditionFailure("one in 32 checksums is so")
    }
}
