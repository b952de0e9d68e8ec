// SPDX-License-Identifier: Apache-2.0

/// The types that values have. The numbers are on disk and never change.
public enum ValueType: UInt8, Hashable, Sendable, CaseIterable {
    /// True or false.
    case bool = 1
    /// A signed number of 64 bits.
    case int = 2
    /// An IEEE 754 double.
    case double = 3
    /// Text.
    case string = 4
    /// Opaque bytes.
    case bytes = 5
    /// A list.
    case list = 6
    /// A map.
    case map = 7
    /// A day.
    case date = 8
    /// A time of day without a zone.
    case localTime = 9
    /// A time of day with its offset from UTC.
    case zonedTime = 10
    /// A day and a time of day without a zone.
    case localDateTime = 11
    /// A day and a time of day with the offset from UTC.
    case zonedDateTime = 12
    /// A length of time.
    case duration = 13
    /// A point.
    case point = 14
    /// Numbers of one type.
    case vector = 15
}

extension Value {
    /// The type of the value; nil for ``null``.
    public var type: ValueType? { tag.valueType }
}
