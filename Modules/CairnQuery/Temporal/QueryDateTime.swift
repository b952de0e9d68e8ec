// SPDX-License-Identifier: Apache-2.0

public import CairnGraph

/// A day and a time of day, without a zone.
public struct QueryDateTime: Hashable, Sendable {
    /// The day.
    public let date: QueryDate
    /// The time.
    public let time: QueryTime

    init(date: QueryDate, time: QueryTime) {
        self.date = date
        self.time = time
    }

    /// A day and time that a property holds.
    public init(_ moment: LocalDateTime) {
        self.init(date: QueryDate(moment.date), time: QueryTime(moment.time))
    }

    /// The day and time as a property holds them; nil when the year is out of range there.
    public var stored: LocalDateTime? {
        date.stored.map { LocalDateTime(date: $0, time: time.stored) }
    }

    /// Seconds after 1970-01-01T00:00; ``QueryTime/nanosecond`` says the rest.
    var second: Int64 { date.dayNumber * 86_400 + time.secondOfDay }

    /// The moment that many seconds after 1970-01-01T00:00; nil when the year is out of range.
    init?(second: Int64, nanosecond: Int64) {
        guard let date = QueryDate(dayNumber: second.flooredQuotient(86_400)),
            let time = QueryTime(
                nanosecondOfDay: second.flooredRemainder(86_400) * 1_000_000_000 + nanosecond)
        else { return nil }
        self.init(date: date, time: time)
    }

    /// The moment that much later, in elapsed time.
    func adding(seconds: Int64, nanoseconds: Int64) -> QueryDateTime? {
        let nanosecond = time.nanosecond + nanoseconds
        let (sum, overflow) = second.addingReportingOverflow(seconds)
        let (total, isTooLarge) = sum.addingReportingOverflow(
            nanosecond.flooredQuotient(1_000_000_000))
        guard !overflow, !isTooLarge else { return nil }
        return QueryDateTime(
            second: total, nanosecond: nanosecond.flooredRemainder(1_000_000_000))
    }
}

extension QueryDateTime: Comparable {
    /// By time.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.date, lhs.time) < (rhs.date, rhs.time)
    }
}

extension QueryDateTime: CustomStringConvertible {
    /// As in ISO 8601: `2026-01-31T12:34`.
    public var description: String { "\(date)T\(time)" }
}

/// A day and a time of day, with the offset from UTC and, where it has one, the name of its zone.
public struct QueryZonedDateTime: Hashable, Sendable {
    /// The date and time that calendar and clocks show there.
    public let local: QueryDateTime
    /// How many seconds they are ahead of UTC; at most 18 hours either way.
    public let offset: Int32
    /// The name of the zone, such as `Europe/Stockholm`; nil where there is only an offset.
    public let zone: String?

    init(local: QueryDateTime, offset: Int32, zone: String? = nil) {
        self.local = local
        self.offset = offset
        self.zone = zone
    }

    /// A moment that a property holds.
    public init(_ moment: ZonedDateTime) {
        self.init(
            local: QueryDateTime(moment.local), offset: moment.offset.seconds, zone: moment.zone)
    }

    /// The moment as a property holds it; nil when the year is out of range there, or the name of the zone is too long.
    public var stored: ZonedDateTime? {
        guard let local = local.stored, let offset = UTCOffset(seconds: Int(offset)) else {
            return nil
        }
        guard let zone else { return ZonedDateTime(local: local, offset: offset) }
        return ZonedDateTime(local: local, offset: offset, zone: zone)
    }

    /// Seconds after 1970-01-01T00:00Z; ``QueryTime/nanosecond`` says the rest.
    public var secondsSince1970: Int64 { local.second - Int64(offset) }

    /// Whether both are the same moment in the same zone, whose name is compared by its bytes, as a store does.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        guard lhs.local == rhs.local, lhs.offset == rhs.offset else { return false }
        guard let left = lhs.zone, let right = rhs.zone else { return lhs.zone == rhs.zone }
        return left.hasSameUTF8(as: right)
    }
}

extension QueryZonedDateTime: Comparable {
    /// By the moment, then by the offset, then by the bytes of the name of the zone, none first.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        let left = (lhs.secondsSince1970, lhs.local.time.nanosecond, lhs.offset)
        let right = (rhs.secondsSince1970, rhs.local.time.nanosecond, rhs.offset)
        guard left == right else { return left < right }
        return (lhs.zone ?? "").utf8Order(rhs.zone ?? "") == .before
    }
}

extension QueryZonedDateTime: CustomStringConvertible {
    /// As in ISO 8601, and the name of the zone: `2026-01-31T12:34+01:00[Europe/Stockholm]`.
    public var description: String {
        "\(local)\(QueryZonedTime.text(ofOffset: offset))" + (zone.map { "[\($0)]" } ?? "")
    }
}
