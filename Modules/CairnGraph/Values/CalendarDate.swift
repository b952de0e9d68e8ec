// SPDX-License-Identifier: Apache-2.0

/// A day of the Gregorian calendar, which is taken to reach back before its invention.
public struct CalendarDate: Hashable, Sendable {
    /// The days after 1970-01-01; negative for days before.
    public let dayNumber: Int32

    /// The years that a date can have. There is a year 0, before the year 1.
    public static let years: ClosedRange<Int> = -999_999...999_999

    static let dayNumbers =
        dayNumber(
            year: years.lowerBound, month: 1, day: 1)...dayNumber(
            year: years.upperBound, month: 12, day: 31)

    /// The day that many days after 1970-01-01; nil when its year is not among ``years``.
    public init?(dayNumber: Int) {
        guard Self.dayNumbers.contains(dayNumber) else { return nil }
        self.dayNumber = Int32(dayNumber)
    }

    /// A day; nil when there is none like that.
    public init?(year: Int, month: Int, day: Int) {
        guard Self.years.contains(year), (1...12).contains(month),
            day >= 1, day <= Self.dayCount(year: year, month: month)
        else { return nil }
        dayNumber = Int32(Self.dayNumber(year: year, month: month, day: day))
    }

    /// The year of the Gregorian calendar.
    public var year: Int { parts.year }
    /// The month of the year, 1 to 12.
    public var month: Int { parts.month }
    /// The day of the month, from 1.
    public var day: Int { parts.day }

    private static func dayCount(year: Int, month: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2:
            year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
                ? 29 : 28
        default: 31
        }
    }

    // A year is counted from March, so that the leap day is its last; 400 years have 146,097 days, and
    // 719,468 days lie between 0000-03-01 and 1970-01-01.
    private static func dayNumber(year: Int, month: Int, day: Int) -> Int {
        let marchYear = month > 2 ? year : year - 1
        let era = marchYear.dividedDown(by: 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private var parts: (year: Int, month: Int, day: Int) {
        let days = Int(dayNumber) + 719_468
        let era = days.dividedDown(by: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
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

extension Int {
    /// The quotient, rounded towards negative infinity.
    func dividedDown(by divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The digits, with zeros before them where there are fewer than `count`.
    func padded(_ count: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, count - digits.count)) + digits
    }
}
