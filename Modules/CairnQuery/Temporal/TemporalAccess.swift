// SPDX-License-Identifier: Apache-2.0
//
// The parts of temporal values by name: `d.year`, `t.hour`, `x.epochMillis`.

extension QueryValue {
    /// A part of a temporal value; null when it has none of that name, nil when this is no temporal value.
    func temporalPart(_ name: String) -> QueryValue? {
        switch self {
        case .date(let date): date.part(name) ?? .null
        case .localTime(let time): time.part(name) ?? .null
        case .time(let time): time.part(name) ?? .null
        case .localDateTime(let moment): moment.part(name) ?? .null
        case .dateTime(let moment): moment.part(name) ?? .null
        case .duration(let duration): duration.part(name).map(QueryValue.int) ?? .null
        default: nil
        }
    }
}

extension QueryDate {
    fileprivate func part(_ name: String) -> QueryValue? {
        switch name {
        case "year": .int(year)
        case "quarter": .int(quarter)
        case "month": .int(month)
        case "week": .int(week)
        case "weekYear": .int(weekYear)
        case "day": .int(day)
        case "ordinalDay": .int(ordinalDay)
        case "weekDay", "dayOfWeek": .int(weekDay)
        case "dayOfQuarter": .int(dayOfQuarter)
        default: nil
        }
    }
}

extension QueryTime {
    fileprivate func part(_ name: String) -> QueryValue? {
        switch name {
        case "hour": .int(hour)
        case "minute": .int(minute)
        case "second": .int(second)
        case "millisecond": .int(nanosecond / 1_000_000)
        case "microsecond": .int(nanosecond / 1000)
        case "nanosecond": .int(nanosecond)
        default: nil
        }
    }
}

extension QueryZonedTime {
    fileprivate func part(_ name: String) -> QueryValue? {
        Self.part(name, ofOffset: offset, zone: nil) ?? time.part(name)
    }

    fileprivate static func part(
        _ name: String, ofOffset offset: Int32, zone: String?
    ) -> QueryValue? {
        switch name {
        case "timezone": .string(zone ?? text(ofOffset: offset))
        case "offset": .string(text(ofOffset: offset))
        case "offsetMinutes": .int(Int64(offset / 60))
        case "offsetSeconds": .int(Int64(offset))
        default: nil
        }
    }
}

extension QueryDateTime {
    fileprivate func part(_ name: String) -> QueryValue? { date.part(name) ?? time.part(name) }
}

extension QueryZonedDateTime {
    fileprivate func part(_ name: String) -> QueryValue? {
        switch name {
        case "epochSeconds": .int(secondsSince1970)
        case "epochMillis": millisecondsSince1970.map(QueryValue.int) ?? .null
        default:
            QueryZonedTime.part(name, ofOffset: offset, zone: zone) ?? local.part(name)
        }
    }
}

extension QueryZonedDateTime {
    /// Nil when it does not fit, which takes hundreds of millions of years.
    private var millisecondsSince1970: Int64? {
        let (whole, overflow) = secondsSince1970.multipliedReportingOverflow(by: 1000)
        return overflow ? nil : whole + local.time.nanosecond / 1_000_000
    }
}

extension QueryDuration {
    fileprivate func part(_ name: String) -> Int64? {
        switch name {
        case "years": months / 12
        case "quarters": months / 3
        case "months": months
        case "weeks": days / 7
        case "days": days
        case "hours": seconds / 3600
        case "minutes": seconds / 60
        case "seconds": seconds
        case "milliseconds": total(1000)
        case "microseconds": total(1_000_000)
        case "nanoseconds": total(1_000_000_000)
        case "quartersOfYear": months / 3 % 4
        case "monthsOfQuarter": months % 3
        case "monthsOfYear": months % 12
        case "daysOfWeek": days % 7
        case "minutesOfHour": seconds / 60 % 60
        case "secondsOfMinute": seconds % 60
        case "millisecondsOfSecond": nanoseconds / 1_000_000
        case "microsecondsOfSecond": nanoseconds / 1000
        case "nanosecondsOfSecond": nanoseconds
        default: nil
        }
    }

    /// The seconds in a smaller unit; nil when they do not fit.
    private func total(_ unitsPerSecond: Int64) -> Int64? {
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: unitsPerSecond)
        let (sum, isTooLarge) = whole.addingReportingOverflow(
            nanoseconds / (1_000_000_000 / unitsPerSecond))
        return overflow || isTooLarge ? nil : sum
    }
}
