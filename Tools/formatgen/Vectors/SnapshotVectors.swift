// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter
import CairnSnapshot

/// A snapshot that is put together by hand; its checksums are made right by the description.
struct SnapshotForge {
    struct Chunk {
        var records: [UInt8]
        var recordCount: Int
        var flags: UInt32 = 0
    }

    struct Section {
        var id: UInt32
        var chunks: [Chunk]
        /// A section of one chunk of these records; of none if there are no records.
        init(_ id: UInt32, _ records: [[UInt8]]) {
            self.id = id
            chunks =
                records.isEmpty
                ? [] : [Chunk(records: records.flatMap(\.self), recordCount: records.count)]
        }

        init(_ id: UInt32, chunks: [Chunk]) {
            self.id = id
            self.chunks = chunks
        }
    }

    var fence: UInt64 = 7
    var sections: [Section]
    /// Where the parts begin, by name.
    private(set) var places: [String: Int] = [:]

    init(_ sections: [Section]) { self.sections = sections }

    static let logID: [UInt8] = Array(0..<16)

    private static func integer(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// The file, with zeros for checksums.
    mutating func raw() -> [UInt8] {
        var bytes = Self.integer(SnapshotFormat.magic) + [1, 0, 0, 0] + [0, 0, 0, 0]
        bytes += Self.logID + Self.integer(fence) + [UInt8](repeating: 0, count: 8)
        var index: [UInt8] = []
        var number: UInt32 = 0
        for section in sections {
            let start = bytes.count
            for chunk in section.chunks {
                places["chunk\(number)"] = bytes.count
                bytes += Self.integer(section.id) + Self.integer(number)
                bytes += Self.integer(UInt32(chunk.records.count))
                bytes += Self.integer(UInt32(chunk.recordCount)) + Self.integer(chunk.flags)
                bytes += [UInt8](repeating: 0, count: 4)
                bytes += chunk.records + [0, 0, 0, 0]
                number += 1
            }
            places["entry\(section.id)"] = index.count
            index += Self.integer(section.id) + Self.integer(UInt32(section.chunks.count))
            index += Self.integer(UInt64(start)) + Self.integer(UInt64(bytes.count - start))
            index += Self.integer(UInt64(section.chunks.reduce(0) { $0 + $1.recordCount }))
        }
        let footer = bytes.count
        places["footer"] = footer
        for section in sections { places["entry\(section.id)", default: 0] += footer + 8 }
        bytes += Self.integer(UInt32(sections.count)) + [0, 0, 0, 0] + index
        places["footerEnd"] = bytes.count
        bytes += [UInt8](repeating: 0, count: 8)
        let footerByteCount = bytes.count - footer
        places["trailer"] = bytes.count
        bytes += Self.integer(UInt64(footer)) + Self.integer(UInt32(footerByteCount))
        return bytes + [0, 0, 0, 0] + Self.integer(SnapshotFormat.endMagic)
    }
}

/// The vectors of snapshot files whose records are opaque.
struct SnapshotVectors {
    let format: ResolvedFormat
    private let base: [UInt8]
    private let places: [String: Int]

    init(format: ResolvedFormat) {
        self.format = format
        var forge = SnapshotForge([
            .init(
                1,
                chunks: [
                    .init(records: [2, 0xaa, 0xbb, 1, 0xcc], recordCount: 2),
                    .init(records: [1, 0xdd], recordCount: 1),
                ]),
            .init(2, []), .init(9, [[0x11, 0x22, 0x33]]),
        ])
        base = format.repaired(forge.raw())
        places = forge.places
    }

