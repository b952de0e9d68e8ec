// SPDX-License-Identifier: Apache-2.0

/// A day and a time of day, with the offset from UTC: a moment, and how it is shown.
public struct ZonedDateTime: Hashable, Sendable {
    /// The date and time of the calendar and the clocks there.
    public let local: LocalDateTime
    /// The offset from UTC.
    public let offset: UTCOffset

    /// The moment at which clocks with this offset show this time.
    public init(local: LocalDateTime, offset: UTCOffset) {
        self.local = local
        self.offset = offset
    }

    /// Seconds after 1970-01-01T00:00:00Z; ``LocalTime/nanosecond`` says the rest.
    public var secondsSince1970: Int64 { local.second - Int64(offset.seconds) }
}

extension ZonedDateTime: Comparable {
    /// By the moment, then by the offset.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.secondsSince1970, lhs.local.time.nanosecond, lhs.offset)
            < (rhs.secondsSince1970, rhs.local.time.nanosecond, rhs.offset)
    }
}

extension ZonedDateTime: CustomStringConvertible {
    /// As in ISO 8601: `2026-01-31T12:34:56+02:00`.
    public var description: String { "\(local)\(offset)" }
}
