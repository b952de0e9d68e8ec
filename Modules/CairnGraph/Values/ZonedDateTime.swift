// SPDX-License-Identifier: Apache-2.0

/// A day and a time of day, with the offset from UTC and, where it has one, the name of its zone.
public struct ZonedDateTime: Hashable, Sendable {
    /// The date and time of the calendar and the clocks there.
    public let local: LocalDateTime
    /// The offset from UTC.
    public let offset: UTCOffset
    /// The name of the zone, such as `Europe/Stockholm`; nil where there is only an offset. The store knows no zones:
    /// whether the zone has that offset then is not checked.
    public let zone: String?

    /// The most bytes of the name of a zone, as UTF-8. Those of the time zone database have at most 38.
    package static let zoneByteCountMax = 64

    /// The moment at which clocks with this offset show this time.
    public init(local: LocalDateTime, offset: UTCOffset) {
        self.local = local
        self.offset = offset
        zone = nil
    }

    /// The moment at which clocks with this offset show this time, in a zone; nil when its name has no bytes or more than
    /// 64 as UTF-8.
    public init?(local: LocalDateTime, offset: UTCOffset, zone: String) {
        guard (1...Self.zoneByteCountMax).contains(zone.utf8.count) else { return nil }
        self.local = local
        self.offset = offset
        self.zone = zone
    }

    /// Seconds after 1970-01-01T00:00:00Z; ``LocalTime/nanosecond`` says the rest.
    public var secondsSince1970: Int64 { local.second - Int64(offset.seconds) }

    /// The bytes of the name of the zone; none where there is none.
    var zoneBytes: [UInt8] { zone.map { Array($0.utf8) } ?? [] }

    /// Whether both are the same moment in the same zone, whose name is compared by its bytes.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.local == rhs.local && lhs.offset == rhs.offset && lhs.zoneBytes == rhs.zoneBytes
    }

    /// Feeds date, time, offset and zone into `hasher`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(local)
        hasher.combine(offset)
        hasher.combine(zoneBytes)
    }
}

extension ZonedDateTime: Comparable {
    /// By the moment, then by the offset, then by the bytes of the name of the zone, none first.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        let left = (lhs.secondsSince1970, lhs.local.time.nanosecond, lhs.offset)
        let right = (rhs.secondsSince1970, rhs.local.time.nanosecond, rhs.offset)
        return left == right ? lhs.zoneBytes.precedes(rhs.zoneBytes) : left < right
    }
}

extension ZonedDateTime: CustomStringConvertible {
    /// As in ISO 8601, and the name of the zone: `2026-01-31T12:34:56+02:00[Europe/Stockholm]`.
    public var description: String { "\(local)\(offset)" + (zone.map { "[\($0)]" } ?? "") }
}