    var set: VectorSet {
        VectorSet(
            format: format.name,
            cases: [
                VectorCase(
                    "three-sections", .good, expect: nil, base,
                    "Three sections, one of them in two chunks, one without records."),
                VectorCase(
                    "no-sections", .good, expect: nil, forged(SnapshotForge([])),
                    "A state without sections."),
            ] + VectorCase.contexts(of: base, number: "fence") + headers + ends + chunks + keys
                + compressed,
            sweeps: [
                .init("encrypted", [.truncate, .zeroFrom, .flip]),
                .init("compressed", [.truncate, .zeroFrom, .flip, .flipAndRepair]),
                .init("three-sections", [.truncate, .zeroFrom, .flip]),
                .init("three-sections", [.flipAndRepair], (places["footer"] ?? 0)..<base.count),
            ], examples: ["three-sections", "chunk-flags"], mapped: ["three-sections"]
        )
    }

    func forged(_ forge: SnapshotForge) -> [UInt8] {
        var forge = forge
        return format.repaired(forge.raw())
    }

    private func edited(_ part: String, _ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
        var copy = base
        for (index, byte) in bytes.enumerated() {
            copy[(places[part] ?? 0) + offset + index] = byte
        }
        return format.repaired(copy)
    }

    private func edit(
        _ name: String, _ flag: VectorFlag, _ expected: String, _ part: String, _ offset: Int,
        _ bytes: [UInt8], _ comment: String
    ) -> VectorCase {
        VectorCase(
            name, flag, expect: expected, edited(part, offset, bytes), base: "three-sections",
            comment)
    }

    /// A flipped bit, and no checksum made right.
    private func flipped(_ name: String, _ part: String, _ offset: Int, _ comment: String)
        -> VectorCase
    {
        var copy = base
        copy[(places[part] ?? 0) + offset] ^= 1
        return VectorCase(
            name, .bitFlip, expect: "badChecksum", copy, base: "three-sections", comment)
    }

    private var headers: [VectorCase] {
        [
            VectorCase("empty", .header, expect: "truncated", [], "No byte at all."),
            edit(
                "other-magic", .header, "badMagic", "", 0, Array("LIBRARY1".utf8),
                "Another kind of file."),
            edit(
                "damaged-magic", .bitFlip, "badChecksum", "", 3, [base[3] ^ 1],
                "A damaged bit in the magic."),
            edit(
                "newer-major", .versionSkew, "unsupportedVersion", "", 8, [2, 0],
                "A newer major version is unsupported, not corrupt."),
            VectorCase(
                "newer-minor", .versionSkew, .good, expect: nil, edited("", 10, [9, 0]),
                base: "three-sections", "A newer minor version is read."),
            edit(
                "header-reserved", .reserved, "reservedNotZero", "", 40, [1],
                "The reserved field of the header is not zero."),
            VectorCase(
                "within-preamble", .header, expect: "truncated", Array(base[..<11]),
                base: "three-sections", "The file ends within the preamble."),
            VectorCase(
                "within-header", .header, expect: "truncated", Array(base[..<21]),
                base: "three-sections", "The file ends within the header."),
            flipped("damaged-version", "", 10, "A damaged minor version."),
            flipped("damaged-fence", "", 33, "A damaged fence."),
            flipped("damaged-trailer", "trailer", 9, "A damaged byte count in the trailer."),
            flipped("damaged-footer", "entry2", 9, "A damaged place in the footer."),
            VectorCase(
                "header-only", .torn, expect: "truncated", Array(base[..<48]),
                base: "three-sections",
                "A header, and nothing behind it."),
        ]
    }

