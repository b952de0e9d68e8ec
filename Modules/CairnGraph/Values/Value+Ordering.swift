// SPDX-License-Identifier: Apache-2.0
//
// The order of all values: that of their sort keys, byte by byte. A sort key begins with the rank of
// the kind; no sort key is the beginning of another, so keys of several values can be joined.
//
// - null < bool < numbers < string < bytes < date < local time < zoned time < local date-time <
//   zoned date-time < duration < point < vector < list < map.
// - false < true. Numbers by their exact value, whether integers or doubles; of equal ones -0.0 < the
//   integer < the double, so the order agrees with equality. NaNs come after all numbers, by their bits.
// - Strings and bytes by their bytes. Lists by their elements; a beginning of a list comes before it.
//   Maps as the list of their entries, which ascend by the bytes of their keys.
// - Times as their types say. Vectors by type, then by count, then by elements.

internal import CairnFormat

extension Value: Comparable {
    /// Whether a value comes before another in the order of all values, which agrees with `==`.
    ///
    /// null < bool < numbers < string < bytes < dates < times < date-times < durations < points < vectors
    /// < lists < maps. Integers and doubles are compared by their exact value; -0.0 comes before 0, and
    /// a NaN comes after every number.
    ///
    /// - Complexity: O(*n*) in the bytes of both.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        switch (lhs, rhs) {
        case (.int(let left), .int(let right)): left < right
        case (.string(let left), .string(let right)): left.utf8Precedes(right)
        default: lhs.sortKey.precedes(rhs.sortKey)
        }
    }

    /// The bytes that say where it stands in the order.
    var sortKey: [UInt8] {
        var buffer = BinaryBuffer(capacity: 32)
        appendSortKey(to: &buffer)
        return buffer.array()
    }

    /// The rank of its kind in the order, which is the first byte of the sort key.
    var rank: UInt8 {
        switch self {
        case .null: 1
        case .bool: 2
        case .int, .double: 3
        case .string: 4
        case .bytes: 5
        case .date: 6
        case .localTime: 7
        case .zonedTime: 8
        case .localDateTime: 9
        case .zonedDateTime: 10
        case .duration: 11
        case .point: 12
        case .vector: 13
        case .list: 14
        case .map: 15
        }
    }

    func appendSortKey(to buffer: inout BinaryBuffer) {
        buffer.append(rank)
        switch self {
        case .null: break
        case .bool(let value): buffer.append(value ? 1 : 0 as UInt8)
        case .int(let value): buffer.appendSortKey(ofNumber: value)
        case .double(let value): buffer.appendSortKey(ofNumber: value)
        case .string(let value): buffer.appendSortKey(ofBytes: Array(value.utf8))
        case .bytes(let value): buffer.appendSortKey(ofBytes: value)
        case .list(let values):
            // Ranks are above 0, so the end comes before every element.
            for value in values { value.appendSortKey(to: &buffer) }
            buffer.append(0 as UInt8)
        case .map(let values):
            for (key, value) in values.sorted(by: { $0.key.utf8Precedes($1.key) }) {
                buffer.append(1 as UInt8)
                buffer.appendSortKey(ofBytes: Array(key.utf8))
                value.appendSortKey(to: &buffer)
            }
            buffer.append(0 as UInt8)
        case .vector(let vector): vector.appendSortKey(to: &buffer)
        default: appendTemporalOrSpatialSortKey(to: &buffer)
        }
    }

    private func appendTemporalOrSpatialSortKey(to buffer: inout BinaryBuffer) {
        switch self {
        case .date(let date): buffer.appendAscending(date.dayNumber)
        case .localTime(let time): buffer.appendAscending(time.nanosecondOfDay)
        case .zonedTime(let time):
            buffer.appendAscending(time.instant)
            buffer.appendAscending(time.offset.seconds)
        case .localDateTime(let moment):
            buffer.appendAscending(moment.date.dayNumber)
            buffer.appendAscending(moment.time.nanosecondOfDay)
        case .zonedDateTime(let moment):
            buffer.appendAscending(moment.secondsSince1970)
            buffer.appendAscending(Int32(moment.local.time.nanosecond))
            buffer.appendAscending(moment.offset.seconds)
            buffer.appendSortKey(ofBytes: moment.zoneBytes)
        case .duration(let duration):
            buffer.appendAscending(duration.averageSeconds)
            buffer.appendAscending(duration.nanoseconds)
            buffer.appendAscending(duration.months)
            buffer.appendAscending(duration.days)
        case .point(let point):
            buffer.append(point.system.rawValue)
            for coordinate in point.coordinates { buffer.appendAscending(coordinate) }
        default: preconditionFailure("a temporal or spatial value")
        }
    }
}

extension Vector {
    func appendSortKey(to buffer: inout BinaryBuffer) {
        buffer.append(elementType.rawValue)
        buffer.appendAscending(Int64(count))
        switch self {
        case .float32(let elements):
            for element in elements { buffer.appendAscending(element) }
        case .float64(let elements):
            for element in elements { buffer.appendAscending(element) }
        case .int8(let elements):
            for element in elements { buffer.append(UInt8(bitPattern: element) ^ 0x80) }
        }
    }
}

extension [UInt8] {
    /// Whether these bytes come before others, compared as numbers; a beginning comes first.
    func precedes(_ other: Self) -> Bool {
        for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
            return self[index] < other[index]
        }
        return count < other.count
    }
}

extension BinaryBuffer {
    /// Appends a number so that the order of bytes is that of numbers.
    mutating func appendAscending(_ value: Int64) {
        append((UInt64(bitPattern: value) ^ 1 << 63).bigEndian)
    }

    mutating func appendAscending(_ value: Int32) {
        append((UInt32(bitPattern: value) ^ 1 << 31).bigEndian)
    }

    /// -0 comes before 0, negative NaNs before everything, positive ones after.
    mutating func appendAscending(_ value: Double) {
        let bits = value.bitPattern
        append((bits >> 63 == 0 ? bits ^ 1 << 63 : ~bits).bigEndian)
    }

    mutating func appendAscending(_ value: Float) {
        let bits = value.bitPattern
        append((bits >> 31 == 0 ? bits ^ 1 << 31 : ~bits).bigEndian)
    }

    /// The largest double not above the number, the rest, and what tells an integer from a double.
    mutating func appendSortKey(ofNumber value: Int64) {
        var double = Double(value)
        // Rounding up can reach 2 to the power of 63, which is no integer of 64 bits.
        if Int64(exactly: double).map({ $0 > value }) ?? true { double = double.nextDown }
        let rest = value - Int64(double)
        appendAscending(double)
        append(UInt16(rest).bigEndian)
        append(1 as UInt8)
    }

    mutating func appendSortKey(ofNumber value: Double) {
        guard !value.isNaN else {
            append(UInt64.max)
            append(value.bitPattern.bigEndian)
            return
        }
        appendAscending(value + 0)
        append(0 as UInt16)
        append(value.bitPattern == (-0.0).bitPattern ? 0 : 2 as UInt8)
    }

    /// A zero is followed by 255, the end is two zeros.
    mutating func appendSortKey(ofBytes bytes: [UInt8]) {
        for byte in bytes {
            append(byte)
            if byte == 0 { append(255 as UInt8) }
        }
        append(0 as UInt16)
    }
}
