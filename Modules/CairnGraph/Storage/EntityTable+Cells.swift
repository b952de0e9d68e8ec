// SPDX-License-Identifier: Apache-2.0
//
// Several properties of several entities at once: each list is gone through once for all of them, and what lists of one
// shape have in common is worked out once for many of them, as a route: what to skip, and what to take.

internal import CairnFormat

extension EntityTable {
    /// Reads some properties of some entities of a table; valid while the table is.
    ///
    /// - Parameters:
    ///   - keys: Their numbers, ascending.
    ///   - cells: Has room for all properties: those of the first key first, in the order of the slots.
    static func readCells(
        _ keys: UnsafeBufferPointer<UInt32>, of slots: UnsafeBufferPointer<UInt32>,
        in table: UnsafePointer<Self>, into cells: UnsafeMutableBufferPointer<PropertyCell>
    ) {
        precondition(cells.count >= keys.count * slots.count)
        guard !keys.isEmpty, !slots.isEmpty, let first = cells.baseAddress else { return }
        var routes = CellRoutes(keys, shapes(of: table))
        var known = Int.max
        var chunk = table.pointee.properties.place(of: 0)
        for index in slots.indices {
            let number = Int(slots[index]) >> PropertyChunk.countBits
            if number != known {
                chunk = table.pointee.properties.place(of: number)
                known = number
            }
            let packed = chunk.pointee.packed(Int(slots[index]) & (PropertyChunk.countMax - 1))
            let isRead = packed.withUnsafeBytes { bytes in
                routes.read(bytes, into: first + index, step: slots.count)
            }
            if isRead { continue }
            for column in keys.indices {
                let value = table.pointee.property(keys[column], of: slots[index])
                first[column * slots.count + index] = PropertyCell(value)
            }
        }
    }
}

extension PropertyCell {
    /// A value that lies nowhere.
    fileprivate init(_ value: Value?) {
        switch value {
        case nil: self.init(Kind.none)
        case .bool(let truth): self.init(.bool, truth ? 1 : 0)
        case .int(let number): self.init(.int, number)
        case .double(let number): self.init(.double, Int64(bitPattern: number.bitPattern))
        default: self.init(Kind.other)
        }
    }
}

/// How the lists of a few shapes are gone through to read some properties.
private struct CellRoutes {
    /// The treatment of the next value of a list.
    struct Step {
        enum Kind: UInt8 { case skipText, skipInt, text, int, bool, double, other }
        let kind: Kind
        /// The number of the flag of a truth value or a double.
        let flag: UInt16
        /// Which of the keys it is; -1 for none of them.
        let column: Int32
    }

    private let keys: UnsafeBufferPointer<UInt32>
    private let shapes: UnsafePointer<PropertyShapes>
    /// The shape that the steps are for; -1 for none yet.
    private var shape = -1
    private var steps: [Step] = []
    private var tags: [Value.Tag] = []
    /// The keys that entities of the shape lack.
    private var missing: [Int] = []
    private var flagByteCount = 0

    init(_ keys: UnsafeBufferPointer<UInt32>, _ shapes: UnsafePointer<PropertyShapes>) {
        self.keys = keys
        self.shapes = shapes
    }

    /// Reads the list that is packed at the beginning of these bytes; none when there are no bytes.
    ///
    /// - Returns: False for a list without a shape, of which nothing was read.
    @inline(__always)
    mutating func read(
        _ bytes: UnsafeRawBufferPointer, into cells: UnsafeMutablePointer<PropertyCell>, step: Int
    ) -> Bool {
        guard !bytes.isEmpty else {
            for column in keys.indices { cells[column &* step] = .none }
            return true
        }
        var cursor = PackedCursor(bytes)
        let number = Int(truncatingIfNeeded: cursor.varint())
        guard number > 0 else { return false }
        if number != shape { begin(number) }
        for column in missing { cells[column &* step] = .none }
        let flags = cursor.take(flagByteCount)
        steps.withUnsafeBufferPointer { steps in
            var index = 0
            while index < steps.count {
                let next = steps[index]
                switch next.kind {
                case .skipText: cursor.skipText()
                case .skipInt: cursor.skipVarint()
                case .text:
                    let text = cursor.take(Int(truncatingIfNeeded: cursor.varint()))
                    cells[Int(next.column) &* step] = PropertyCell(text)
                case .int:
                    let value = Varint.unzigzag(cursor.varint())
                    cells[Int(next.column) &* step] = PropertyCell(.int, value)
                default:
                    let cell = special(next, tags[index], bytes, flags, &cursor)
                    if next.column >= 0 { cells[Int(next.column) &* step] = cell }
                }
                index &+= 1
            }
        }
        return true
    }

    /// Goes past a value of a kind that is not met often.
    @inline(never)
    private func special(
        _ step: Step, _ tag: Value.Tag, _ bytes: UnsafeRawBufferPointer,
        _ flags: UnsafeRawBufferPointer, _ cursor: inout PackedCursor
    ) -> PropertyCell {
        let flag = Int(step.flag)
        var isSet: Bool {
            flags.load(fromByteOffset: flag >> 3, as: UInt8.self) & 1 << UInt8(flag & 7) != 0
        }
        switch step.kind {
        case .bool: return PropertyCell(.bool, isSet ? 1 : 0)
        case .double:
            let value: Double
            if isSet {
                let bits = cursor.take(4).loadUnaligned(as: UInt32.self)
                value = Double(Float(bitPattern: UInt32(littleEndian: bits)))
            } else {
                let bits = cursor.take(8).loadUnaligned(as: UInt64.self)
                value = Double(bitPattern: UInt64(littleEndian: bits))
            }
            return PropertyCell(.double, Int64(bitPattern: value.bitPattern))
        default:
            PropertyShapes.skip(tag, bytes, &cursor)
            return PropertyCell(.other)
        }
    }

    /// Makes the steps for a shape, as far as the last of the keys.
    @inline(never)
    private mutating func begin(_ number: Int) {
        shape = number
        steps.removeAll(keepingCapacity: true)
        tags.removeAll(keepingCapacity: true)
        missing = Array(keys.indices)
        let content = shapes.pointee.contents[number - 1]
        flagByteCount = Int(content.flagByteCount)
        var flag: UInt16 = 0
        var neededCount = 0
        for index in Int(content.start)..<Int(content.end) {
            let kind = shapes.pointee.kinds[index]
            let column = keys.firstIndex(of: kind.key)
            if let column { missing.removeAll { $0 == column } }
            steps.append(
                Step(
                    kind: Self.step(kind.tag, isWanted: column != nil), flag: flag,
                    column: Int32(column ?? -1)))
            tags.append(kind.tag)
            if kind.tag.hasFlag { flag += 1 }
            if column != nil { neededCount = steps.count }
        }
        steps.removeSubrange(neededCount...)
    }

    private static func step(_ tag: Value.Tag, isWanted: Bool) -> Step.Kind {
        switch tag {
        case .string: isWanted ? .text : .skipText
        case .bytes: isWanted ? .other : .skipText
        case .int: isWanted ? .int : .skipInt
        case .false: .bool
        case .double: .double
        default: .other
        }
    }
}
