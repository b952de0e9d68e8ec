// SPDX-License-Identifier: Apache-2.0
//
// Properties of one shape, from their packed form to that of a snapshot, without a list in between.

internal import CairnFormat

/// How the properties of one shape are written to a snapshot.
struct SnapshotShape: Sendable {
    /// The values in the order of the store.
    private let steps: [Step]
    /// The places of the steps ascending by the number of the key in the snapshot.
    private let order: [Int]
    private let keepsOrder: Bool
    private let flagByteCount: Int
    /// The number of bytes that the properties take at most.
    private let byteCountMax: Int

    private struct Step {
        /// The number of the key in the snapshot.
        let key: UInt32
        /// The kind of the value; that of `false` stands for both truth values.
        let tag: Value.Tag
        /// The place of the flag in the shape.
        let flag: Int
    }

    private static let countMax = 32

    /// Nil when properties of the shape are to be written by way of their list.
    init?(_ kinds: [(key: UInt32, tag: Value.Tag)], _ keys: SnapshotNumbering.Table) {
        guard kinds.count <= Self.countMax else { return nil }
        var steps: [Step] = []
        var flagCount = 0
        for kind in kinds {
            switch kind.tag {
            case .false, .int, .double, .string, .bytes: break
            default: return nil
            }
            steps.append(Step(key: keys[kind.key], tag: kind.tag, flag: flagCount))
            if kind.tag.hasFlag { flagCount += 1 }
        }
        order = steps.indices.sorted { steps[$0].key < steps[$1].key }
        keepsOrder = order == Array(steps.indices)
        self.steps = steps
        flagByteCount = (flagCount + 7) / 8
        // A list has a number of five bytes at most for each key, and a double that was made narrow eight.
        byteCountMax = PropertyShapes.listByteCountMax + 16 + 5 * steps.count
    }

    /// Appends the count and the properties.
    ///
    /// - Parameter packed: Begins behind the number of the shape, and may go on behind the properties.
    func append(_ packed: RawSpan, to record: inout BinaryBuffer) {
        record.append(addingCapacity: byteCountMax) { output in
            packed.withUnsafeBytes { packed in
                output.withUnsafeMutableBytes { room, count in
                    precondition(room.count - count >= byteCountMax)
                    var writer = Writer(packed: packed, room: room, count: count)
                    writer.append(varint: UInt32(steps.count))
                    keepsOrder ? writeInOrder(&writer) : writeSorted(&writer)
                    count = writer.count
                }
            }
        }
    }

    private func writeInOrder(_ writer: inout Writer) {
        var place = flagByteCount
        for step in steps {
            let end = writer.end(of: step, at: place)
            writer.append(step, place, end)
            place = end
        }
    }

    private func writeSorted(_ writer: inout Writer) {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.countMax + 1) { places in
            var place = flagByteCount
            for index in steps.indices {
                places[index] = place
                place = writer.end(of: steps[index], at: place)
            }
            places[steps.count] = place
            for index in order { writer.append(steps[index], places[index], places[index + 1]) }
        }
    }

    /// Writes the values of one packed list. What is packed was made by the store, and is right.
    private struct Writer {
        let packed: UnsafeRawBufferPointer
        let room: UnsafeMutableRawBufferPointer
        var count: Int

        private func isSet(_ flag: Int) -> Bool {
            packed[flag >> 3] & 1 << UInt8(flag & 7) != 0
        }

        /// Where the value that begins at `place` ends.
        func end(of step: Step, at place: Int) -> Int {
            let end: Int
            switch step.tag {
            case .false: return place
            case .double: end = place + (isSet(step.flag) ? 4 : 8)
            case .int:
                var last = place
                while packed[last] >= 0x80 { last += 1 }
                end = last + 1
            default:
                var (value, shift, last) = (0, 0, place)
                while packed[last] >= 0x80 {
                    value |= Int(packed[last] & 0x7f) << shift
                    shift += 7
                    last += 1
                }
                end = last + 1 + (value | Int(packed[last]) << shift)
            }
            precondition(end <= packed.count)
            return end
        }

        mutating func append(varint value: UInt32) {
            var rest = value
            while rest >= 0x80 {
                append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            append(UInt8(truncatingIfNeeded: rest))
        }

        private mutating func append(_ byte: UInt8) {
            room[count] = byte
            count &+= 1
        }

        mutating func append(_ step: Step, _ start: Int, _ end: Int) {
            append(varint: step.key)
            if step.tag == .false {
                let tag = isSet(step.flag) ? Value.Tag.true : .false
                return append(tag.rawValue)
            }
            append(step.tag.rawValue)
            if step.tag == .double, end - start == 4 {
                let bits = UInt32(
                    littleEndian: packed.loadUnaligned(fromByteOffset: start, as: UInt32.self))
                let double = Double(Float(bitPattern: bits)).bitPattern
                room.storeBytes(of: double.littleEndian, toByteOffset: count, as: UInt64.self)
                count &+= 8
                return
            }
            UnsafeMutableRawBufferPointer(rebasing: room[count..<count &+ (end &- start)])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: packed[start..<end]))
            count &+= end &- start
        }
    }
}
