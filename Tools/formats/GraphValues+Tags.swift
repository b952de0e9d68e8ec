// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension Value.Tag {
    var name: String { "\(self)" }

    var meaning: String {
        switch self {
        case .null: "Nothing; no bytes follow."
        case .false: "The truth value false; no bytes follow."
        case .true: "The truth value true; no bytes follow."
        case .int: "A signed number of 64 bits: a zigzag-mapped varint."
        case .double: "An IEEE 754 double: the 8 bytes of its bit pattern."
        case .string: "Text: a varint byte count, then that many bytes of UTF-8."
        case .bytes: "Opaque bytes: a varint byte count, then the bytes."
        case .list: "A varint count, then that many values."
        case .map:
            """
            A varint count, then that many entries: a key as text (byte count, UTF-8), then a \
            value; ascending by the bytes of the key, no key twice.
            """
        case .date:
            """
            A day: how many days it is after 1970-01-01, zigzag-mapped; its year is from -999999 \
            to 999999 of the proleptic Gregorian calendar.
            """
        case .localTime: "A time of day: nanoseconds after midnight, below 86400000000000."
        case .zonedTime:
            """
            A time of day as in localTime, then how many seconds its zone is ahead of UTC, \
            zigzag-mapped, from -64800 to 64800.
            """
        case .localDateTime: "A day as in date, then a time as in localTime."
        case .zonedDateTime: "A day as in date, then a time as in zonedTime."
        case .namedZoneDateTime:
            """
            A day as in date, then a time as in zonedTime, then the name of the zone as text, of 1 to \
            \(ZonedDateTime.zoneByteCountMax) bytes.
            """
        case .duration:
            """
            A length of time: months and days (32 bits), seconds (at most 10 to the power of 15 \
            either way), each zigzag-mapped; then nanoseconds to add, below 1000000000.
            """
        case .point:
            """
            A point: a byte for its system (0 cartesian, 1 cartesian in space, 2 WGS 84, 3 WGS 84 \
            with height), then 2 or 3 doubles: x or longitude (-180 to 180), y or latitude (-90 \
            to 90), z or height; finite, and no -0.
            """
        case .vector:
            """
            Numbers of one type: a byte for the type (0 float, 1 double, 2 signed byte), a \
            varint count, then the bit patterns of the elements.
            """
        }
    }

    var description: TagDescription {
        TagDescription(
            UInt64(rawValue), name, meaning,
            attributes: ["type": UInt64(valueType?.rawValue ?? 0)])
    }
}
