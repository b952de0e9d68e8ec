// SPDX-License-Identifier: Apache-2.0
//
// A table of hashes with numbers; the caller keeps the grouped values. So a text can be looked for where it lies
// in the graph, and a string of its own is made for the first one of each group only.

internal import CairnGraph

/// The groups that were met, by the hashes of what they have in common.
struct GroupTable {
    /// By place: 0 where none is, otherwise the upper half of the hash and one more than the number of the group.
    private var places: [UInt64] = []
    /// By group.
    private var hashes: [UInt64] = []

    /// How many groups there are.
    var count: Int { hashes.count }

    /// The group with a hash for which `isSame` is true; nil when there is none.
    @inline(__always)
    func group(_ hash: UInt64, where isSame: (Int) -> Bool) -> Int? {
        guard !places.isEmpty else { return nil }
        let mask = places.count &- 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while true {
            let found = places[place]
            guard found != 0 else { return nil }
            if found >> 32 == hash >> 32 {
                let group = Int(truncatingIfNeeded: found & 0xFFFF_FFFF) &- 1
                if isSame(group) { return group }
            }
            place = (place &+ 1) & mask
        }
    }

    /// Adds a group, whose number is ``count``.
    mutating func add(_ hash: UInt64) {
        if hashes.count * 2 >= places.count { grow() }
        hashes.append(hash)
        put(hash, hashes.count)
    }

    mutating func removeAll() {
        places = []
        hashes = []
    }

    private mutating func grow() {
        places = Array(repeating: 0, count: max(16, places.count * 2))
        for (index, hash) in hashes.enumerated() { put(hash, index + 1) }
    }

    private mutating func put(_ hash: UInt64, _ number: Int) {
        let mask = places.count &- 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while places[place] != 0 { place = (place &+ 1) & mask }
        precondition(number <= Int(UInt32.max))
        places[place] = hash & ~0xFFFF_FFFF | UInt64(number)
    }
}

/// Makes hashes for tables that live as long as one run; they differ from process to process, so that no input can make values
/// collide on purpose.
struct GroupHash {
    private let seed = UInt64.random(in: .min ... .max)
    private let factor = UInt64.random(in: .min ... .max) | 1

    /// The hashes of this process.
    static let shared = GroupHash()

    @inline(__always)
    func number(_ number: UInt64, _ kind: UInt64) -> UInt64 {
        Self.mixed(number ^ seed, factor &+ kind << 1)
    }

    @inline(__always)
    func joined(_ first: UInt64, _ second: UInt64) -> UInt64 {
        Self.mixed(first &+ 0x9E37_79B9_7F4A_7C15 ^ seed, second ^ factor)
    }

    @inline(__always)
    private static func mixed(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let (high, low) = first.multipliedFullWidth(by: second)
        return high ^ low
    }

    /// The hash of a text by its UTF-8.
    func bytes(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = seed ^ UInt64(bytes.count)
        var place = 0
        while place &+ 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            hash = Self.mixed(hash ^ word, factor)
            place &+= 8
        }
        guard place < bytes.count else { return Self.mixed(hash, factor) }
        var word: UInt64 = 0
        while place < bytes.count {
            word = word << 8 | UInt64(bytes[place])
            place &+= 1
        }
        return Self.mixed(hash ^ word, factor)
    }
}

extension QueryValue {
    /// A hash that values have in common that are the same for grouping.
    func groupHash(_ hashes: GroupHash) -> UInt64 {
        switch self {
        case .null: return hashes.number(0, 1)
        case .bool(let value): return hashes.number(value ? 1 : 0, 2)
        case .int(let value): return hashes.number(UInt64(bitPattern: value), 3)
        case .node(let id): return hashes.number(id.rawValue, 4)
        case .relationship(let id): return hashes.number(id.rawValue, 5)
        case .string(let text):
            return text.utf8Span.span.bytes.withUnsafeBytes { hashes.bytes($0) }
        default:
            // A double may be the same as an integer.
            if case .double(let value) = self, let int = Int64(exactly: value) {
                return hashes.number(UInt64(bitPattern: int), 3)
            }
            var hasher = Hasher()
            hash(into: &hasher)
            return UInt64(bitPattern: Int64(hasher.finalize()))
        }
    }

    /// Whether it is the text of some UTF-8.
    @inline(__always)
    func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard case .string(let text) = self else { return false }
        return text.utf8Span.span.bytes.withUnsafeBytes { $0.hasSameBytes(as: bytes) }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether both hold the same bytes.
    @inline(__always)
    func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
        count == other.count && order(other) == .same
    }

    /// Which of two texts comes first by its UTF-8 bytes.
    func order(_ other: UnsafeRawBufferPointer) -> Order {
        let common = Swift.min(count, other.count)
        var place = 0
        // Eight bytes at a time as big-endian numbers, which have the order of the bytes.
        while place &+ 8 <= common {
            let one = loadUnaligned(fromByteOffset: place, as: UInt64.self)
            let two = other.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            if one != two { return one.bigEndian < two.bigEndian ? .before : .after }
            place &+= 8
        }
        while place < common {
            let (one, two) = (self[place], other[place])
            if one != two { return one < two ? .before : .after }
            place &+= 1
        }
        return Order(count, other.count)
    }
}
