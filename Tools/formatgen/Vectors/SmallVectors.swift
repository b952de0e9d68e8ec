// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter

/// The vectors of compressed batches. Streams are put together by hand, of stored blocks and of blocks with
/// fixed codes, because the output of zlib differs between its versions.
struct CompressedBatchVectors {
    let format: ResolvedFormat

    private static let content = Bytes.batch(["name"], [[1, 2, 3], [4]])

    private static func adler(_ bytes: [UInt8]) -> [UInt8] {
        let sum = SlowInflate.adler32(bytes)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> UInt32($0)) }
    }

    /// A stream of one stored block.
    static func stored(_ bytes: [UInt8], head: [UInt8] = [0x78, 0x01]) -> [UInt8] {
        head + [1] + size(bytes.count) + bytes + adler(bytes)
    }

    private static func size(_ count: Int) -> [UInt8] {
        let low = UInt8(truncatingIfNeeded: count)
        let high = UInt8(truncatingIfNeeded: count >> 8)
        return [low, high, ~low, ~high]
    }

    /// A stream of `count` zeros: one literal, then copies of 258, in a block with fixed codes.
    static func zeros(_ count: Int) -> [UInt8] {
        var bits = BitWriter()
        bits.append(0b011, 3)
        bits.append(0b0000_1100, 8)
        var left = count - 1
        while left >= 258 {
            // Length 258 is code 285, eight bits, written from the highest; distance 1 is code 0.
            bits.append(0b1010_0011, 8)
            bits.append(0, 5)
            left -= 258
        }
        for _ in 0..<left { bits.append(0b0000_1100, 8) }
        bits.append(0, 7)
        let zeros = [UInt8](repeating: 0, count: count)
        return [0x78, 0x01] + bits.bytes + adler(zeros)
    }

    private struct BitWriter {
        var bytes: [UInt8] = []
        private var count = 0

        mutating func append(_ value: Int, _ width: Int) {
            for bit in 0..<width {
                if count % 8 == 0 { bytes.append(0) }
                if value >> bit & 1 == 1 { bytes[bytes.count - 1] |= 1 << UInt8(count % 8) }
                count += 1
            }
        }
    }

    private func stream(
        _ name: String, _ flag: VectorFlag, _ expected: String?, _ bytes: [UInt8], _ count: Int,
        _ comment: String
    ) -> VectorCase {
        VectorCase(
            name, flag, .compressed, expect: expected, bytes,
            context: ["uncompressedByteCount": .int(Int128(count))], comment)
    }

    private func bad(
        _ name: String, _ bytes: [UInt8], _ comment: String, count: Int? = nil
    ) -> VectorCase {
        stream(
            name, .badCompression, "decompressionFailed", bytes, count ?? Self.content.count,
            comment)
    }

    var set: VectorSet {
        let whole = Self.stored(Self.content)
        let count = Self.content.count
        var wrongAdler = whole
        wrongAdler[wrongAdler.count - 1] ^= 1
        var wrongLength = whole
        wrongLength[5] ^= 1
        let block: [UInt8] = [0, 0, 0, 0xff, 0xff]
        let empty: [UInt8] = (0..<1000).flatMap { _ in block }
        let start: [UInt8] = [0x78, 0x01]
        let first: [UInt8] = [0] + Self.size(5) + Array(Self.content.prefix(5))
        let rest: [UInt8] = [1] + Self.size(count - 5) + Array(Self.content.dropFirst(5))
        let last = Array(Self.stored([7]).dropFirst(2))
        return VectorSet(
            format: format.name,
            cases: [
                stream("stored", .good, nil, whole, count, "One stored block."),
                stream(
                    "fixed-codes", .good, nil, Self.zeros(700), 700,
                    "Seven hundred zeros, with fixed codes."),
                stream("empty", .good, nil, Self.stored([]), 0, "Nothing."),
                stream(
                    "two-blocks", .good, nil,
                    start + first + rest + Self.adler(Self.content), count,
                    "Two stored blocks."),
                stream(
                    "thousand-empty-blocks", .bomb, nil,
                    start + empty + last, 1,
                    "A thousand empty blocks before the only byte."),
                bad("no-bytes", [], "No stream at all."),
                bad("declared-less", whole, "More than was declared.", count: count - 1),
                bad("declared-more", whole, "Less than was declared.", count: count + 1),
                bad("wrong-adler", wrongAdler, "The checksum of the stream is wrong."),
                bad("no-adler", Array(whole.dropLast(4)), "The checksum of the stream is missing."),
                bad("cut", Array(whole.prefix(9)), "The stream is cut."),
                bad("byte-behind", whole + [0], "A byte behind the stream."),
                bad("two-streams", whole + whole, "Two streams."),
                bad(
                    "dictionary", Self.stored(Self.content, head: [0x78, 0x20]),
                    "A stream that wants a dictionary."),
                bad("method-7", Self.stored(Self.content, head: [0x77, 0x05]), "Another method."),
                bad(
                    "head-check", Self.stored(Self.content, head: [0x78, 0x02]),
                    "The check of the stream's head is wrong."),
                bad("block-type-3", [0x78, 0x01, 0x07], "A block of a type that there is not."),
                bad("length-complement", wrongLength, "The two sizes of a stored block disagree."),
                bad(
                    "distance-too-far", [0x78, 0x01, 0x03, 0x02, 0, 0, 0, 0, 1],
                    "A copy from before the start.",
                    count: 3),
                stream(
                    "bomb-declared-small", .bomb, "decompressionFailed", Self.zeros(1 << 20), 100,
                    "A megabyte out of ten kilobytes, declared as a hundred bytes."),
                stream(
                    "bomb-64-mib", .bomb, "decompressionFailed", Self.bomb, 65_536,
                    "The start of 64 MiB of zeros in 64 KB; reading must stop at what was declared."
                ),
            ], sweeps: [.init("stored", [.truncate, .flip])], examples: [])
    }

    /// Copies of 258 zeros without end.
    private static var bomb: [UInt8] {
        Array(zeros(1 << 20).dropLast(8)) + [UInt8](repeating: 0xa3, count: 1)
    }
}

