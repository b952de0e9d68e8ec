// SPDX-License-Identifier: Apache-2.0

public import CairnGraph

/// A day of the Gregorian calendar, taken to reach back before its invention; years -999,999,999 to
/// 999,999,999, of which a store can hold those of `CalendarDate`.
public struct QueryDate: Hashable, Sendable {
    /// How many days after 1970-01-01 it is; negative for days before.
    public let dayNumber: Int64

    static let years: ClosedRange<Int64> = -999_999_999...999_999_999
    private static let dayNumbers =
        CivilCalendar.dayNumber(-999_999_999, 1, 1)...CivilCalendar.dayNumber(999_999_999, 12, 31)

    /// The day that many days after 1970-01-01; nil outside of the years that there are.
    public init?(dayNumber: Int64) {
        guard Self.dayNumbers.contains(dayNumber) else { return nil }
        self.dayNumber = dayNumber
    }

    /// A day; nil when there is none like that.
    public init?(year: Int64, month: Int64, day: Int64) {
        guard Self.years.contains(year), (1...12).contains(month),
            day >= 1, day <= Self.dayCount(year: year, month: month)
        else { return nil }
        dayNumber = CivilCalendar.dayNumber(year, month, day)
    }

    /// A day that a property holds.
    public init(_ date: CalendarDate) { dayNumber = Int64(date.dayNumber) }

    /// The day as a property holds it; nil when its year is out of range there.
    public var stored: CalendarDate? { CalendarDate(dayNumber: Int(dayNumber)) }

    /// The year.
    public var year: Int64 { parts.year }
    /// The month, from 1.
    public var month: Int64 { parts.month }
    /// The day of the month, from 1.
    public var day: Int64 { parts.day }

    static func isLeap(_ year: Int64) -> Bool { CivilCalendar.isLeap(year) }

    static func dayCount(year: Int64, month: Int64) -> Int64 {
        CivilCalendar.dayCount(year: year, month: month)
    }

    var parts: (year: Int64, month: Int64, day: Int64) { CivilCalendar.parts(of: dayNumber) }
}

extension QueryDate: Comparable {
    /// By time.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.dayNumber < rhs.dayNumber }
}

extension QueryDate: CustomStringConvertible {
    /// As in ISO 8601: `2026-01-31`; years outside of 0 to 9999 have a sign.
    public var description: String {
        let (year, month, day) = parts
        let sign = year < 0 ? "-" : year > 9999 ? "+" : ""
        return "\(sign)\(year.magnitude.padded(4))-\(month.padded(2))-\(day.padded(2))"
    }
}
