// SPDX-License-Identifier: Apache-2.0

/// A time of day with its offset from UTC.
public struct ZonedTime: Hashable, Sendable {
    /// The time that clocks there show.
    public let time: LocalTime
    /// The offset from UTC.
    public let offset: UTCOffset

    /// Puts a time and an offset together.
    public init(time: LocalTime, offset: UTCOffset) {
        self.time = time
        self.offset = offset
    }

    /// Nanoseconds from midnight UTC of the same day; can be negative, or past the day.
    var instant: Int64 { time.nanosecondOfDay - Int64(offset.seconds) * 1_000_000_000 }
}

extension ZonedTime: Comparable {
    /// By the moment on one day, then by the offset.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.instant, lhs.offset.seconds) < (rhs.instant, rhs.offset.seconds)
    }
}

extension ZonedTime: CustomStringConvertible {
    /// As in ISO 8601: `12:34:56+02:00`.
    public var description: String { "\(time)\(offset)" }
}
