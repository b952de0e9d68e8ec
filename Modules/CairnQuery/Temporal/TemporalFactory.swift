// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// Makes temporal values of maps, texts and other temporal values.
struct TemporalFactory {
    let zones: (any QueryTimeZones)?

    // MARK: Parts of other values

    static func date(of value: QueryValue) -> QueryDate? {
        switch value {
        case .date(let date): date
        case .localDateTime(let moment): moment.date
        case .dateTime(let moment): moment.local.date
        default: nil
        }
    }

    static func time(of value: QueryValue) -> QueryTime? {
        switch value {
        case .localTime(let time): time
        case .time(let time): time.time
        case .localDateTime(let moment): moment.time
        case .dateTime(let moment): moment.local.time
        default: nil
        }
    }

    static func zone(of value: QueryValue?) -> TemporalZone? {
        switch value {
        case .time(let time): .offset(time.offset)
        case .dateTime(let moment): TemporalZone(of: moment)
        default: nil
        }
    }

    private func part<Part>(
        _ value: QueryValue?, _ read: (QueryValue) -> Part?, _ name: String
    ) throws(QueryError) -> Part? {
        guard let value else { return nil }
        guard let part = read(value) else {
            throw .runtime(.type, .invalidArgumentType, name: name)
        }
        return part
    }

    // MARK: Values

    func date(_ fields: TemporalFields) throws(QueryError) -> QueryDate {
        try fields.date(try part(fields.value("date", "datetime"), Self.date, "date"))
    }

    func localTime(_ fields: TemporalFields) throws(QueryError) -> QueryTime {
        try fields.time(try part(fields.value("time", "datetime"), Self.time, "time"))
    }

    func time(_ fields: TemporalFields) throws(QueryError) -> QueryZonedTime {
        let base = fields.value("time", "datetime")
        var time = try localTime(fields)
        let own = Self.zone(of: base).map { zone in
            if case .dateTime(let moment) = base { moment.offset } else { zone.offsetOrUTC }
        }
        guard let zone = try fields.zone() else {
            return QueryZonedTime(time: time, offset: own ?? 0)
        }
        guard zone.name == nil else {
            throw .runtime(.argument, .invalidArgumentValue, name: "timezone")
        }
        if let own {
            let shift = Int64(zone.offsetOrUTC) - Int64(own)
            time = QueryTime(wrapping: time.nanosecondOfDay + shift * 1_000_000_000)
        }
        return QueryZonedTime(time: time, offset: zone.offsetOrUTC)
    }

    func localDateTime(_ fields: TemporalFields) throws(QueryError) -> QueryDateTime {
        QueryDateTime(date: try date(fields), time: try localTime(fields))
    }

    func dateTime(_ fields: TemporalFields) throws(QueryError) -> QueryZonedDateTime {
        if let moment = try fromEpoch(fields) { return moment }
        let local = try localDateTime(fields)
        let timeBase = fields.value("time", "datetime")
        let own = Self.zone(of: timeBase)
        let zone = try fields.zone() ?? own ?? .offset(0)
        if let own, try fields.zone() != nil {
            let moment = try resolve(local, own)
            guard
                let converted = moment.converted(
                    toZone: zone.name, orOffset: zone.offsetOrUTC, zones)
            else { throw Self.unknown(zone) }
            return converted
        }
        return try resolve(local, zone)
    }

    private func fromEpoch(_ fields: TemporalFields) throws(QueryError) -> QueryZonedDateTime? {
        let millis = try fields.number("epochMillis")
        guard let seconds = try fields.number("epochSeconds") ?? millis?.flooredQuotient(1000)
        else { return nil }
        let nanoseconds =
            try fields.subsecond() ?? (millis?.flooredRemainder(1000) ?? 0) * 1_000_000
        let moment = try moment(seconds: seconds, nanoseconds: nanoseconds)
        guard let zone = try fields.zone() else { return moment }
        guard
            let converted = moment.converted(
                toZone: zone.name, orOffset: zone.offsetOrUTC, zones)
        else { throw Self.unknown(zone) }
        return converted
    }

    /// The moment in UTC that many seconds and nanoseconds after 1970.
    func moment(seconds: Int64, nanoseconds: Int64) throws(QueryError) -> QueryZonedDateTime {
        let (second, overflow) = seconds.addingReportingOverflow(
            nanoseconds.flooredQuotient(1_000_000_000))
        guard !overflow,
            let local = QueryDateTime(
                second: second, nanosecond: nanoseconds.flooredRemainder(1_000_000_000))
        else { throw .runtime(.argument, .numberOutOfRange) }
        return QueryZonedDateTime(local: local, offset: 0)
    }

    func resolve(
        _ local: QueryDateTime, _ zone: TemporalZone
    ) throws(QueryError) -> QueryZonedDateTime {
        if zone.name != nil, zones == nil { throw Self.unknown(zone) }
        guard
            let moment = QueryZonedDateTime(
                local, zone: zone.name, orOffset: zone.offsetOrUTC, zones)
        else { throw Self.unknown(zone) }
        return moment
    }

    private static func unknown(_ zone: TemporalZone) -> QueryError {
        .runtime(.argument, .invalidArgumentValue, name: zone.name ?? "timezone")
    }

    func duration(_ entries: [String: QueryValue]) throws(QueryError) -> QueryDuration {
        var sums = (months: 0.0, days: 0.0, seconds: 0.0, nanoseconds: 0.0)
        for (key, value) in entries where !value.isNull {
            let number: Double
            switch value {
            case .int(let value): number = Double(value)
            case .double(let value): number = value
            default: throw .runtime(.type, .invalidArgumentType, name: key)
            }
            switch key {
            case "years": sums.months += number * 12
            case "quarters": sums.months += number * 3
            case "months": sums.months += number
            case "weeks": sums.days += number * 7
            case "days": sums.days += number
            case "hours": sums.seconds += number * 3600
            case "minutes": sums.seconds += number * 60
            case "seconds": sums.seconds += number
            case "milliseconds": sums.nanoseconds += number * 1e6
            case "microseconds": sums.nanoseconds += number * 1e3
            case "nanoseconds": sums.nanoseconds += number
            default: throw .runtime(.argument, .invalidArgumentValue, name: key)
            }
        }
        guard
            let duration = QueryDuration(
                months: sums.months, days: sums.days, seconds: sums.seconds,
                nanoseconds: sums.nanoseconds)
        else { throw .runtime(.argument, .numberOutOfRange) }
        return duration
    }
}
