// SPDX-License-Identifier: Apache-2.0

/// A time of day, to the nanosecond, without a zone. There are no leap seconds.
public struct LocalTime: Hashable, Sendable {
    /// The nanoseconds after midnight.
    public let nanosecondOfDay: Int64

    /// The nanoseconds of a day.
    public static let nanosecondsPerDay: Int64 = 86_400_000_000_000

    /// The time that many nanoseconds after midnight; nil when that is not on the same day.
    public init?(nanosecondOfDay: Int64) {
        guard (0..<Self.nanosecondsPerDay).contains(nanosecondOfDay) else { return nil }
        self.nanosecondOfDay = nanosecondOfDay
    }

    /// A time; nil when there is none like that.
    public init?(hour: Int, minute: Int, second: Int = 0, nanosecond: Int = 0) {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second),
            (0..<1_000_000_000).contains(nanosecond)
        else { return nil }
        nanosecondOfDay = Int64(((hour * 60 + minute) * 60 + second) * 1_000_000_000 + nanosecond)
    }

    /// The hour, 0 to 23.
    public var hour: Int { Int(nanosecondOfDay / 3_600_000_000_000) }
    /// The minute, 0 to 59.
    public var minute: Int { Int(nanosecondOfDay / 60_000_000_000 % 60) }
    /// The second, 0 to 59.
    public var second: Int { Int(nanosecondOfDay / 1_000_000_000 % 60) }
    /// The part of the second, in nanoseconds.
    public var nanosecond: Int { Int(nanosecondOfDay % 1_000_000_000) }
}

extension LocalTime: Comparable {
    /// By time.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.nanosecondOfDay < rhs.nanosecondOfDay
    }
}

extension LocalTime: CustomStringConvertible {
    /// As in ISO 8601: `12:34:56`, and a fraction when there is one.
    public var description: String {
        "\(hour.padded(2)):\(minute.padded(2)):\(second.padded(2))\(nanosecond.asFraction)"
    }
}

extension Int {
    /// Nanoseconds as a decimal fraction without zeros at the end; nothing for 0.
    var asFraction: String {
        guard self != 0 else { return "" }
        var digits = padded(9)
        while digits.last == "0" { digits.removeLast() }
        return "." + digits
    }
}
