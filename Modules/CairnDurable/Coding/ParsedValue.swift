// SPDX-License-Identifier: Apache-2.0
//
// A value in its self-describing form, on its way to a `Codable` type.
//
//     {"player": "ada", "points": [3, 4]}
//
//     nodes   0 object ×2   1 string   2 array ×2   3 int 3   4 int 4
//     end     5             2          5            4         5
//
// - A node for each value, in the order of the bytes; the parts of a container follow it, and `end` is the node
//   behind them. So a whole value is one array, not a tree of dictionaries.
// - Fields are looked for behind the field found last: types ask for them in one order, and dictionaries for each key
//   in turn. In a large object, a field that is not there is looked up in a dictionary that is made once.

internal import CairnFormat

/// The parts of one value, as they were read.
final class ParsedValue {
    struct Node {
        let tag: CodedValue.Tag
        /// The key of the field, as a number of ``keys``.
        let key: UInt32
        /// The container that it is a part of.
        let parent: UInt32
        /// The number of parts that a container has.
        let count: UInt32
        /// The node behind this one and its parts.
        var end: UInt32
        /// A number, its bits, or where a text is in ``texts``, or bytes in ``blobs``.
        let bits: UInt64
    }

    // One decoder reads it, on one thread.
    @exclusivity(unchecked) private var nodes = ContiguousArray<Node>()
    @exclusivity(unchecked) private var texts: [String] = []
    @exclusivity(unchecked) private var blobs: [[UInt8]] = []
    @exclusivity(unchecked) private var keys: [String] = []
    /// By key: whether it is ASCII, and one that is known to come behind it in the order of bytes.
    @exclusivity(unchecked) private var orders: [KeyOrder] = []
    /// The node behind the field found last.
    @exclusivity(unchecked) private var hint = 0
    /// The fields of large objects, by the node of the object.
    @exclusivity(unchecked) private var indexes: [Int: [String: Int]] = [:]

    private struct KeyOrder {
        let isASCII: Bool
        var successor: Int
    }

    /// The value itself.
    static var root: Int { 0 }

    /// Objects of more fields than these are not searched from one end to the other.
    private static let searchedCountMax = 16

    // MARK: Reading

    /// Reads a value.
    ///
    /// - Throws: ``FormatError``, as ``CodedValue/init(from:)``.
    init(from decoder: inout EventDecoder) throws(FormatError) {
        keys = decoder.symbols.symbols
        orders = keys.map { key in
            KeyOrder(isASCII: key.utf8.allSatisfy { $0 < 0x80 }, successor: -1)
        }
        try read(from: &decoder, 0, Place())
    }

    /// The place of a value.
    private struct Place {
        var parent = 0
        var key = 0
    }

    private func read(
        from decoder: inout EventDecoder, _ depth: Int, _ place: Place
    ) throws(FormatError) {
        let offset = decoder.bytes.offset
        guard depth <= CodedValue.depthMax, nodes.count < Int(UInt32.max) else {
            throw FormatError(code: .limitExceeded, offset: offset)
        }
        guard let tag = CodedValue.Tag(rawValue: try decoder.bytes.integer(UInt8.self)) else {
            throw FormatError(code: .unknownTag, offset: offset)
        }
        switch tag {
        case .null, .no, .yes: addNode(tag, place)
        case .int: addNode(tag, place, UInt64(bitPattern: try decoder.bytes.zigzag()))
        case .uint:
            let value = try decoder.bytes.varint()
            guard value > UInt64(Int64.max) else {
                throw FormatError(code: .nonCanonical, offset: offset)
            }
            addNode(tag, place, value)
        case .double: addNode(tag, place, try decoder.bytes.integer(UInt64.self))
        case .float: addNode(tag, place, UInt64(try decoder.bytes.integer(UInt32.self)))
        case .string: add(try decoder.bytes.string(), place)
        case .bytes: add(try decoder.bytes.lengthPrefixed().array(), place)
        case .array:
            let count = try decoder.bytes.count()
            let array = begin(tag, place, count)
            for _ in 0..<count { try read(from: &decoder, depth + 1, Place(parent: array)) }
            end(array)
        case .object:
            let count = try decoder.bytes.count(byteCountEach: 2)
            let object = begin(tag, place, count)
            try readFields(count, of: object, from: &decoder, depth + 1)
            end(object)
        }
    }

    private func readFields(
        _ count: Int, of object: Int, from decoder: inout EventDecoder, _ depth: Int
    ) throws(FormatError) {
        var last: Int?
        // The texts of all keys, once one of them may have several spellings.
        var spelled: Set<String>?
        for _ in 0..<count {
            let offset = decoder.bytes.offset
            let key = try decoder.symbolNumber()
            if let last, orders[last].successor != key {
                guard CodedValue.precedes(keys[last], keys[key]) else {
                    throw FormatError(code: .nonCanonical, offset: offset)
                }
                orders[last].successor = key
            }
            last = key
            if spelled == nil, !orders[key].isASCII {
                spelled = []
                nodes[object].end = UInt32(nodes.count)
                forEachPart(of: object) { spelled?.insert(self.key($0)) }
            }
            try read(from: &decoder, depth, Place(parent: object, key: key))
            if spelled?.insert(keys[key]).inserted == false {
                throw FormatError(code: .duplicate, offset: offset)
            }
        }
    }

    // MARK: From a value

    /// Takes a value apart that is one already.
    init(_ value: CodedValue) { add(value, Place()) }

