// SPDX-License-Identifier: Apache-2.0

/// A day of the Gregorian calendar, which is taken to reach back before its invention.
public struct CalendarDate: Hashable, Sendable {
    /// The days after 1970-01-01; negative for days before.
    public let dayNumber: Int32

    /// The years that a date can have. There is a year 0, before the year 1.
    public static let years: ClosedRange<Int> = -999_999...999_999

    package static let dayNumbers =
        dayNumber(years.lowerBound, 1, 1)...dayNumber(years.upperBound, 12, 31)

    /// The day that many days after 1970-01-01; nil when its year is not among ``years``.
    public init?(dayNumber: Int) {
        guard Self.dayNumbers.contains(dayNumber) else { return nil }
        self.dayNumber = Int32(dayNumber)
    }

    /// A day; nil when there is none like that.
    public init?(year: Int, month: Int, day: Int) {
        guard Self.years.contains(year), (1...12).contains(month),
            day >= 1, day <= CivilCalendar.dayCount(year: Int64(year), month: Int64(month))
        else { return nil }
        dayNumber = Int32(Self.dayNumber(year, month, day))
    }

    /// The year of the Gregorian calendar.
    public var year: Int { parts.year }
    /// The month of the year, 1 to 12.
    public var month: Int { parts.month }
    /// The day of the month, from 1.
    public var day: Int { parts.day }

    private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        Int(CivilCalendar.dayNumber(Int64(year), Int64(month), Int64(day)))
    }

    private var parts: (year: Int, month: Int, day: Int) {
        let (year, month, day) = CivilCalendar.parts(of: Int64(dayNumber))
        return (Int(year), Int(month), Int(day))
    }
}

extension CalendarDate: Comparable {
    /// By time.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.dayNumber < rhs.dayNumber }
}

extension CalendarDate: CustomStringConvertible {
    /// As in ISO 8601: `2026-01-31`; years outside of 0 to 9999 have a sign and six digits.
    public var description: String {
        let (year, month, day) = parts
        let digits =
            (0...9999).contains(year)
            ? year.padded(4) : (year < 0 ? "-" : "+") + abs(year).padded(6)
        return "\(digits)-\(month.padded(2))-\(day.padded(2))"
    }
}
