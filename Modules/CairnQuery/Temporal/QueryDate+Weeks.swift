// SPDX-License-Identifier: Apache-2.0
//
// Weeks as in ISO 8601: they begin on Monday, and the first week of a year is the one with its first Thursday.

internal import CairnGraph

extension QueryDate {
    /// Monday is 1, Sunday is 7.
    var weekDay: Int64 { (dayNumber + 3).flooredRemainder(7) + 1 }
    /// The day of the year, from 1.
    var ordinalDay: Int64 { dayNumber - firstDay(ofYear: year) + 1 }
    /// The quarter of the year, from 1.
    var quarter: Int64 { (month - 1) / 3 + 1 }

    /// The day of the quarter, from 1.
    var dayOfQuarter: Int64 {
        let first = QueryDate(year: year, month: quarter * 3 - 2, day: 1)
        return dayNumber - (first?.dayNumber ?? dayNumber) + 1
    }

    /// The year that the week belongs to.
    var weekYear: Int64 {
        // The Thursday of the same week is in that year.
        (QueryDate(dayNumber: dayNumber - weekDay + 4) ?? self).year
    }

    /// The week of ``weekYear``, from 1.
    var week: Int64 { (dayNumber - Self.firstMonday(of: weekYear)) / 7 + 1 }

    private func firstDay(ofYear year: Int64) -> Int64 {
        QueryDate(year: year, month: 1, day: 1)?.dayNumber ?? dayNumber
    }

    /// The day number of the Monday of the first week of a year.
    private static func firstMonday(of year: Int64) -> Int64 {
        guard let fourth = QueryDate(year: year, month: 1, day: 4) else { return 0 }
        return fourth.dayNumber - fourth.weekDay + 1
    }

    /// A day by week; nil when there is none like that.
    init?(weekYear: Int64, week: Int64, weekDay: Int64) {
        guard Self.years.contains(weekYear), (1...53).contains(week), (1...7).contains(weekDay)
        else { return nil }
        self.init(dayNumber: Self.firstMonday(of: weekYear) + (week - 1) * 7 + weekDay - 1)
        guard self.week == week else { return nil }
    }

    /// A day by its place in the year; nil when there is none like that.
    init?(year: Int64, ordinalDay: Int64) {
        guard let first = QueryDate(year: year, month: 1, day: 1), ordinalDay >= 1,
            ordinalDay <= (Self.isLeap(year) ? 366 : 365)
        else { return nil }
        self.init(dayNumber: first.dayNumber + ordinalDay - 1)
    }

    /// A day by its place in the quarter; nil when there is none like that.
    init?(year: Int64, quarter: Int64, dayOfQuarter: Int64) {
        guard (1...4).contains(quarter), (1...92).contains(dayOfQuarter),
            let first = QueryDate(year: year, month: quarter * 3 - 2, day: 1)
        else { return nil }
        self.init(dayNumber: first.dayNumber + dayOfQuarter - 1)
        guard self.quarter == quarter else { return nil }
    }

    /// The same day of the month that many months later, or the last one of that month where it is shorter.
    func adding(months: Int64) -> QueryDate? {
        let (year, month, day) = parts
        let (total, overflow) = (year * 12 + month - 1).addingReportingOverflow(months)
        guard !overflow else { return nil }
        let newYear = total.flooredQuotient(12)
        let newMonth = total.flooredRemainder(12) + 1
        guard Self.years.contains(newYear) else { return nil }
        let last = Self.dayCount(year: newYear, month: newMonth)
        return QueryDate(year: newYear, month: newMonth, day: min(day, last))
    }

    func adding(days: Int64) -> QueryDate? {
        let (day, overflow) = dayNumber.addingReportingOverflow(days)
        return overflow ? nil : QueryDate(dayNumber: day)
    }
}