    private func add(_ value: CodedValue, _ place: Place) {
        switch value {
        case .null: addNode(.null, place)
        case .bool(let value): addNode(value ? .yes : .no, place)
        case .int(let value): addNode(.int, place, UInt64(bitPattern: value))
        case .uint(let value): addNode(.uint, place, value)
        case .double(let value): addNode(.double, place, value.bitPattern)
        case .float(let value): addNode(.float, place, UInt64(value.bitPattern))
        case .string(let value): add(value, place)
        case .bytes(let value): add(value, place)
        case .array(let values):
            let array = begin(.array, place, values.count)
            for value in values { add(value, Place(parent: array)) }
            end(array)
        case .object(let fields):
            let object = begin(.object, place, fields.count)
            for (key, value) in fields.sorted(by: { CodedValue.precedes($0.key, $1.key) }) {
                keys.append(key)
                add(value, Place(parent: object, key: keys.count - 1))
            }
            end(object)
        }
    }

    @discardableResult
    private func addNode(
        _ tag: CodedValue.Tag, _ place: Place, _ bits: UInt64 = 0, count: Int = 0
    ) -> Int {
        let node = nodes.count
        nodes.append(
            Node(
                tag: tag, key: UInt32(truncatingIfNeeded: place.key),
                parent: UInt32(truncatingIfNeeded: place.parent),
                count: UInt32(truncatingIfNeeded: count),
                end: UInt32(truncatingIfNeeded: node + 1), bits: bits))
        return node
    }

    private func add(_ text: String, _ place: Place) {
        addNode(.string, place, UInt64(texts.count))
        texts.append(text)
    }

    private func add(_ bytes: [UInt8], _ place: Place) {
        addNode(.bytes, place, UInt64(blobs.count))
        blobs.append(bytes)
    }

    private func begin(_ tag: CodedValue.Tag, _ place: Place, _ count: Int) -> Int {
        addNode(tag, place, count: count)
    }

    private func end(_ container: Int) {
        nodes[container].end = UInt32(truncatingIfNeeded: nodes.count)
    }
}

extension ParsedValue {
    // MARK: Looking

    subscript(node: Int) -> Node {
        @inline(__always) get { nodes[node] }
    }

    func text(_ node: Int) -> String { texts[Int(nodes[node].bits)] }

    func bytes(_ node: Int) -> [UInt8] { blobs[Int(nodes[node].bits)] }

    func key(_ node: Int) -> String { keys[Int(nodes[node].key)] }

    /// The node behind a node and its parts.
    func end(of node: Int) -> Int { Int(nodes[node].end) }

    /// The field of an object; nil when it has none of this key.
    ///
    /// - Complexity: O(1) for the field behind the one found last, otherwise O(*n*) in the fields at most.
    func field(_ key: String, of object: Int) -> Int? {
        if hint < nodes.count, Int(nodes[hint].parent) == object, hint != Self.root,
            self.key(hint) == key
        {
            return found(hint)
        }
        guard Int(nodes[object].count) <= Self.searchedCountMax else {
            return index(of: object)[key].map(found)
        }
        var field = object + 1
        while field < end(of: object) {
            if self.key(field) == key { return found(field) }
            field = end(of: field)
        }
        return nil
    }

    private func found(_ field: Int) -> Int {
        hint = end(of: field)
        return field
    }

    private func index(of object: Int) -> [String: Int] {
        if let index = indexes[object] { return index }
        var index: [String: Int] = [:]
        index.reserveCapacity(Int(nodes[object].count))
        forEachPart(of: object) { index[key($0)] = $0 }
        indexes[object] = index
        return index
    }

    /// Calls `body` with each part of a container.
    func forEachPart(of container: Int, _ body: (Int) -> Void) {
        var part = container + 1
        while part < end(of: container) {
            body(part)
            part = end(of: part)
        }
    }

    /// The way from the value itself to a node.
    func path(to node: Int) -> [any CodingKey] {
        var path: [any CodingKey] = []
        var container = Self.root
        while container != node {
            var (part, place) = (container + 1, 0)
            while end(of: part) <= node { (part, place) = (end(of: part), place + 1) }
            path.append(
                nodes[container].tag == .object ? Position(key(part)) : Position(place))
            container = part
        }
        return path
    }

    /// A node with its parts as a value.
    func value(_ node: Int) -> CodedValue {
        let bits = nodes[node].bits
        switch nodes[node].tag {
        case .null: return .null
        case .no: return .bool(false)
        case .yes: return .bool(true)
        case .int: return .int(Int64(bitPattern: bits))
        case .uint: return .uint(bits)
        case .double: return .double(Double(bitPattern: bits))
        case .float: return .float(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .string: return .string(text(node))
        case .bytes: return .bytes(bytes(node))
        case .array:
            var values: [CodedValue] = []
            values.reserveCapacity(Int(nodes[node].count))
            forEachPart(of: node) { values.append(value($0)) }
            return .array(values)
        case .object:
            var fields: [String: CodedValue] = [:]
            forEachPart(of: node) { fields[key($0)] = value($0) }
            return .object(fields)
        }
    }

    /// The kind of a node, as sentences say it.
    func kind(_ node: Int) -> String {
        switch nodes[node].tag {
        case .null: "nothing"
        case .no, .yes: "a bool"
        case .int: "the integer \(Int64(bitPattern: nodes[node].bits))"
        case .uint: "the integer \(nodes[node].bits)"
        case .double: "a double"
        case .float: "a float"
        case .string: "a string"
        case .bytes: "bytes"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
