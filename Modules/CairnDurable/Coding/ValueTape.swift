// SPDX-License-Identifier: Apache-2.0
//
// A `Codable` value on its way to its self-describing form.
//
//     nodes   object ─first─▶ run "player" ─next─▶ run "points"        bytes  │string ada│int 3│
//                             └ bytes 0..<5         └ bytes 5..<7              0          5     7
//
// - A value without parts is written once, in its final form, behind all others. Elements of an array that
//   follow one another without anything in between are one run, whatever their number.
// - Containers are nodes: who encodes may fill several at a time, and gives keys in any order, dictionaries even in
//   another order in each process. Keys are put in order, and get their numbers, when the tape is copied out.
// - An array of nothing but `UInt8` becomes bytes: that is what `Data` and collections of bytes encode.

internal import CairnFormat

/// The parts of one value, as they were encoded.
final class ValueTape: @unchecked Sendable {
    typealias Index = Int32

    enum Kind: UInt8 {
        /// Not encoded yet.
        case empty
        /// Values without parts, in their final form.
        case run
        /// The elements of an array of bytes, one byte each.
        case byteRun
        case array
        case object
    }

    struct Node {
        var kind = Kind.empty
        /// The key in the object that it is in.
        var key = ""
        /// Whether the key is ASCII: then it has one spelling.
        var isPlain = true
        var hasKey = false
        var parent: Index
        var next: Index = -1
        var first: Index = -1
        var last: Index = -1
        /// The number of values of a run, or of parts of a container.
        var count = 0
        var range = 0..<0
    }

    // One encoder fills it, on one thread. Between two events the buffers of a commit own it.
    @exclusivity(unchecked) private var nodes = ContiguousArray<Node>()
    @exclusivity(unchecked) var bytes = BinaryBuffer(capacity: 128)

    init() {
        nodes.reserveCapacity(8)
        nodes.append(Node(parent: -1))
    }

    /// An empty tape: the one that the event before used, or a new one.
    static func taken(from encoder: inout EventEncoder) -> ValueTape {
        guard let workspace = encoder.workspace, type(of: workspace) == ValueTape.self else {
            return ValueTape()
        }
        // Not there for an event that is encoded within this one, nor after a failure.
        encoder.workspace = nil
        return unsafeDowncast(workspace, to: ValueTape.self)
    }

    /// Empties the tape and leaves it to the next event, unless this one was large.
    func giveBack(to encoder: inout EventEncoder) {
        guard nodes.count <= 256, bytes.count <= 16 << 10 else { return }
        nodes.removeAll(keepingCapacity: true)
        nodes.append(Node(parent: -1))
        bytes.removeAll()
        encoder.workspace = self
    }

    /// The value itself.
    static var root: Index { 0 }

    subscript(node: Index) -> Node {
        _read { yield nodes[Int(node)] }
        _modify { yield &nodes[Int(node)] }
    }

    /// Whether a node has been written as null.
    func isNull(_ node: Index) -> Bool {
        guard self[node].kind == .run, self[node].range.count == 1 else { return false }
        var isNull = false
        copy(self[node].range) {
            isNull = $0.unsafeLoad(as: UInt8.self) == CodedValue.Tag.null.rawValue
        }
        return isNull
    }

    // MARK: Filling

    /// Adds an empty part to a container.
    func append(to parent: Index, key: String? = nil) -> Index {
        let index = Index(nodes.count)
        var node = Node(parent: parent)
        if var key {
            node.isPlain = key.withUTF8 { bytes in bytes.allSatisfy { $0 < 0x80 } }
            node.key = key
            node.hasKey = true
        }
        nodes.append(node)
        let last = self[parent].last
        if last < 0 { self[parent].first = index } else { self[last].next = index }
        self[parent].last = index
        self[parent].count += 1
        return index
    }

    /// Makes a node a container, unless it is one.
    func begin(_ kind: Kind, _ node: Index) {
        guard self[node].kind != kind else { return }
        self[node].kind = kind
    }

    /// Makes what was written from `start` on the value of a node.
    func finish(_ node: Index, from start: Int) {
        self[node].kind = .run
        self[node].count = 1
        self[node].range = start..<bytes.count
    }

