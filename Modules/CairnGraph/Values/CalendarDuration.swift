// SPDX-License-Identifier: Apache-2.0

/// A length of time in months, days and seconds, which have no fixed length in terms of one another.
public struct CalendarDuration: Hashable, Sendable {
    /// The months; their length depends on the date that they are added to.
    public let months: Int32
    /// The days; their length depends on the time zone.
    public let days: Int32
    /// Whole seconds, rounded down.
    public let seconds: Int64
    /// The nanoseconds to add to the seconds: 0 to 999,999,999.
    public let nanoseconds: Int32

    /// The most seconds either way.
    public static let secondsMax: Int64 = 1_000_000_000_000_000

    /// The number of seconds that stand for a month when durations are compared: the 400th part of 146,097 days,
    /// divided by 12.
    public static let averageSecondsPerMonth: Int64 = 2_629_746

    /// A duration; nil when seconds or nanoseconds are out of range.
    public init?(months: Int32 = 0, days: Int32 = 0, seconds: Int64 = 0, nanoseconds: Int32 = 0) {
        guard (-Self.secondsMax...Self.secondsMax).contains(seconds),
            (0..<1_000_000_000).contains(nanoseconds)
        else { return nil }
        self.months = months
        self.days = days
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Its length with average months and days of 24 hours.
    var averageSeconds: Int64 {
        Int64(months) * Self.averageSecondsPerMonth + Int64(days) * 86_400 + seconds
    }
}

extension CalendarDuration: Comparable {
    /// By the length with average months (30.436875 days) and days of 24 hours; of equal ones by
    /// months, then by days.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.averageSeconds, lhs.nanoseconds, lhs.months, lhs.days)
            < (rhs.averageSeconds, rhs.nanoseconds, rhs.months, rhs.days)
    }
}

extension CalendarDuration: CustomStringConvertible {
    /// As in ISO 8601, in months, days and seconds: `P1M2DT3.5S`.
    public var description: String {
        let isNegative = seconds < 0 && nanoseconds > 0
        let whole = isNegative ? seconds + 1 : seconds
        let part = isNegative ? 1_000_000_000 - Int(nanoseconds) : Int(nanoseconds)
        let sign = isNegative && whole == 0 ? "-" : ""
        return "P\(months)M\(days)DT\(sign)\(whole)\(part.asFraction)S"
    }
}
