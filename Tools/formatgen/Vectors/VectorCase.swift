// SPDX-License-Identifier: Apache-2.0

import CairnInterpreter

/// The subject of a vector, for readers that run or leave out some of them.
enum VectorFlag: String, CaseIterable {
    case good, torn, zeroTail, staleTail, bitFlip, repairedFlip, versionSkew, oversizedLength
    case unknownTag, reserved, compressed, badCompression, bomb, nonCanonical, semantics, container
    case context, header, fileSet

    /// One sentence for people.
    var meaning: String {
        switch self {
        case .good: "A valid input."
        case .torn: "The end is missing, as after a crash."
        case .zeroTail: "Zeros at the end, as in a file that was prepared ahead."
        case .staleTail: "Bytes of an earlier life of the file, or of another file, behind the end."
        case .bitFlip: "One bit was flipped."
        case .repairedFlip: "A value was changed and the checksums were made right again."
        case .versionSkew: "A newer version wrote it: unsupported, never corrupt."
        case .oversizedLength: "A length or a count that the input cannot hold."
        case .unknownTag: "A tag that this version does not know."
        case .reserved: "Reserved bits or padding that are not zero."
        case .compressed: "A batch is compressed."
        case .badCompression: "A compressed batch does not inflate to what was declared."
        case .bomb: "A few bytes ask for a lot of memory."
        case .nonCanonical: "A valid value in a form that is not the only valid one."
        case .semantics: "Well formed parts that make no sense together."
        case .container: "Parts of a file that contradict each other."
        case .context: "What the caller knows beforehand does not fit."
        case .header: "The start of a file is wrong."
        case .fileSet: "Several files that belong together."
        }
    }

    /// What an implementation that fails such a vector does to its users.
    var effect: String {
        switch self {
        case .good, .compressed, .fileSet: "INTEROP"
        case .torn, .zeroTail: "FALSE_ALARM"
        case .staleTail, .bitFlip, .repairedFlip, .container, .header: "SILENT_CORRUPTION"
        case .versionSkew, .unknownTag, .reserved: "FORWARD_COMPAT"
        case .oversizedLength, .bomb: "RESOURCE_EXHAUSTION"
        case .badCompression: "MEMORY_SAFETY"
        case .nonCanonical: "MALLEABILITY"
        case .semantics, .context: "DATA_LOSS"
        }
    }
}

/// One input and what is known about it.
struct VectorCase: Sendable {
    let name: String
    let comment: String
    let flags: [VectorFlag]
    let bytes: [UInt8]
    var context: [String: DynamicValue] = [:]
    /// What the case must show, said by hand; the error class of strict reading, nil for a valid input.
    let expected: String?
    /// What recovery must make of the error, said by hand: a torn end, or a loss; nil where nothing is said.
    var isTorn: Bool?
    /// The value, where it is known by hand.
    var value: JSON?
    /// The input is compared with this one, and the vector says which bytes differ.
    var base: String?

    init(
        _ name: String, _ flags: VectorFlag..., expect expected: String?, _ bytes: [UInt8],
        context: [String: DynamicValue] = [:], base: String? = nil, value: JSON? = nil,
        _ comment: String
    ) {
        self.value = value
        self.name = name
        self.comment = comment
        self.flags = flags
        self.bytes = bytes
        self.context = context
        self.expected = expected
        self.base = base
    }
}

/// What is done to each byte, or bit, of an input in turn.
enum SweepOperation: String, CaseIterable {
    /// The input is cut before byte *n*.
    case truncate
    /// Everything from byte *n* on is zero.
    case zeroFrom
    /// Bit *n* is flipped: bit `n % 8` of byte `n / 8`.
    case flip
    /// All bits of byte *n* are flipped.
    case invert
    /// Bit *n* is flipped, and every checksum that does not hold then is made right, in the order in which
    /// it is read.
    case flipAndRepair

    /// How many indices there are for a byte.
    private var indexCountPerByte: Int {
        switch self {
        case .truncate, .zeroFrom, .invert: 1
        case .flip, .flipAndRepair: 8
        }
    }

    /// What is done to the bytes, before checksums are repaired.
    func apply(_ index: Int, to bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        switch self {
        case .truncate: bytes.removeLast(bytes.count - index)
        case .zeroFrom: for place in index..<bytes.count { bytes[place] = 0 }
        case .invert: bytes[index] ^= 0xff
        case .flip, .flipAndRepair: bytes[index / 8] ^= 1 << UInt8(index % 8)
        }
        return bytes
    }

    /// The indices for some bytes.
    func indices(_ bytes: Range<Int>) -> Range<Int> {
        bytes.lowerBound * indexCountPerByte..<bytes.upperBound * indexCountPerByte
    }
}

extension ResolvedFormat {
    /// The input with all checksums right, as far as it can be read.
    func repaired(_ bytes: [UInt8]) -> [UInt8] { Reader.repaired(self, bytes).input }
}

/// Everything about one format.
struct VectorSet {
    let format: String
    let cases: [VectorCase]
    /// The cases whose inputs are swept, and how.
    let sweeps: [Sweep]
    /// Cases that the document shows byte by byte.
    var examples: [String] = []
    /// Cases of which every bit is flipped for the integrity map.
    var mapped: [String] = []

    /// An input that is swept, all of it or the bytes in a range.
    struct Sweep {
        let base: String
        let operations: [SweepOperation]
        let range: Range<Int>?

        init(_ base: String, _ operations: [SweepOperation], _ range: Range<Int>? = nil) {
            self.base = base
            self.operations = operations
            self.range = range
        }
    }
}
