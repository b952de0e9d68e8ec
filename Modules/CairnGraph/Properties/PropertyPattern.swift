// SPDX-License-Identifier: Apache-2.0
//
// Entities that come one behind the other are mostly alike: the same labels, the same keys, values of the
// same kinds. What one looked like is kept as a pattern, and the next one is only compared with it, checked
// where values are, and copied.
//
// - A pattern takes nothing that reading without it would refuse, and what it packs is the same.
// - Whatever does not fit a pattern takes the slow path, which is also the one that says what is wrong.

internal import CairnFormat

/// How the labels and properties of an entity were written, as bytes of a log.
final class PropertyPattern: Sendable {
    /// The set of the labels, and its members.
    let labelSet: UInt32
    let labels: [UInt32]
    /// The bytes before the first key: what stands before the properties, and their count.
    private let head: [UInt8]
    /// The properties in the order of the bytes.
    private let steps: [Step]
    /// The places of the steps in the order of the store.
    private let order: [Int]
    /// The shape of the properties; nil when there are none.
    private let shape: PropertyShape?

    private struct Step {
        /// The key, which is one byte.
        let key: UInt8
        /// One of the tags that ``isSimple(_:)`` holds for; that of `false` stands for both truth values.
        let tag: Value.Tag
    }

    /// The number of properties that an entity of a pattern has at most.
    static let propertyCountMax = 32
    /// The number of bytes that it has at most, so that its list has a shape.
    static let byteCountMax = 800
    /// The number of bytes of room that packing takes: shape, flags and values, and where the values are.
    static let roomByteCount = 816 + 4 * propertyCountMax

    /// Whether values of this kind are compared and copied here.
    private static func isSimple(_ tag: Value.Tag) -> Bool {
        switch tag {
        case .false, .int, .double, .string, .bytes: true
        default: false
        }
    }

    /// The pattern of an entity that was read; nil when there is none for such a one.
    ///
    /// - Parameters:
    ///   - bytes: The entity.
    ///   - headByteCount: How many bytes there are before its first key.
    ///   - list: Its properties.
    ///   - key: The number in the store of a key in the bytes.
    init?(
        of bytes: RawSpan, headByteCount: Int, labelSet: UInt32, labels: [UInt32],
        _ list: PropertyList, _ shapes: inout PropertyShapes, key: (UInt64) -> UInt32
    ) {
        var found: [(key: UInt8, number: UInt32, tag: Value.Tag)] = []
        var reader = ByteReader(bytes)
        do throws(FormatError) {
            _ = try reader.take(headByteCount)
            while !reader.isAtEnd {
                let symbol = try reader.varint()
                let tag = try Value.tag(&reader)
                try Value.skip(tag, &reader)
                guard symbol < 0x80, Self.isSimple(tag.shapeTag),
                    found.count < Self.propertyCountMax
                else { return nil }
                found.append((UInt8(symbol), key(symbol), tag.shapeTag))
            }
        } catch {
            return nil
        }
        shape = list.isEmpty ? nil : shapes.shape(of: list)
        guard list.isEmpty || shape != nil else { return nil }
        order = found.indices.sorted { found[$0].number < found[$1].number }
        self.labelSet = labelSet
        self.labels = labels
        head = bytes.extracting(0..<headByteCount).array()
        steps = found.map { Step(key: $0.key, tag: $0.tag) }
    }

    // MARK: Packing

