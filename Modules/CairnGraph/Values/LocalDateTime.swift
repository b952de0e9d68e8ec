// SPDX-License-Identifier: Apache-2.0

/// A day and a time of day, without a zone.
public struct LocalDateTime: Hashable, Sendable {
    /// The day.
    public let date: CalendarDate
    /// The time of the day.
    public let time: LocalTime

    /// Puts a date and a time together.
    public init(date: CalendarDate, time: LocalTime) {
        self.date = date
        self.time = time
    }

    /// Seconds after 1970-01-01T00:00:00.
    var second: Int64 {
        Int64(date.dayNumber) * 86_400 + time.nanosecondOfDay / 1_000_000_000
    }
}

extension LocalDateTime: Comparable {
    /// By time.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.date, lhs.time) < (rhs.date, rhs.time)
    }
}

extension LocalDateTime: CustomStringConvertible {
    /// As in ISO 8601: `2026-01-31T12:34:56`.
    public var description: String { "\(date)T\(time)" }
}
