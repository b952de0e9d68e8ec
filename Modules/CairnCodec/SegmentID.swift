// SPDX-License-Identifier: Apache-2.0

/// The number of one segment of a log. Segments are numbered from 1 without gaps.
public struct SegmentID: RawRepresentable, Hashable, Comparable, Sendable {
    /// The number; 0 stands for no segment.
    public let rawValue: UInt64

    /// Wraps a raw number, as read from a file.
    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The first segment of every log.
    public static var first: SegmentID { SegmentID(rawValue: 1) }

    /// The segment after this one; nil when there is no larger number.
    public var successor: SegmentID? {
        rawValue == .max ? nil : SegmentID(rawValue: rawValue + 1)
    }

    /// Segments in the order of the log.
    @inlinable
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

extension SegmentID: CustomStringConvertible {
    /// The decimal number.
    public var description: String { String(rawValue) }
}