    /// Packs the properties of the entity that these bytes are, if it has this pattern.
    ///
    /// - Parameter room: Has room for ``roomByteCount`` bytes, and is aligned for numbers.
    /// - Returns: How many bytes its packed properties take; nil when it is something else, or wrong.
    func pack(
        _ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
    ) -> Int? {
        precondition(room.count >= Self.roomByteCount)
        guard bytes.hasPrefix(head) else { return nil }
        guard let shape else { return bytes.count == head.count ? 0 : nil }
        let places = UnsafeMutableRawBufferPointer(
            rebasing: room[(room.count - 4 * Self.propertyCountMax)...]
        ).bindMemory(to: UInt32.self)
        guard find(bytes, places) else { return nil }
        var writer = PackedList.Writer(room, shape)
        for place in order {
            let (start, end) = (Int(places[place] >> 16), Int(places[place] & 0xffff))
            switch steps[place].tag {
            case .false: writer.append(bytes[start &- 1] == Value.Tag.true.rawValue)
            case let tag:
                writer.append(tag, UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            }
        }
        return writer.byteCount
    }

    /// Compares keys and kinds, and checks values.
    ///
    /// - Parameter places: For each step where what follows the tag begins and ends, as upper and lower
    ///   half.
    /// - Returns: Whether the bytes are an entity of this pattern, and nothing is behind it.
    private func find(
        _ bytes: UnsafeRawBufferPointer, _ places: UnsafeMutableBufferPointer<UInt32>
    ) -> Bool {
        let limit = min(bytes.count, Self.byteCountMax)
        var place = head.count
        for index in steps.indices {
            let step = steps[index]
            guard limit &- place >= 2, bytes[place] == step.key else { return false }
            let tag = bytes[place &+ 1]
            let start = place &+ 2
            switch step.tag {
            case .false:
                guard tag == Value.Tag.false.rawValue || tag == Value.Tag.true.rawValue else {
                    return false
                }
                place = start
            case .int:
                guard tag == step.tag.rawValue, let end = bytes.endOfVarint(at: start, limit)
                else { return false }
                place = end
            case .double:
                guard tag == step.tag.rawValue, limit &- start >= 8 else { return false }
                place = start &+ 8
            default:
                guard tag == step.tag.rawValue,
                    let end = bytes.endOfText(at: start, limit, isUTF8: step.tag == .string)
                else { return false }
                place = end
            }
            places[index] = UInt32(start) << 16 | UInt32(place)
        }
        return place == bytes.count
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes begin with these.
    fileprivate func hasPrefix(_ head: [UInt8]) -> Bool {
        guard head.count <= count else { return false }
        for place in head.indices where self[place] != head[place] { return false }
        return true
    }

    /// Where the number that begins at `start` ends; nil when it is not right or not within `limit`.
    fileprivate func endOfVarint(at start: Int, _ limit: Int) -> Int? {
        var place = start
        while place < limit {
            let byte = self[place]
            place &+= 1
            guard byte < 0x80 else { continue }
            let count = place &- start
            guard count > 1 else { return place }
            // In its shortest form, and no more than 64 bits.
            return byte == 0 || count > 10 || count == 10 && byte > 1 ? nil : place
        }
        return nil
    }

    /// Where the text, or the bytes, behind a count ends; nil when it is not right or not within `limit`.
    fileprivate func endOfText(at start: Int, _ limit: Int, isUTF8: Bool) -> Int? {
        // Longer ones have a count of two bytes, and take the slow path.
        guard start < limit, self[start] < 0x80 else { return nil }
        let end = start &+ 1 &+ Int(self[start])
        guard end <= limit else { return nil }
        if isUTF8, !isASCII(start &+ 1, end) {
            let text = UnsafeRawBufferPointer(rebasing: self[start &+ 1..<end])
            guard (try? UTF8Span(validating: Span(_bytes: text.bytes))) != nil else { return nil }
        }
        return end
    }

    /// Whether all bytes between these places are ASCII.
    private func isASCII(_ start: Int, _ end: Int) -> Bool {
        let high: UInt64 = 0x8080_8080_8080_8080
        var place = start
        while place &+ 8 <= end {
            if loadUnaligned(fromByteOffset: place, as: UInt64.self) & high != 0 { return false }
            place &+= 8
        }
        while place < end {
            if self[place] >= 0x80 { return false }
            place &+= 1
        }
        return true
    }
}

/// The patterns that were met lately, in one kind of entity.
struct PropertyPatterns: Sendable {
    private var patterns: [PropertyPattern] = []
    /// The one that was met last.
    private var last = 0
    private var oldest = 0
    /// Grows by one with each entity that has a pattern; learning one costs. So entities that are all
    /// different cost little more than without patterns.
    private var credit: Int

    private static let countMax = 8
    private static let creditMax = 64
    private static let learningCost = 4

    init(credit: Int = 16) { self.credit = credit }

    /// Packs the properties of the entity that these bytes are, if it has one of the patterns.
    ///
    /// - Parameter room: Has room for ``PropertyPattern/roomByteCount`` bytes.
    /// - Returns: The pattern, and how many bytes the packed properties take.
    mutating func pack(
        _ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
    ) -> (pattern: PropertyPattern, byteCount: Int)? {
        guard !patterns.isEmpty else { return nil }
        if let byteCount = patterns[last].pack(bytes, into: room) {
            if credit < Self.creditMax { credit += 1 }
            return (patterns[last], byteCount)
        }
        for index in patterns.indices where index != last {
            guard let byteCount = patterns[index].pack(bytes, into: room) else { continue }
            if credit < Self.creditMax { credit += 1 }
            last = index
            return (patterns[index], byteCount)
        }
        return nil
    }

    /// Whether another pattern should be learned; the caller then does.
    mutating func takesAnother() -> Bool {
        guard credit >= Self.learningCost else { return false }
        credit -= Self.learningCost
        return true
    }

    /// Adds a pattern in the place of the oldest.
    mutating func add(_ pattern: PropertyPattern) {
        if patterns.count < Self.countMax {
            last = patterns.count
            patterns.append(pattern)
        } else {
            last = oldest
            patterns[oldest] = pattern
            oldest = (oldest + 1) % Self.countMax
        }
    }
}
