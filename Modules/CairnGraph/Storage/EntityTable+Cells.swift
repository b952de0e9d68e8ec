// SPDX-License-Identifier: Apache-2.0
//
// Several properties of several entities at once: each list is gone through once for all of them, and what lists of one
// shape have in common is worked out once for many of them, as a route: what to skip, and what to take.

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
        enum Kind: UInt8 { case skipText, skipInt, text, int, other }
        let kind: Kind
        let tag: Value.Tag
        /// Which of the keys it is; -1 for none of them.
        let column: Int32
    }

    private let keys: UnsafeBufferPointer<UInt32>
    private let shapes: UnsafePointer<PropertyShapes>
    /// The shape that the steps are for; nil for none yet.
    private var shape: PropertyShape?
    private var steps: [Step] = []
    /// The keys that entities of the shape lack.
    private var missing: [Int] = []

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
        var reader = PackedList.Reader(bytes)
        guard let number = reader.shapeNumber() else { return false }
        let shape = begin(number)
        for column in missing { cells[column &* step] = .none }
        reader.beginValues(of: shape)
        steps.withUnsafeBufferPointer { steps in
            var index = 0
            while index < steps.count {
                let next = steps[index]
                switch next.kind {
                case .skipText: reader.skipText()
                case .skipInt: reader.skipInt()
                case .text: cells[Int(next.column) &* step] = PropertyCell(reader.text())
                case .int: cells[Int(next.column) &* step] = PropertyCell(.int, reader.int())
                default:
                    let cell = special(next, &reader)
                    if next.column >= 0 { cells[Int(next.column) &* step] = cell }
                }
                index &+= 1
            }
        }
        return true
    }

    /// Goes past a value of a kind that is not met often.
    @inline(never)
    private func special(_ step: Step, _ reader: inout PackedList.Reader) -> PropertyCell {
        switch step.tag {
        case .false: return PropertyCell(.bool, reader.nextFlag() ? 1 : 0)
        case .double:
            return PropertyCell(.double, Int64(bitPattern: reader.double().bitPattern))
        default:
            reader.skip(step.tag)
            return PropertyCell(.other)
        }
    }

    /// Makes the steps for a shape, unless they are for it already.
    @inline(__always)
    private mutating func begin(_ number: Int) -> PropertyShape {
        if let shape, shape.number == number { return shape }
        let next = shapes.pointee[number]
        makeSteps(next)
        return next
    }

    /// Makes the steps, as far as the last of the keys.
    @inline(never)
    private mutating func makeSteps(_ shape: PropertyShape) {
        self.shape = shape
        steps.removeAll(keepingCapacity: true)
        missing = Array(keys.indices)
        var neededCount = 0
        for kind in shapes.pointee.kinds[shape.kinds] {
            let column = keys.firstIndex(of: kind.key)
            if let column { missing.removeAll { $0 == column } }
            steps.append(
                Step(
                    kind: Self.step(kind.tag, isWanted: column != nil), tag: kind.tag,
                    column: Int32(column ?? -1)))
            if column != nil { neededCount = steps.count }
        }
        steps.removeSubrange(neededCount...)
    }

    private static func step(_ tag: Value.Tag, isWanted: Bool) -> Step.Kind {
        switch tag {
        case .string: isWanted ? .text : .skipText
        case .bytes: isWanted ? .other : .skipText
        case .int: isWanted ? .int : .skipInt
        default: .other
        }
    }
}
