// SPDX-License-Identifier: Apache-2.0
//
// How long it is from one temporal value to another. What one of the two lacks is taken from the other: a day, or
// a zone. Where neither has a day, both are on the same.

extension TemporalFactory {
    /// Which parts a duration between two values may have.
    enum Parts {
        case all, months, days, seconds
    }

    func duration(
        from first: QueryValue, to second: QueryValue, _ parts: Parts
    ) throws(QueryError) -> QueryDuration {
        let dates = (Self.date(of: first), Self.date(of: second))
        let (start, end) = try aligned(first, second)
        let isWithinDay = dates.0 == nil || dates.1 == nil
        if isWithinDay, parts == .months || parts == .days { return .zero }
        guard parts != .seconds, !isWithinDay else { return try elapsed(start, end) }
        return try calendar(start, end, parts)
    }

    /// Both as moments, the second one as clocks in the zone of the first show it.
    private func aligned(
        _ first: QueryValue, _ second: QueryValue
    ) throws(QueryError) -> (QueryZonedDateTime, QueryZonedDateTime) {
        let epoch = QueryDate(dayNumber: 0)!
        let firstDate = Self.date(of: first)
        let secondDate = Self.date(of: second)
        guard firstDate != nil || Self.time(of: first) != nil,
            secondDate != nil || Self.time(of: second) != nil
        else { throw .runtime(.type, .invalidArgumentType, name: "duration") }
        let start = QueryDateTime(
            date: firstDate ?? secondDate ?? epoch, time: Self.time(of: first) ?? .midnight)
        let end = QueryDateTime(
            date: secondDate ?? firstDate ?? epoch, time: Self.time(of: second) ?? .midnight)
        let firstZone = Self.zone(of: first)
        let secondZone = Self.zone(of: second)
        let zone = firstZone ?? secondZone ?? .offset(0)
        let startMoment = try moment(first, start, zone)
        let endMoment = try moment(second, end, secondZone ?? zone)
        guard
            let converted = endMoment.converted(
                toZone: zone.name, orOffset: zone.offsetOrUTC, zones)
        else { throw .runtime(.argument, .numberOutOfRange) }
        return (startMoment, converted)
    }

    /// A moment with its own offset where it has one.
    private func moment(
        _ value: QueryValue, _ local: QueryDateTime, _ zone: TemporalZone
    ) throws(QueryError) -> QueryZonedDateTime {
        if case .dateTime(let moment) = value { return moment }
        return try resolve(local, zone)
    }

    private func elapsed(
        _ start: QueryZonedDateTime, _ end: QueryZonedDateTime
    ) throws(QueryError) -> QueryDuration {
        let (seconds, overflow) = end.secondsSince1970.subtractingReportingOverflow(
            start.secondsSince1970)
        let nanoseconds = end.local.time.nanosecond - start.local.time.nanosecond
        guard !overflow,
            let duration = QueryDuration(seconds: seconds, nanoseconds: nanoseconds)
        else { throw .runtime(.argument, .numberOutOfRange) }
        return duration
    }

    private func calendar(
        _ start: QueryZonedDateTime, _ end: QueryZonedDateTime, _ parts: Parts
    ) throws(QueryError) -> QueryDuration {
        let tooFar = QueryError.runtime(.argument, .numberOutOfRange)
        var months: Int64 = 0
        var from = start.local
        if parts != .days {
            months = Self.wholeMonths(from, end.local)
            guard let date = from.date.adding(months: months) else { throw tooFar }
            from = QueryDateTime(date: date, time: from.time)
            guard parts != .months else { return QueryDuration(months: months) ?? .zero }
        }
        let days = Self.wholeDays(from, end.local)
        guard parts != .days else { return QueryDuration(days: days) ?? .zero }
        guard let date = from.date.adding(days: days) else { throw tooFar }
        from = QueryDateTime(date: date, time: from.time)
        let rest = try elapsed(
            try resolve(from, TemporalZone(of: start)).keepingOffset(of: start), end)
        guard
            let duration = QueryDuration(
                months: months, days: days, seconds: rest.seconds, nanoseconds: rest.nanoseconds)
        else { throw tooFar }
        return duration
    }

    /// How many whole months lie between, rounded towards zero.
    private static func wholeMonths(_ start: QueryDateTime, _ end: QueryDateTime) -> Int64 {
        let (startYear, startMonth, startDay) = start.date.parts
        let (endYear, endMonth, endDay) = end.date.parts
        var months = (endYear - startYear) * 12 + endMonth - startMonth
        let isBefore = (endDay, end.time) < (startDay, start.time)
        let isAfter = (endDay, end.time) > (startDay, start.time)
        if months > 0, isBefore { months -= 1 }
        if months < 0, isAfter { months += 1 }
        return months
    }

    /// How many whole days lie between, rounded towards zero.
    private static func wholeDays(_ start: QueryDateTime, _ end: QueryDateTime) -> Int64 {
        var days = end.date.dayNumber - start.date.dayNumber
        if days > 0, end.time < start.time { days -= 1 }
        if days < 0, end.time > start.time { days += 1 }
        return days
    }
}

extension QueryZonedDateTime {
    /// The same clocks with the offset of a moment at which they show the same; the offset that was given there
    /// says which of two moments it is.
    fileprivate func keepingOffset(of other: Self) -> Self {
        local == other.local ? other : self
    }
}
