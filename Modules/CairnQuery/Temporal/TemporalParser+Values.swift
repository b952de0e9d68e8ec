// SPDX-License-Identifier: Apache-2.0

extension QueryDate {
    /// The day that a text says; nil when it says none.
    init?(text: String) {
        var parser = TemporalParser(text)
        guard let date = parser.date(), parser.isAtEnd else { return nil }
        self = date
    }
}

extension QueryTime {
    /// The time that a text says; nil when it says none.
    init?(text: String) {
        var parser = TemporalParser(text)
        guard let time = parser.time(), parser.isAtEnd else { return nil }
        self = time
    }
}

extension QueryZonedTime {
    /// The time that a text says, in UTC where it has no offset; nil when it says none.
    init?(text: String) {
        var parser = TemporalParser(text)
        guard let time = parser.time() else { return nil }
        let offset = parser.isAtEnd ? 0 : parser.offset()
        guard let offset, parser.isAtEnd else { return nil }
        self.init(time: time, offset: offset)
    }
}

extension QueryDateTime {
    /// The day and time that a text says; nil when it says none.
    init?(text: String) {
        var parser = TemporalParser(text)
        guard let moment = Self(from: &parser), parser.isAtEnd else { return nil }
        self = moment
    }

    init?(from parser: inout TemporalParser) {
        guard let date = parser.date() else { return nil }
        guard parser.take("T") else {
            self.init(date: date, time: .midnight)
            return
        }
        guard let time = parser.time() else { return nil }
        self.init(date: date, time: time)
    }
}

extension QueryZonedDateTime {
    /// The moment that a text says, in UTC where it has neither offset nor zone; nil when it says none or names
    /// a zone that is not known.
    init?(text: String, _ zones: (any QueryTimeZones)?) {
        var parser = TemporalParser(text)
        guard let local = QueryDateTime(from: &parser) else { return nil }
        let offset = parser.offset()
        let zone = parser.isAtEnd ? nil : parser.zone()
        guard parser.isAtEnd else { return nil }
        if let zone {
            guard let zones, let known = zones.offset(of: zone, atLocalSecond: local.second) else {
                return nil
            }
            self.init(local: local, offset: offset ?? known, zone: zone)
        } else {
            self.init(local: local, offset: offset ?? 0)
        }
    }
}

extension QueryDuration {
    /// The duration that a text says; nil when it says none.
    init?(text: String) {
        var parser = TemporalParser(text)
        let isNegative = parser.take("-")
        guard parser.take("P"), !parser.isAtEnd else { return nil }
        var dated = parser
        if let moment = QueryDateTime(from: &dated), dated.isAtEnd, text.contains("-") {
            self.init(like: moment)
        } else {
            guard let duration = Self(parts: &parser) else { return nil }
            self = duration
        }
        if isNegative {
            guard let negated else { return nil }
            self = negated
        }
    }

    /// As many years, months, days and so on as a date and time have.
    private init?(like moment: QueryDateTime) {
        let (year, month, day) = moment.date.parts
        self.init(
            months: year * 12 + month, days: day, seconds: moment.time.secondOfDay,
            nanoseconds: moment.time.nanosecond)
    }

    private init?(parts parser: inout TemporalParser) {
        var sums = (months: 0.0, days: 0.0, seconds: 0.0, nanoseconds: 0.0)
        var isInTime = false
        while !parser.isAtEnd {
            if !isInTime, parser.take("T") {
                isInTime = true
                guard !parser.isAtEnd else { return nil }
            }
            guard let number = parser.decimal(), let unit = parser.letter() else { return nil }
            switch (unit, isInTime) {
            case ("Y", false): sums.months += number * 12
            case ("M", false): sums.months += number
            case ("W", false): sums.days += number * 7
            case ("D", false): sums.days += number
            case ("H", true): sums.seconds += number * 3600
            case ("M", true): sums.seconds += number * 60
            case ("S", true):
                let whole = number.rounded(.towardZero)
                sums.seconds += whole
                sums.nanoseconds += ((number - whole) * 1e9).rounded()
            default: return nil
            }
        }
        self.init(
            months: sums.months, days: sums.days, seconds: sums.seconds,
            nanoseconds: sums.nanoseconds)
    }
}
