// SPDX-License-Identifier: Apache-2.0
//
// The encodings of dates, times, durations, points and vectors. Whatever is out of range, or has another
// encoding than the one it was read from, is refused.

internal import CairnFormat

extension Value {
    /// Appends what follows the tag of a value that is not one of JSON's kinds.
    func encodeTyped(into buffer: inout BinaryBuffer) {
        switch self {
        case .date(let date): buffer.append(date)
        case .localTime(let time): buffer.append(time)
        case .zonedTime(let time):
            buffer.append(time.time)
            buffer.append(zigzag: Int64(time.offset.seconds))
        case .localDateTime(let moment):
            buffer.append(moment.date)
            buffer.append(moment.time)
        case .zonedDateTime(let moment):
            buffer.append(moment.local.date)
            buffer.append(moment.local.time)
            buffer.append(zigzag: Int64(moment.offset.seconds))
            if let zone = moment.zone { buffer.append(string: zone) }
        case .duration(let duration):
            buffer.append(zigzag: Int64(duration.months))
            buffer.append(zigzag: Int64(duration.days))
            buffer.append(zigzag: duration.seconds)
            buffer.append(varint: UInt64(duration.nanoseconds))
        case .point(let point):
            buffer.append(point.system.rawValue)
            for coordinate in point.coordinates { buffer.append(coordinate.bitPattern) }
        case .vector(let vector): buffer.append(vector)
        default: preconditionFailure("a value with a type of its own")
        }
    }

    /// Reads what follows the tag of a value that is not one of JSON's kinds.
    static func decodeTyped(
        _ tag: Tag, from reader: inout ByteReader
    ) throws(FormatError) -> Value {
        switch tag {
        case .date: .date(try reader.date())
        case .localTime: .localTime(try reader.localTime())
        case .zonedTime:
            .zonedTime(ZonedTime(time: try reader.localTime(), offset: try reader.utcOffset()))
        case .localDateTime:
            .localDateTime(try reader.localDateTime())
        case .zonedDateTime:
            .zonedDateTime(
                ZonedDateTime(local: try reader.localDateTime(), offset: try reader.utcOffset()))
        case .namedZoneDateTime: .zonedDateTime(try reader.namedZoneDateTime())
        case .duration: .duration(try reader.duration())
        case .point: .point(try reader.point())
        case .vector: .vector(try reader.vector())
        default: preconditionFailure("a value with a type of its own")
        }
    }

    /// Goes past what follows such a tag.
    static func skipTyped(_ tag: Tag, _ reader: inout ByteReader) throws(FormatError) {
        switch tag {
        case .date, .localTime: _ = try reader.varint()
        case .zonedTime, .localDateTime: for _ in 0..<2 { _ = try reader.varint() }
        case .zonedDateTime, .namedZoneDateTime:
            for _ in 0..<3 { _ = try reader.varint() }
            if tag == .namedZoneDateTime { _ = try reader.lengthPrefixed() }
        case .duration: for _ in 0..<4 { _ = try reader.varint() }
        case .point: _ = try reader.point()
        case .vector:
            let type = try reader.vectorElementType()
            _ = try reader.take(try reader.count(byteCountEach: type.byteCount) * type.byteCount)
        default: preconditionFailure("a value with a type of its own")
        }
    }
}

extension BinaryBuffer {
    mutating func append(_ date: CalendarDate) { append(zigzag: Int64(date.dayNumber)) }

    mutating func append(_ time: LocalTime) { append(varint: UInt64(time.nanosecondOfDay)) }

    mutating func append(_ vector: Vector) {
        append(vector.elementType.rawValue)
        append(varint: UInt64(vector.count))
        switch vector {
        case .float32(let elements): for element in elements { append(element.bitPattern) }
        case .float64(let elements): for element in elements { append(element.bitPattern) }
        case .int8(let elements): for element in elements { append(element) }
        }
    }
}

extension ByteReader {
    /// Converts the number with `make`; throws when that gives nil.
    private mutating func checked<Result>(
        _ read: (inout Self) throws(FormatError) -> Result?
    ) throws(FormatError) -> Result {
        let start = offset
        guard let result = try read(&self) else {
            throw FormatError(code: .invalidValue, offset: start)
        }
        return result
    }

    mutating func date() throws(FormatError) -> CalendarDate {
        try checked { reader throws(FormatError) in
            CalendarDate(dayNumber: Int(try reader.zigzag()))
        }
    }

    mutating func localTime() throws(FormatError) -> LocalTime {
        try checked { reader throws(FormatError) in
            LocalTime(nanosecondOfDay: Int64(clamping: try reader.varint()))
        }
    }

    mutating func localDateTime() throws(FormatError) -> LocalDateTime {
        LocalDateTime(date: try date(), time: try localTime())
    }

    mutating func namedZoneDateTime() throws(FormatError) -> ZonedDateTime {
        let local = try localDateTime()
        let utcOffset = try utcOffset()
        return try checked { reader throws(FormatError) in
            ZonedDateTime(local: local, offset: utcOffset, zone: try reader.string())
        }
    }

    mutating func utcOffset() throws(FormatError) -> UTCOffset {
        try checked { reader throws(FormatError) in
            UTCOffset(seconds: Int(try reader.zigzag()))
        }
    }

    mutating func duration() throws(FormatError) -> CalendarDuration {
        try checked { reader throws(FormatError) in
            let months = Int32(exactly: try reader.zigzag())
            let days = Int32(exactly: try reader.zigzag())
            let seconds = try reader.zigzag()
            let nanoseconds = Int32(clamping: try reader.varint())
            guard let months, let days else { return nil }
            return CalendarDuration(
                months: months, days: days, seconds: seconds, nanoseconds: nanoseconds)
        }
    }

    mutating func point() throws(FormatError) -> SpatialPoint {
        try checked { reader throws(FormatError) in
            guard let system = SpatialPoint.CoordinateSystem(rawValue: try reader.integer()) else {
                return nil
            }
            var coordinates: [Double] = []
            var hasNegativeZero = false
            for _ in 0..<system.dimensionCount {
                let bits = try reader.integer(UInt64.self)
                hasNegativeZero = hasNegativeZero || bits == 1 << 63
                coordinates.append(Double(bitPattern: bits))
            }
            return hasNegativeZero ? nil : SpatialPoint(system, coordinates)
        }
    }

    mutating func vectorElementType() throws(FormatError) -> Vector.ElementType {
        try checked { reader throws(FormatError) in
            Vector.ElementType(rawValue: try reader.integer())
        }
    }

    mutating func vector() throws(FormatError) -> Vector {
        let type = try vectorElementType()
        let count = try count(byteCountEach: type.byteCount)
        switch type {
        case .float32:
            var elements: [Float] = []
            for _ in 0..<count { elements.append(Float(bitPattern: try integer())) }
            return .float32(elements)
        case .float64:
            var elements: [Double] = []
            for _ in 0..<count { elements.append(Double(bitPattern: try integer())) }
            return .float64(elements)
        case .int8:
            var elements: [Int8] = []
            for _ in 0..<count { elements.append(try integer()) }
            return .int8(elements)
        }
    }
}
