// SPDX-License-Identifier: Apache-2.0

/// A log sequence number: the position of one record in one log.
///
/// LSNs are dense and start at 1. The value 0 means "never": no record, nothing durable, nothing
/// replayed. An LSN has a meaning only together with the ``LogID`` of its log.
public struct LSN: RawRepresentable, Hashable, Comparable, Sendable {
    /// The number itself; 0 is ``never``.
    public let rawValue: UInt64

    /// Wraps a raw number, as read from a file.
    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// No record at all.
    @inlinable public static var never: LSN { LSN(rawValue: 0) }

    /// The first record of every log.
    @inlinable public static var first: LSN { LSN(rawValue: 1) }

    /// The last number there is. A log that reached it accepts no more records.
    @inlinable public static var last: LSN { LSN(rawValue: .max) }

    /// The order of the log.
    @inlinable
    public static func < (lhs: LSN, rhs: LSN) -> Bool {
        lhs.rawValue < rhs.rawValue
    }

    /// The LSN that follows this one.
    ///
    /// - Throws: ``LSNError`` with code `.exhausted` after ``last``. At a million records a second
    ///   that takes 580,000 years, so reaching it means that a number was damaged.
    @inlinable
    public func successor() throws(LSNError) -> LSN {
        try advanced(by: 1)
    }

    /// The LSN `count` places after this one.
    ///
    /// - Throws: ``LSNError`` with code `.exhausted` when it would pass ``last``.
    @inlinable
    public func advanced(by count: UInt64) throws(LSNError) -> LSN {
        let (sum, overflow) = rawValue.addingReportingOverflow(count)
        guard !overflow else { throw LSNError(code: .exhausted, lsn: self) }
        return LSN(rawValue: sum)
    }

    /// The LSN before this one; ``never`` stays ``never``.
    @inlinable
    public var predecessor: LSN {
        LSN(rawValue: rawValue == 0 ? 0 : rawValue - 1)
    }
}

extension LSN: CustomStringConvertible, LosslessStringConvertible {
    /// The decimal number.
    public var description: String { String(rawValue) }

    /// Reads decimal digits; nil for anything else, a sign included.
    public init?(_ description: String) {
        let isDigits = description.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isDigits, let rawValue = UInt64(description) else { return nil }
        self.init(rawValue: rawValue)
    }
}
