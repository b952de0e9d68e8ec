// SPDX-License-Identifier: Apache-2.0

/// A run of consecutive LSNs, both ends included; possibly empty.
public struct LSNRange: Hashable, Sendable {
    /// The first LSN of the run. For an empty run, where it would start.
    public let first: LSN
    /// The number of LSNs that the run has.
    public let count: UInt64

    /// The run of `count` LSNs that starts at `first`.
    ///
    /// - Throws: ``LSNError`` with code `.exhausted` when the run would pass ``LSN/last``, and
    ///   `.neverInRange` when a run that is not empty would contain ``LSN/never``.
    @inlinable @inline(__always)
    public init(first: LSN, count: UInt64) throws(LSNError) {
        if count > 0 {
            guard first != .never else { throw LSNError(code: .neverInRange, lsn: first) }
            _ = try first.advanced(by: count - 1)
        }
        self.first = first
        self.count = count
    }

    /// True when the run holds no LSN.
    @inlinable public var isEmpty: Bool { count == 0 }

    /// The last LSN of the run; for an empty run, the one before ``first``.
    @inlinable
    public var last: LSN {
        count == 0 ? first.predecessor : LSN(rawValue: first.rawValue + (count - 1))
    }

    /// True when `lsn` lies in the run.
    @inlinable
    public func contains(_ lsn: LSN) -> Bool {
        count > 0 && first <= lsn && lsn <= last
    }
}

extension LSNRange: CustomStringConvertible {
    /// `first…last`, or `empty`.
    public var description: String { isEmpty ? "empty" : "\(first)…\(last)" }
}
