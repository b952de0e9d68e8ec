// SPDX-License-Identifier: Apache-2.0
//
// Temporal values made of the entries of a map: `date({year: 2026, week: 5})`, and of other temporal values with
// some parts replaced: `datetime({date: d, hour: 12, timezone: '+01:00'})`.

/// The entries of a map that a temporal value is made of.
struct TemporalFields {
    private let entries: [String: QueryValue]

    init(_ entries: [String: QueryValue]) { self.entries = entries }

    static let none = TemporalFields([:])

    /// A number; nil when there is none of that key.
    func number(_ key: String) throws(QueryError) -> Int64? {
        switch entries[key] {
        case nil, .null: return nil
        case .int(let value): return value
        default: throw .runtime(.type, .invalidArgumentType, name: key)
        }
    }

    func text(_ key: String) throws(QueryError) -> String? {
        switch entries[key] {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw .runtime(.type, .invalidArgumentType, name: key)
        }
    }

    /// The entry of one of the keys, whatever it is.
    func value(_ keys: String...) -> QueryValue? {
        for key in keys {
            if let value = entries[key], !value.isNull { return value }
        }
        return nil
    }

    func has(_ keys: String...) -> Bool { keys.contains { value($0) != nil } }

    // MARK: Days

    /// The day, whose parts that are not given are those of `base`.
    func date(_ base: QueryDate?) throws(QueryError) -> QueryDate {
        let date: QueryDate?
        if let week = try number("week") {
            let weekDay = try number("dayOfWeek") ?? base?.weekDay ?? 1
            let year = try number("year") ?? base?.weekYear
            date = year.flatMap { QueryDate(weekYear: $0, week: week, weekDay: weekDay) }
        } else if let ordinal = try number("ordinalDay") {
            let year = try number("year") ?? base?.year
            date = year.flatMap { QueryDate(year: $0, ordinalDay: ordinal) }
        } else if has("quarter", "dayOfQuarter") {
            let year = try number("year") ?? base?.year
            let quarter = try number("quarter") ?? base?.quarter ?? 1
            let day = try number("dayOfQuarter") ?? base?.dayOfQuarter ?? 1
            date = year.flatMap { QueryDate(year: $0, quarter: quarter, dayOfQuarter: day) }
        } else if let weekDay = try number("dayOfWeek"), let base {
            date = QueryDate(weekYear: base.weekYear, week: base.week, weekDay: weekDay)
        } else {
            let year = try number("year") ?? base?.year
            let month = try number("month") ?? base?.month ?? 1
            let day = try number("day") ?? base?.day ?? 1
            date = year.flatMap { QueryDate(year: $0, month: month, day: day) }
        }
        guard let date else { throw .runtime(.argument, .invalidArgumentValue, name: "date") }
        return date
    }

    // MARK: Times

    /// The time of day, whose parts that are not given are those of `base`.
    func time(_ base: QueryTime?) throws(QueryError) -> QueryTime {
        let hour = try number("hour") ?? base?.hour ?? 0
        let minute = try number("minute") ?? base?.minute ?? 0
        let second = try number("second") ?? base?.second ?? 0
        var nanosecond = base?.nanosecond ?? 0
        if let given = try subsecond() { nanosecond = given }
        guard
            let time = QueryTime(
                hour: hour, minute: minute, second: second, nanosecond: nanosecond)
        else { throw .runtime(.argument, .invalidArgumentValue, name: "time") }
        return time
    }

    /// The part of the second in nanoseconds; nil when no part of it is given.
    func subsecond() throws(QueryError) -> Int64? {
        guard has("millisecond", "microsecond", "nanosecond") else { return nil }
        var sum: Int64 = 0
        for (key, factor) in [("millisecond", 1_000_000), ("microsecond", 1000), ("nanosecond", 1)]
        {
            let (part, overflow) = (try number(key) ?? 0).multipliedReportingOverflow(
                by: Int64(factor))
            let (total, isTooLarge) = sum.addingReportingOverflow(part)
            guard !overflow, !isTooLarge else {
                throw .runtime(.argument, .invalidArgumentValue, name: key)
            }
            sum = total
        }
        return sum
    }

    /// The zone or the offset; nil when there is none.
    func zone() throws(QueryError) -> TemporalZone? {
        guard let text = try text("timezone") else { return nil }
        return TemporalZone(text)
    }
}

/// A zone by name, or an offset from UTC.
enum TemporalZone {
    case offset(Int32)
    case named(String)

    init(_ text: String) {
        var parser = TemporalParser(text)
        if let offset = parser.offset(), parser.isAtEnd {
            self = .offset(offset)
        } else {
            self = .named(text)
        }
    }

    init(of moment: QueryZonedDateTime) {
        self = moment.zone.map(TemporalZone.named) ?? .offset(moment.offset)
    }

    var name: String? {
        if case .named(let name) = self { name } else { nil }
    }

    var offsetOrUTC: Int32 {
        if case .offset(let offset) = self { offset } else { 0 }
    }
}