    private var ends: [VectorCase] {
        [
            VectorCase(
                "trailer-missing", .torn, expect: "truncated", Array(base.dropLast(24)),
                base: "three-sections", "The trailer is missing."),
            VectorCase(
                "byte-behind-trailer", .container, expect: "truncated", base + [0],
                base: "three-sections", "A byte behind the trailer."),
            edit(
                "footer-behind-end", .container, "invalidValue", "trailer", 0, [0xff, 0xff],
                "The footer would lie behind the trailer."),
            edit(
                "footer-in-header", .container, "invalidValue", "trailer", 0, [4, 0],
                "The footer would lie within the header."),
            edit(
                "footer-from-header", .container, "invalidValue", "trailer", 0,
                Bytes.u64(40) + Self.little(UInt32((places["trailer"] ?? 0) - 40)),
                "The footer would begin within the header, and end where the trailer starts."),
            edit(
                "footer-size", .container, "invalidValue", "trailer", 8, [9],
                "The footer does not end where the trailer starts."),
            VectorCase(
                "footer-too-small", .container, expect: "truncated", smallFooter,
                "A footer of eight bytes."),
            edit(
                "footer-at-limit", .oversizedLength, "invalidValue", "trailer", 8,
                Self.little(Self.footerByteCountMax),
                "A footer of as many sections as there may be would not fit here."),
            edit(
                "footer-above-limit", .oversizedLength, "limitExceeded", "trailer", 8,
                Self.little(Self.footerByteCountMax + 1),
                "A footer of more bytes than any has: nothing may be allocated for it."),
            edit(
                "section-count", .container, "invalidValue", "footer", 0, [2],
                "The footer is longer than so many sections make it."),
            edit(
                "section-count-huge", .oversizedLength, "invalidValue", "footer", 0,
                [0xff, 0xff, 0xff, 0xff], "2^32 - 1 sections: nothing may be allocated for them."),
            edit(
                "footer-reserved", .reserved, "reservedNotZero", "footer", 4, [1],
                "The reserved field of the footer is not zero."),
            edit(
                "section-twice", .container, "invalidValue", "entry2", 0, [1],
                "A section number is there twice."),
            edit(
                "section-gap", .container, "invalidValue", "entry2", 8, [0xff],
                "A section does not begin where the one before ended."),
            edit(
                "section-too-long", .container, "invalidValue", "entry9", 16, [0xff],
                "A section ends behind the footer's start."),
            edit(
                "section-byte-count-2-64", .oversizedLength, "invalidValue", "entry9", 16,
                [UInt8](repeating: 0xff, count: 8), "A section of 2^64 - 1 bytes."),
            edit(
                "empty-with-bytes", .container, "invalidValue", "entry9", 4, [0],
                "A section without chunks that has bytes."),
            edit(
                "chunks-without-bytes", .container, "invalidValue", "entry2", 4, [1],
                "A section with a chunk that has no bytes."),
            edit(
                "too-many-chunks", .container, "invalidValue", "entry9", 4, [200],
                "More chunks than the section has room for."),
            edit(
                "fewer-records-than-chunks", .container, "invalidValue", "entry1", 24, [1],
                "Fewer records than chunks."),
            edit(
                "more-records-than-bytes", .container, "invalidValue", "entry9", 24, [193],
                "More records than bytes, even if all of them were compressed."),
            edit(
                "records-by-ratio", .container, "invalidValue", "entry9", 24, [192],
                "As many records as compressed bytes could have, in a chunk that has fewer."),
            edit(
                "sections-end-early", .container, "invalidValue", "entry9", 16, [30],
                "The last section ends before the footer starts."),
            VectorCase(
                "digest", .bitFlip, expect: "badChecksum", wrongDigest,
                "Every other checksum is right, and the digest of the whole file is not."),
        ]
    }

    private var smallFooter: [UInt8] {
        var forge = SnapshotForge([])
        var bytes = forge.raw()
        // Takes the two checksums out of the footer, and says so in the trailer.
        bytes.removeSubrange(56..<64)
        bytes[64] = 8
        return format.repaired(bytes)
    }

