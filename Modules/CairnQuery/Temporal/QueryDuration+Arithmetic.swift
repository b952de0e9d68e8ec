// SPDX-License-Identifier: Apache-2.0

extension QueryDuration {
    /// The sum; nil when a part does not fit.
    func adding(_ other: Self) -> Self? {
        let (months, first) = months.addingReportingOverflow(other.months)
        let (days, second) = days.addingReportingOverflow(other.days)
        let (seconds, third) = seconds.addingReportingOverflow(other.seconds)
        guard !first, !second, !third else { return nil }
        return QueryDuration(
            months: months, days: days, seconds: seconds,
            nanoseconds: nanoseconds + other.nanoseconds)
    }

    /// The same length backwards; nil when a part does not fit.
    var negated: Self? { multiplied(by: -1 as Int64) }

    func multiplied(by factor: Int64) -> Self? {
        let (months, first) = months.multipliedReportingOverflow(by: factor)
        let (days, second) = days.multipliedReportingOverflow(by: factor)
        let (seconds, third) = seconds.multipliedReportingOverflow(by: factor)
        let (nanoseconds, fourth) = nanoseconds.multipliedReportingOverflow(by: factor)
        guard !first, !second, !third, !fourth else { return nil }
        return QueryDuration(
            months: months, days: days, seconds: seconds, nanoseconds: nanoseconds)
    }

    func multiplied(by factor: Double) -> Self? {
        QueryDuration(
            months: Double(months) * factor, days: Double(days) * factor,
            seconds: Double(seconds) * factor, nanoseconds: Double(nanoseconds) * factor)
    }
}

extension QueryDate {
    /// The day that much later; what is less than a day is left out.
    func adding(_ duration: QueryDuration) -> QueryDate? {
        // Rounded towards zero: -1 s + 1 ns is no day.
        let seconds =
            duration.seconds < 0 && duration.nanoseconds > 0
            ? duration.seconds + 1 : duration.seconds
        return adding(months: duration.months)?.adding(days: duration.days)?
            .adding(days: seconds / 86_400)
    }
}

extension QueryTime {
    /// The time that much later, on whichever day that is; months and days are left out.
    func adding(_ duration: QueryDuration) -> QueryTime {
        let nanoseconds = duration.seconds % 86_400 * 1_000_000_000 + duration.nanoseconds
        return QueryTime(wrapping: nanosecondOfDay + nanoseconds)
    }
}

extension QueryDateTime {
    func addingCalendar(_ duration: QueryDuration) -> QueryDateTime? {
        date.adding(months: duration.months)?.adding(days: duration.days)
            .map { QueryDateTime(date: $0, time: time) }
    }

    func adding(_ duration: QueryDuration) -> QueryDateTime? {
        addingCalendar(duration)?
            .adding(seconds: duration.seconds, nanoseconds: duration.nanoseconds)
    }
}

extension QueryZonedDateTime {
    /// Months and days on the calendar of the zone, then seconds of elapsed time.
    func adding(_ duration: QueryDuration, in zones: (any QueryTimeZones)?) -> Self? {
        guard let calendar = local.addingCalendar(duration),
            let moment = Self(calendar, zone: zone, orOffset: offset, zones)
        else { return nil }
        return moment.adding(
            seconds: duration.seconds, nanoseconds: duration.nanoseconds, zones)
    }

    func adding(seconds: Int64, nanoseconds: Int64, _ zones: (any QueryTimeZones)?) -> Self? {
        guard let moved = local.adding(seconds: seconds, nanoseconds: nanoseconds) else {
            return nil
        }
        guard let zone, let zones,
            let offset = zones.offset(of: zone, atSecondSince1970: moved.second - Int64(offset))
        else { return Self(local: moved, offset: offset, zone: zone) }
        return moved.adding(seconds: Int64(offset) - Int64(self.offset), nanoseconds: 0)
            .map { Self(local: $0, offset: offset, zone: zone) }
    }

    /// The moment at which clocks show a time in a zone, where the zone is known, or with an offset.
    init?(
        _ local: QueryDateTime, zone: String?, orOffset offset: Int32,
        _ zones: (any QueryTimeZones)?
    ) {
        guard let zone, let zones else {
            self.init(local: local, offset: offset, zone: zone)
            return
        }
        guard let found = zones.offset(of: zone, atLocalSecond: local.second) else { return nil }
        self.init(local: local, offset: found, zone: zone)
    }

    /// The same moment in another zone, or with another offset.
    func converted(
        toZone zone: String?, orOffset offset: Int32, _ zones: (any QueryTimeZones)?
    ) -> Self? {
        var target = offset
        if let zone, let zones {
            guard let found = zones.offset(of: zone, atSecondSince1970: secondsSince1970) else {
                return nil
            }
            target = found
        }
        return local.adding(seconds: Int64(target) - Int64(self.offset), nanoseconds: 0)
            .map { Self(local: $0, offset: target, zone: zone) }
    }
}
