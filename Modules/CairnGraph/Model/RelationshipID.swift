// SPDX-License-Identifier: Apache-2.0

/// The name of a relationship within its store: a dense number, from 0, given out as ``NodeID`` is.
public struct RelationshipID: RawRepresentable, Hashable, Comparable, Sendable {
    /// The number.
    public let rawValue: UInt64

    /// The relationship numbered `rawValue`, whether it exists or not.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    init(slot: UInt32) { rawValue = UInt64(slot) }

    /// Orders relationships by number.
    @inlinable
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

extension RelationshipID: CustomStringConvertible {
    /// The number in decimal.
    public var description: String { "\(rawValue)" }
}