/// The vectors of lock files.
struct LockFileVectors {
    let format: ResolvedFormat

    private func content(_ name: String, _ expected: String?, _ text: String, _ comment: String)
        -> VectorCase
    {
        VectorCase(
            name, expected == nil ? .good : .container, expect: expected, Array(text.utf8), comment)
    }

    var set: VectorSet {
        VectorSet(
            format: format.name,
            cases: [
                content("empty", nil, "", "No process holds it for writing."),
                content("held", nil, "pid 4711\n", "A process holds it."),
                content("largest", nil, "pid 2147483647\n", "The largest number of a process."),
                content(
                    "one-digit", nil, "pid 1\n", "The smallest number, in the shortest content."),
                content("leading-zeros", nil, "pid 000012\n", "Zeros in front do not matter."),
                content("short", "invalidValue", "pi\n", "Fewer bytes than the word has."),
                content("zero", "invalidValue", "pid 0\n", "No process has the number 0."),
                content(
                    "too-large", "invalidValue", "pid 2147483648\n", "No process has such a number."
                ),
                content("no-newline", "invalidValue", "pid 47119", "The line does not end."),
                content("other-word", "invalidValue", "PID 12\n", "Another word."),
                content("no-number", "invalidValue", "pid \n", "No number."),
                content("sign", "invalidValue", "pid +5\n", "A sign."),
                content(
                    "too-long", "invalidValue", "pid 000000000000000000000000000000000012\n",
                    "More bytes than such a content has."),
            ], sweeps: [.init("held", [.truncate])])
    }
}

/// The vectors of quarantine entries.
struct QuarantineVectors {
    let format: ResolvedFormat

    func set() throws -> VectorSet {
        VectorSet(
            format: format.name,
            cases: [
                VectorCase(
                    "torn-frame", .good, expect: nil,
                    Array(try SegmentVectors.twoTransactions().suffix(50).dropLast(9)),
                    "A part of a frame, as it was cut off a segment.")
            ], sweeps: [])
    }
}

/// Known answers of CRC-32C, as RFC 3720 gives them and a few more.
struct ChecksumVectors {
    let format: ResolvedFormat

    private func answer(
        _ name: String, _ bytes: [UInt8], _ checksum: Int, seed: Int128 = 0, _ comment: String
    ) -> VectorCase {
        VectorCase(
            name, .good, expect: nil, bytes, context: seed == 0 ? [:] : ["seed": .int(seed)],
            value: .members(("bytes", .string(bytes.hex)), ("checksum", .int(checksum))), comment)
    }

    var set: VectorSet {
        VectorSet(
            format: format.name,
            cases: [
                answer("nothing", [], 0, "No bytes."),
                answer("digits", Array("123456789".utf8), 0xe306_9283, "The usual check."),
                answer(
                    "zeros", [UInt8](repeating: 0, count: 32), 0x8a91_36aa, "32 zeros (RFC 3720)."),
                answer(
                    "ones", [UInt8](repeating: 0xff, count: 32), 0x62a8_ab43,
                    "32 bytes of ones (RFC 3720)."),
                answer("ascending", Array(0..<32), 0x46dd_794e, "0 to 31 (RFC 3720)."),
                answer(
                    "descending", Array((0..<32).reversed()), 0x113f_db5c, "31 to 0 (RFC 3720)."),
                answer(
                    "in-two-parts", Array("6789".utf8), 0xe306_9283,
                    seed: Int128(SlowCRC32C.checksum(Array("12345".utf8))),
                    "The second part of the usual check, started from the first."),
            ], sweeps: [])
    }
}
