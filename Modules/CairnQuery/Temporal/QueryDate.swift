// SPDX-License-Identifier: Apache-2.0

public import CairnGraph

/// A day of the Gregorian calendar, taken to reach back before its invention; years -999,999,999 to
/// 999,999,999, of which a store can hold those of `CalendarDate`.
public struct QueryDate: Hashable, Sendable {
    /// How many days after 1970-01-01 it is; negative for days before.
    public let dayNumber: Int64

    static let years: ClosedRange<Int64> = -999_999_999...999_999_999
    private static let dayNumbers =
        dayNumber(-999_999_999, 1, 1)...dayNumber(999_999_999, 12, 31)

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
        dayNumber = Self.dayNumber(year, month, day)
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

    static func isLeap(_ year: Int64) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }

    static func dayCount(year: Int64, month: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: isLeap(year) ? 29 : 28
        default: 31
        }
    }

    // Years are counted from March, so that the leap day is the last; 400 years have 146,097 days, and
    // 719,468 days lie between 0000-03-01 and 1970-01-01.
    private static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let era = marchYear.flooredQuotient(400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    var parts: (year: Int64, month: Int64, day: Int64) {
        let days = dayNumber + 719_468
        let era = days.flooredQuotient(146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
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

extension Int64 {
    /// The quotient, rounded towards negative infinity, by a positive divisor.
    func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The remainder of division by a positive divisor, 0 or more.
    func flooredRemainder(_ divisor: Int64) -> Int64 {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}

extension BinaryInteger {
    /// The digits, with zeros before them where there are fewer than `count`.
    func padded(_ count: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, count - digits.utf8.count)) + digits
    }
}
