// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// The unit to which a temporal value is truncated.
enum TemporalUnit: String {
    case millennium, century, decade, year, weekYear, quarter, month, week, day
    case hour, minute, second, millisecond, microsecond

    /// How many nanoseconds a unit within the day has; nil for longer ones.
    var nanoseconds: Int64? {
        switch self {
        case .hour: 3_600_000_000_000
        case .minute: 60_000_000_000
        case .second: 1_000_000_000
        case .millisecond: 1_000_000
        case .microsecond: 1000
        default: nil
        }
    }
}

extension TemporalFactory {
    /// The first day of the unit that a day is in.
    static func truncate(_ date: QueryDate, to unit: TemporalUnit) -> QueryDate? {
        func year(_ count: Int64) -> QueryDate? {
            QueryDate(year: date.year.flooredQuotient(count) * count, month: 1, day: 1)
        }
        return switch unit {
        case .millennium: year(1000)
        case .century: year(100)
        case .decade: year(10)
        case .year: year(1)
        case .weekYear: QueryDate(weekYear: date.weekYear, week: 1, weekDay: 1)
        case .quarter: QueryDate(year: date.year, month: date.quarter * 3 - 2, day: 1)
        case .month: QueryDate(year: date.year, month: date.month, day: 1)
        case .week: QueryDate(dayNumber: date.dayNumber - date.weekDay + 1)
        default: date
        }
    }

    static func truncate(_ time: QueryTime, to unit: TemporalUnit) -> QueryTime {
        guard let length = unit.nanoseconds else { return .midnight }
        return QueryTime(wrapping: time.nanosecondOfDay / length * length)
    }

    /// Cuts a day to a unit and replaces parts.
    func truncatedDate(
        _ value: QueryValue, _ unit: TemporalUnit, _ fields: TemporalFields
    ) throws(QueryError) -> QueryDate {
        guard let date = Self.date(of: value), let start = Self.truncate(date, to: unit) else {
            throw .runtime(.type, .invalidArgumentType, name: "truncate")
        }
        return try fields.date(start)
    }

    /// Cuts a time of day to a unit and replaces parts; parts of a second are added to what is left of it.
    func truncatedTime(
        _ value: QueryValue, _ unit: TemporalUnit, _ fields: TemporalFields
    ) throws(QueryError) -> QueryTime {
        let start: QueryTime
        if let time = Self.time(of: value) {
            start = Self.truncate(time, to: unit)
        } else if case .date = value {
            start = .midnight
        } else {
            throw .runtime(.type, .invalidArgumentType, name: "truncate")
        }
        guard let part = try fields.subsecond() else { return try fields.time(start) }
        let hour = try fields.number("hour") ?? start.hour
        let minute = try fields.number("minute") ?? start.minute
        let second = try fields.number("second") ?? start.second
        let (nanosecond, overflow) = start.nanosecond.addingReportingOverflow(part)
        guard !overflow,
            let time = QueryTime(
                hour: hour, minute: minute, second: second, nanosecond: nanosecond)
        else { throw .runtime(.argument, .invalidArgumentValue, name: "truncate") }
        return time
    }

    func truncatedDateTime(
        _ value: QueryValue, _ unit: TemporalUnit, _ fields: TemporalFields
    ) throws(QueryError) -> QueryDateTime {
        QueryDateTime(
            date: try truncatedDate(value, unit, fields),
            time: try truncatedTime(value, unit, fields))
    }

    /// Cuts to a unit; a zone that is given is put in the place of that of the value.
    func truncatedZonedDateTime(
        _ value: QueryValue, _ unit: TemporalUnit, _ fields: TemporalFields
    ) throws(QueryError) -> QueryZonedDateTime {
        let local = try truncatedDateTime(value, unit, fields)
        return try resolve(local, try fields.zone() ?? Self.zone(of: value) ?? .offset(0))
    }

    func truncatedZonedTime(
        _ value: QueryValue, _ unit: TemporalUnit, _ fields: TemporalFields
    ) throws(QueryError) -> QueryZonedTime {
        let time = try truncatedTime(value, unit, fields)
        if let zone = try fields.zone() {
            guard zone.name == nil else {
                throw .runtime(.argument, .invalidArgumentValue, name: "timezone")
            }
            return QueryZonedTime(time: time, offset: zone.offsetOrUTC)
        }
        switch value {
        case .time(let zoned): return QueryZonedTime(time: time, offset: zoned.offset)
        case .dateTime(let moment): return QueryZonedTime(time: time, offset: moment.offset)
        default: return QueryZonedTime(time: time, offset: 0)
        }
    }
}
