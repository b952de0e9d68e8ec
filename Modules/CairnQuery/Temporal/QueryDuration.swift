// SPDX-License-Identifier: Apache-2.0

public import CairnGraph

/// A length of time in months, days and seconds, which have no fixed length in terms of one another.
public struct QueryDuration: Hashable, Sendable {
    /// The months, which have no fixed number of days.
    public let months: Int64
    /// The days, which have no fixed number of seconds where clocks change.
    public let days: Int64
    /// Whole seconds, rounded down.
    public let seconds: Int64
    /// The nanoseconds to be added to the seconds: 0 to 999,999,999.
    public let nanoseconds: Int64

    static let zero = QueryDuration(whole: 0, 0, 0, 0)

    /// How many nanoseconds an average month has: the 400th part of 146,097 days, divided by 12.
    private static let secondsPerMonth = 2_629_746.0

    private init(whole months: Int64, _ days: Int64, _ seconds: Int64, _ nanoseconds: Int64) {
        self.months = months
        self.days = days
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// A duration; nil when the seconds do not fit. Any number of nanoseconds will do.
    init?(months: Int64 = 0, days: Int64 = 0, seconds: Int64 = 0, nanoseconds: Int64 = 0) {
        let (sum, overflow) = seconds.addingReportingOverflow(
            nanoseconds.flooredQuotient(1_000_000_000))
        guard !overflow else { return nil }
        self.init(whole: months, days, sum, nanoseconds.flooredRemainder(1_000_000_000))
    }

    /// A duration of parts that need not be whole: the fraction of a month goes to days, that of a day to
    /// seconds. Nil when a part does not fit.
    init?(months: Double, days: Double, seconds: Double, nanoseconds: Double) {
        let wholeMonths = months.rounded(.towardZero)
        let allDays = days + 0
        let monthDays = (months - wholeMonths) * Self.secondsPerMonth / 86_400
        let wholeMonthDays = monthDays.rounded(.towardZero)
        let wholeDays = allDays.rounded(.towardZero)
        let dayNanoseconds =
            ((monthDays - wholeMonthDays) * 86_400e9).rounded()
            + ((allDays - wholeDays) * 86_400e9).rounded()
        let wholeSeconds = seconds.rounded(.towardZero)
        let rest = ((seconds - wholeSeconds) * 1e9 + nanoseconds + dayNanoseconds)
            .rounded(.toNearestOrEven)
        guard let months = Int64(exactly: wholeMonths),
            let days = Int64(exactly: wholeDays + wholeMonthDays),
            let seconds = Int64(exactly: wholeSeconds), let nanoseconds = Int64(exactly: rest)
        else { return nil }
        self.init(months: months, days: days, seconds: seconds, nanoseconds: nanoseconds)
    }

    /// A duration that a property holds.
    public init(_ duration: CalendarDuration) {
        self.init(
            whole: Int64(duration.months), Int64(duration.days), duration.seconds,
            Int64(duration.nanoseconds))
    }

    /// The duration as a property holds it; nil when it is out of range there.
    public var stored: CalendarDuration? {
        guard let months = Int32(exactly: months), let days = Int32(exactly: days) else {
            return nil
        }
        return CalendarDuration(
            months: months, days: days, seconds: seconds, nanoseconds: Int32(nanoseconds))
    }

    /// Its length with average months and days of 24 hours, for the order of durations.
    var averageSeconds: Double {
        Double(months) * Self.secondsPerMonth + Double(days) * 86_400 + Double(seconds)
            + Double(nanoseconds) / 1e9
    }
}

extension QueryDuration: Comparable {
    /// By the length with average months and days of 24 hours; of equal ones by months, then by days.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.averageSeconds, lhs.months, lhs.days, lhs.seconds, lhs.nanoseconds)
            < (rhs.averageSeconds, rhs.months, rhs.days, rhs.seconds, rhs.nanoseconds)
    }
}

extension QueryDuration: CustomStringConvertible {
    /// As in ISO 8601: `P1Y2M3DT4H5M6.7S`; each part has its own sign.
    public var description: String {
        func part(_ number: Int64, _ unit: String) -> String {
            number == 0 ? "" : "\(number)\(unit)"
        }
        let date = part(months / 12, "Y") + part(months % 12, "M") + part(days, "D")
        // Seconds rounded towards zero, and nanoseconds of the same sign.
        let isSplit = seconds < 0 && nanoseconds > 0
        let whole = isSplit ? seconds + 1 : seconds
        let fraction = isSplit ? 1_000_000_000 - nanoseconds : nanoseconds
        var time = part(whole / 3600, "H") + part(whole / 60 % 60, "M")
        let rest = whole % 60
        if rest != 0 || fraction != 0 {
            let sign = seconds < 0 ? "-" : ""
            time += "\(sign)\(rest.magnitude)\(QueryTime.fraction(fraction))S"
        }
        if date.isEmpty && time.isEmpty { return "PT0S" }
        return "P" + date + (time.isEmpty ? "" : "T" + time)
    }
}
