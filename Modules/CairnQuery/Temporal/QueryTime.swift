// SPDX-License-Identifier: Apache-2.0

public import CairnGraph

/// A time of day, to the nanosecond, without a zone. There are no leap seconds.
public struct QueryTime: Hashable, Sendable {
    /// How many nanoseconds after midnight it is.
    public let nanosecondOfDay: Int64

    static let nanosecondsPerDay: Int64 = 86_400_000_000_000
    static let midnight = QueryTime(unchecked: 0)

    private init(unchecked nanosecond: Int64) { nanosecondOfDay = nanosecond }

    /// The time that many nanoseconds after midnight; nil when that is not on the same day.
    public init?(nanosecondOfDay: Int64) {
        guard (0..<Self.nanosecondsPerDay).contains(nanosecondOfDay) else { return nil }
        self.nanosecondOfDay = nanosecondOfDay
    }

    /// A time; nil when there is none like that.
    public init?(hour: Int64, minute: Int64, second: Int64 = 0, nanosecond: Int64 = 0) {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second),
            (0..<1_000_000_000).contains(nanosecond)
        else { return nil }
        nanosecondOfDay = ((hour * 60 + minute) * 60 + second) * 1_000_000_000 + nanosecond
    }

    /// The time that many nanoseconds after midnight, on whichever day that is.
    init(wrapping nanoseconds: Int64) {
        nanosecondOfDay = nanoseconds.flooredRemainder(Self.nanosecondsPerDay)
    }

    /// A time that a property holds.
    public init(_ time: LocalTime) { nanosecondOfDay = time.nanosecondOfDay }

    /// The time as a property holds it.
    public var stored: LocalTime {
        LocalTime(nanosecondOfDay: nanosecondOfDay) ?? LocalTime(hour: 0, minute: 0)!
    }

    /// The hour, 0 to 23.
    public var hour: Int64 { nanosecondOfDay / 3_600_000_000_000 }
    /// The minute, 0 to 59.
    public var minute: Int64 { nanosecondOfDay / 60_000_000_000 % 60 }
    /// The second, 0 to 59.
    public var second: Int64 { secondOfDay % 60 }
    /// The part of the second, in nanoseconds.
    public var nanosecond: Int64 { nanosecondOfDay % 1_000_000_000 }
    var secondOfDay: Int64 { nanosecondOfDay / 1_000_000_000 }
}

extension QueryTime: Comparable {
    /// By time.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.nanosecondOfDay < rhs.nanosecondOfDay
    }
}

extension QueryTime: CustomStringConvertible {
    /// As in ISO 8601: `12:34`, with seconds and a fraction where there are any.
    public var description: String {
        let minutes = "\(hour.padded(2)):\(minute.padded(2))"
        guard second != 0 || nanosecond != 0 else { return minutes }
        return "\(minutes):\(second.padded(2))\(Self.fraction(nanosecond))"
    }

    /// Nanoseconds as a decimal fraction without zeros at the end; nothing for 0.
    static func fraction(_ nanoseconds: Int64) -> String {
        guard nanoseconds != 0 else { return "" }
        var digits = nanoseconds.padded(9)
        while digits.last == "0" { digits.removeLast() }
        return "." + digits
    }
}

/// A time of day with its offset from UTC.
public struct QueryZonedTime: Hashable, Sendable {
    /// The time that clocks there show.
    public let time: QueryTime
    /// How many seconds they are ahead of UTC; at most 18 hours either way.
    public let offset: Int32

    init(time: QueryTime, offset: Int32) {
        self.time = time
        self.offset = offset
    }

    /// A time that a property holds.
    public init(_ time: ZonedTime) {
        self.init(time: QueryTime(time.time), offset: time.offset.seconds)
    }

    /// The time as a property holds it.
    public var stored: ZonedTime? {
        UTCOffset(seconds: Int(offset)).map { ZonedTime(time: time.stored, offset: $0) }
    }

    /// Nanoseconds from midnight UTC of the same day; can be negative, or past the day.
    var instant: Int64 { time.nanosecondOfDay - Int64(offset) * 1_000_000_000 }
}

extension QueryZonedTime: Comparable {
    /// By the moment on one day, then by the offset.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.instant, lhs.offset) < (rhs.instant, rhs.offset)
    }
}

extension QueryZonedTime: CustomStringConvertible {
    /// As in ISO 8601: `12:34+02:00`.
    public var description: String { "\(time)\(Self.text(ofOffset: offset))" }

    /// As in ISO 8601: `Z`, `+02:00`; with seconds when there are any.
    static func text(ofOffset offset: Int32) -> String {
        guard offset != 0 else { return "Z" }
        let total = offset.magnitude
        let minutes = "\((total / 3600).padded(2)):\((total / 60 % 60).padded(2))"
        let seconds = total.isMultiple(of: 60) ? "" : ":" + (total % 60).padded(2)
        return (offset < 0 ? "-" : "+") + minutes + seconds
    }
}
