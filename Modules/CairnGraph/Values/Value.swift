// SPDX-License-Identifier: Apache-2.0

/// The value of a property.
///
/// Two values are equal exactly when their encodings are the same bytes. So doubles are compared by
/// their bit patterns (a NaN equals itself, and -0 differs from 0), strings by their UTF-8 bytes (two
/// spellings of one text differ), and the integer 1 differs from the double 1.
/// Values also have a total order that agrees with equality: see `<`.
public enum Value: Sendable {
    /// Nothing. As a property it stands for its absence; within lists and maps it is stored.
    case null
    /// True or false.
    case bool(Bool)
    /// A signed number of 64 bits.
    case int(Int64)
    /// An IEEE 754 double.
    case double(Double)
    /// Text.
    case string(String)
    /// Opaque bytes.
    case bytes([UInt8])
    /// A day.
    case date(CalendarDate)
    /// A time of day without a zone.
    case localTime(LocalTime)
    /// A time of day with its offset from UTC.
    case zonedTime(ZonedTime)
    /// A day and a time of day without a zone.
    case localDateTime(LocalDateTime)
    /// A day and a time of day with the offset from UTC, and perhaps the name of a zone.
    indirect case zonedDateTime(ZonedDateTime)
    /// A length of time.
    case duration(CalendarDuration)
    /// A point in a plane, in space, or on Earth.
    indirect case point(SpatialPoint)
    /// Numbers of one type.
    case vector(Vector)
    /// Values in order; at most ``nestingCountMax`` lists and maps within one another.
    case list([Value])
    /// Values by key; at most ``nestingCountMax`` lists and maps within one another.
    case map([String: Value])

    /// The number of lists and maps that may lie within one another: `[[1]]` has two. A deeper value enters no
    /// store and is refused on decoding.
    public static let nestingCountMax = 64

    /// True for ``null``.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// Whether at most `limit` lists and maps lie within one another. Never looks deeper than that.
    func isNested(atMost limit: Int) -> Bool {
        switch self {
        case .list(let values):
            limit > 0 && values.allSatisfy { $0.isNested(atMost: limit - 1) }
        case .map(let values):
            limit > 0 && values.values.allSatisfy { $0.isNested(atMost: limit - 1) }
        default: true
        }
    }
}

/// The properties of a node or a relationship, by key.
public typealias Properties = [String: Value]