    /// Writes a value without parts into a node.
    @inline(__always)
    func write(_ node: Index, _ body: (inout BinaryBuffer) -> Void) {
        let start = bytes.count
        body(&bytes)
        finish(node, from: start)
    }

    /// Makes what was written from `start` on an element of an array, behind the others.
    ///
    /// - Precondition: ``expandBytes(of:)`` was called before it was written.
    func finishElement(of array: Index, from start: Int) {
        let last = self[array].last
        guard last >= 0, self[last].kind == .run, self[last].range.upperBound == start else {
            return finish(append(to: array), from: start)
        }
        self[last].range = self[last].range.lowerBound..<bytes.count
        self[last].count += 1
    }

    /// Writes an element without parts behind the others of an array.
    @inline(__always)
    func appendElement(to array: Index, _ body: (inout BinaryBuffer) -> Void) {
        expandBytes(of: array)
        let start = bytes.count
        body(&bytes)
        finishElement(of: array, from: start)
    }

    /// Writes an element that is a byte behind the others of an array.
    func appendByte(_ byte: UInt8, to array: Index) {
        let last = self[array].last
        if last < 0 {
            let node = append(to: array)
            self[node].kind = .byteRun
            self[node].range = bytes.count..<bytes.count
        } else if self[last].kind != .byteRun || self[last].range.upperBound != bytes.count {
            return appendElement(to: array) { CodedValue.append(Int64(byte), to: &$0) }
        }
        let run = self[array].last
        bytes.append(byte)
        self[run].range = self[run].range.lowerBound..<bytes.count
        self[run].count += 1
    }

    /// Writes elements that are bytes behind the others of an array.
    func appendBytes(_ elements: some Sequence<UInt8>, to array: Index) {
        let isDone: Void? = elements.withContiguousStorageIfAvailable { elements in
            guard let first = elements.first else { return }
            appendByte(first, to: array)
            let run = self[array].last
            guard self[run].kind == .byteRun else {
                for byte in elements.dropFirst() { appendByte(byte, to: array) }
                return
            }
            bytes.append(RawSpan(_unsafeElements: elements).extracting(1..<elements.count))
            self[run].range = self[run].range.lowerBound..<bytes.count
            self[run].count += elements.count - 1
        }
        if isDone == nil { for byte in elements { appendByte(byte, to: array) } }
    }

    /// Turns the bytes that an array began with into integers: an element that is no byte follows.
    func expandBytes(of array: Index) {
        let first = self[array].first
        guard first >= 0, self[first].kind == .byteRun else { return }
        let start = bytes.count
        var copied: [UInt8] = []
        copy(self[first].range) { copied = $0.array() }
        for byte in copied {
            CodedValue.append(Int64(byte), to: &bytes)
        }
        self[first].kind = .run
        self[first].range = start..<bytes.count
    }

    /// The number of elements that an array has.
    func elementCount(of array: Index) -> Int {
        var count = 0
        var part = self[array].first
        while part >= 0 {
            let node = self[part]
            count += node.kind == .run || node.kind == .byteRun ? node.count : 1
            part = node.next
        }
        return count
    }

    /// The way from the value itself to a part.
    func path(to node: Index) -> [any CodingKey] {
        var keys: [any CodingKey] = []
        var node = node
        while self[node].parent >= 0 {
            let parent = self[node].parent
            keys.append(
                self[node].hasKey
                    ? Position(self[node].key) : Position(place(of: node, in: parent)))
            node = parent
        }
        return keys.reversed()
    }

    private func place(of node: Index, in array: Index) -> Int {
        var (place, part) = (0, self[array].first)
        while part >= 0, part != node {
            let kind = self[part].kind
            place += kind == .run || kind == .byteRun ? self[part].count : 1
            part = self[part].next
        }
        return place
    }

    /// Calls `body` with bytes of values without parts.
    func copy(_ range: Range<Int>, _ body: (RawSpan) -> Void) {
        bytes.withBytes(in: range, body)
    }
}

extension BinaryBuffer {
    fileprivate borrowing func withBytes(in range: Range<Int>, _ body: (RawSpan) -> Void) {
        body(bytes.extracting(range))
    }
}
