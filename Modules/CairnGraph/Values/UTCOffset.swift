// SPDX-License-Identifier: Apache-2.0

/// The offset of the clocks of a place from UTC: what stands for a time zone.
public struct UTCOffset: Hashable, Sendable {
    /// Seconds ahead of UTC; negative behind it.
    public let seconds: Int32

    /// The offsets there can be: 18 hours either way.
    public static let range: ClosedRange<Int> = -64_800...64_800

    /// UTC itself.
    public static let utc = Self(checked: 0)

    private init(checked seconds: Int32) { self.seconds = seconds }

    /// An offset; nil when it is not in ``range``.
    public init?(seconds: Int) {
        guard Self.range.contains(seconds) else { return nil }
        self.seconds = Int32(seconds)
    }
}

extension UTCOffset: Comparable {
    /// By the seconds.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.seconds < rhs.seconds }
}

extension UTCOffset: CustomStringConvertible {
    /// As in ISO 8601: `Z`, `+02:00`; with seconds when there are any.
    public var description: String {
        guard seconds != 0 else { return "Z" }
        let total = Int(seconds.magnitude)
        let minutes = "\((total / 3600).padded(2)):\((total / 60 % 60).padded(2))"
        return (seconds < 0 ? "-" : "+") + minutes
            + (total.isMultiple(of: 60) ? "" : ":" + (total % 60).padded(2))
    }
}