    /// A changed chunk number, whose own checksums are right but for the digest.
    private var wrongDigest: [UInt8] {
        var copy = base
        let end = places["footerEnd"] ?? 0
        copy[end] ^= 1
        let salt = SlowCRC32C.checksum(SnapshotForge.logID + Bytes.u64(7))
        let footer = places["footer"] ?? 0
        let sum = SlowCRC32C.checksum(Array(copy[footer..<end + 4]), seed: salt)
        for index in 0..<4 {
            copy[end + 4 + index] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(index)))
        }
        return copy
    }

    private var chunks: [VectorCase] {
        [
            edit(
                "chunk-flags", .versionSkew, "unsupportedVersion", "chunk0", 16, [8],
                "A flag of a newer version is unsupported, not corrupt."),
            edit(
                "chunk-too-long", .oversizedLength, "truncated", "chunk0", 8, [0xff],
                "A chunk that is longer than its section."),
            edit(
                "chunk-at-limit", .oversizedLength, "truncated", "chunk0", 8,
                Self.little(UInt32(SnapshotFormat.payloadByteCountMax)),
                "A chunk as long as one may be, which its section has no room for."),
            edit(
                "chunk-above-limit", .oversizedLength, "limitExceeded", "chunk0", 8,
                Self.little(UInt32(SnapshotFormat.payloadByteCountMax + 1)),
                "A chunk that is one byte too long for any section."),
            edit(
                "chunk-2-32", .oversizedLength, "limitExceeded", "chunk0", 8,
                [0xff, 0xff, 0xff, 0xff],
                "A chunk of 2^32 - 1 bytes: nothing may be allocated for it."),
            edit(
                "chunk-no-records", .container, "invalidValue", "chunk0", 12, [0],
                "A chunk without records."),
            edit(
                "chunk-more-records", .container, "invalidValue", "chunk0", 12, [200],
                "A chunk with more records than bytes."),
            edit(
                "chunk-other-section", .container, "invalidValue", "chunk0", 0, [2],
                "A chunk of another section."),
            edit(
                "chunk-other-number", .container, "invalidValue", "chunk1", 4, [0],
                "A chunk out of order."),
            edit(
                "chunk-record-count", .container, "invalidValue", "chunk1", 12, [2],
                "The chunks have more records than the index says."),
            VectorCase(
                "section-left-over", .container, expect: "invalidValue", leftOver,
                base: "three-sections",
                "The index says one chunk; the section has another one behind it."),
            VectorCase(
                "chunk-header-missing", .container, expect: "truncated", shortSection,
                "The section has no room for the header of its last chunk."),
            VectorCase(
                "chunk-payload", .bitFlip, expect: "badChecksum", onlyDigest("chunk0", 24),
                "A damaged record, and a digest that was made right."),
            VectorCase(
                "chunk-header-damaged", .bitFlip, expect: "badChecksum", onlyDigest("chunk1", 4),
                "A damaged chunk header, and a digest that was made right."),
        ]
    }

    /// The first section with one chunk less in the index, and its records.
    private var leftOver: [UInt8] {
        var copy = base
        let entry = places["entry1"] ?? 0
        copy[entry + 4] = 1
        copy[entry + 24] = 2
        return format.repaired(copy)
    }

    /// A flipped bit that only the digest, made right, does not show.
    private func onlyDigest(_ part: String, _ offset: Int) -> [UInt8] {
        var copy = base
        copy[(places[part] ?? 0) + offset] ^= 1
        let end = places["footerEnd"] ?? 0
        let digest = SlowCRC32C.checksum(Array(copy[..<end]))
        let bytes = Self.little(digest)
        for index in 0..<4 { copy[end + index] = bytes[index] }
        let salt = SlowCRC32C.checksum(SnapshotForge.logID + Bytes.u64(7))
        let footer = places["footer"] ?? 0
        let sum = Self.little(SlowCRC32C.checksum(Array(copy[footer..<end + 4]), seed: salt))
        for index in 0..<4 { copy[end + 4 + index] = sum[index] }
        return copy
    }

    /// Header, an entry for each section, and end.
    private static let footerByteCountMax = UInt32(16 + SnapshotFormat.sectionCountMax * 32)

    private static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }

    /// One chunk takes all the bytes that the index gives to two.
    private var shortSection: [UInt8] {
        var forge = SnapshotForge([
            .init(
                1,
                chunks: [
                    .init(records: [UInt8](repeating: 1, count: 40), recordCount: 2),
                    .init(records: [1], recordCount: 1),
                ])
        ])
        var bytes = forge.raw()
        // The first chunk swallows the second but for 20 bytes.
        bytes[48 + 8] = 40 + 4 + 24 + 1 + 4 - 20 - 4
        return format.repaired(bytes)
    }
}
