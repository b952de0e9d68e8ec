// SPDX-License-Identifier: Apache-2.0

/// The name of a node within its store: a dense number, from 0.
///
/// The lowest number that no node bears is given out next, so a number lives on after its node was
/// deleted and may come to name another one.
public struct NodeID: RawRepresentable, Hashable, Comparable, Sendable {
    /// The number.
    public let rawValue: UInt64

    /// The node numbered `rawValue`, whether it exists or not.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    init(slot: UInt32) { rawValue = UInt64(slot) }

    /// Orders nodes by number.
    @inlinable
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

extension NodeID: CustomStringConvertible {
    /// The number in decimal.
    public var description: String { "\(rawValue)" }
}
