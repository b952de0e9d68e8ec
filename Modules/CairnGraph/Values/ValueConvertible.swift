// SPDX-License-Identifier: Apache-2.0

/// A Swift type that some values are of: `node["size", as: Int64.self]`.
///
/// Lists and maps are read as arrays and dictionaries of such types, and `Optional` stands for a null among
/// them: `node["limits", as: [String: Int?].self]`. Where the entries of a map are of several types, they are read
/// one by one: `node["address"]?["city", as: String.self]`.
public protocol ValueConvertible {
    /// Reads the value; nil when it is of another type.
    init?(_ value: Value)

    /// The value that holds this.
    var value: Value { get }
}

extension Value: ValueConvertible {
    /// The value itself.
    public init?(_ value: Value) { self = value }
    /// The value itself.
    public var value: Value { self }
}

extension Bool: ValueConvertible {
    /// The truth value; nil for another type.
    public init?(_ value: Value) {
        guard case .bool(let bool) = value else { return nil }
        self = bool
    }
    /// A truth value.
    public var value: Value { .bool(self) }
}

extension Int64: ValueConvertible {
    /// The integer; nil for another type, also for a double.
    public init?(_ value: Value) {
        guard case .int(let int) = value else { return nil }
        self = int
    }
    /// An integer.
    public var value: Value { .int(self) }
}

extension Int: ValueConvertible {
    /// The integer; nil for another type, also for a double, or when it does not fit.
    public init?(_ value: Value) {
        guard case .int(let int) = value else { return nil }
        self.init(exactly: int)
    }
    /// An integer.
    public var value: Value { .int(Int64(self)) }
}

extension Double: ValueConvertible {
    /// The double; nil for another type, also for an integer.
    public init?(_ value: Value) {
        guard case .double(let double) = value else { return nil }
        self = double
    }
    /// A double.
    public var value: Value { .double(self) }
}

extension String: ValueConvertible {
    /// The text; nil for another type.
    public init?(_ value: Value) {
        guard case .string(let string) = value else { return nil }
        self = string
    }
    /// Text.
    public var value: Value { .string(self) }
}

extension CalendarDate: ValueConvertible {
    /// The day; nil for another type.
    public init?(_ value: Value) {
        guard case .date(let date) = value else { return nil }
        self = date
    }
    /// A day.
    public var value: Value { .date(self) }
}

extension LocalTime: ValueConvertible {
    /// The time of day; nil for another type.
    public init?(_ value: Value) {
        guard case .localTime(let time) = value else { return nil }
        self = time
    }
    /// A time of day without a zone.
    public var value: Value { .localTime(self) }
}

extension ZonedTime: ValueConvertible {
    /// The time of day; nil for another type.
    public init?(_ value: Value) {
        guard case .zonedTime(let time) = value else { return nil }
        self = time
    }
    /// A time of day with its offset from UTC.
    public var value: Value { .zonedTime(self) }
}

extension LocalDateTime: ValueConvertible {
    /// The day and time; nil for another type.
    public init?(_ value: Value) {
        guard case .localDateTime(let moment) = value else { return nil }
        self = moment
    }
    /// A day and a time of day without a zone.
    public var value: Value { .localDateTime(self) }
}

extension ZonedDateTime: ValueConvertible {
    /// The moment; nil for another type.
    public init?(_ value: Value) {
        guard case .zonedDateTime(let moment) = value else { return nil }
        self = moment
    }
    /// A moment with its offset.
    public var value: Value { .zonedDateTime(self) }
}

extension CalendarDuration: ValueConvertible {
    /// The duration; nil for another type.
    public init?(_ value: Value) {
        guard case .duration(let duration) = value else { return nil }
        self = duration
    }
    /// A length of time.
    public var value: Value { .duration(self) }
}

extension SpatialPoint: ValueConvertible {
    /// The point; nil for another type.
    public init?(_ value: Value) {
        guard case .point(let point) = value else { return nil }
        self = point
    }
    /// A point.
    public var value: Value { .point(self) }
}

extension Vector: ValueConvertible {
    /// The vector; nil for another type.
    public init?(_ value: Value) {
        guard case .vector(let vector) = value else { return nil }
        self = vector
    }
    /// Numbers of one type.
    public var value: Value { .vector(self) }
}

extension Node {
    /// The property as a Swift type; nil when there is none, or when it is of another type.
    public subscript<T: ValueConvertible>(key: String, as type: T.Type) -> T? {
        self[key].flatMap { T($0) }
    }

    /// The property as bytes; nil when there is none, or when it is of another type.
    public subscript(key: String, as type: [UInt8].Type) -> [UInt8]? { self[key]?.bytes }
}

extension Relationship {
    /// The property as a Swift type; nil when there is none, or when it is of another type.
    public subscript<T: ValueConvertible>(key: String, as type: T.Type) -> T? {
        self[key].flatMap { T($0) }
    }

    /// The property as bytes; nil when there is none, or when it is of another type.
    public subscript(key: String, as type: [UInt8].Type) -> [UInt8]? { self[key]?.bytes }
}
