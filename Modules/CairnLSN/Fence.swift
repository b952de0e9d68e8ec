// SPDX-License-Identifier: Apache-2.0

/// The meaning of a fence. The four roles are ``DurableRole``, ``SnapshotRole``, ``TruncationRole``
/// and ``ReplayRole``; fences of different roles do not mix.
public protocol FenceRole: Sendable {
    /// The word for it in messages.
    static var name: String { get }
}

/// A line across the log: everything at or below ``lsn`` has a certain property.
///
/// A fence only moves forward. Its role says which property, and the compiler keeps the roles apart:
/// a log takes a ``TruncationFence`` where a bare number could cost data.
public struct Fence<Role: FenceRole>: Hashable, Comparable, Sendable {
    /// The last LSN that has the property; ``LSN/never`` when none has.
    public private(set) var lsn: LSN

    /// A fence before the first record.
    @inlinable
    public init() where Role: FreelyMadeFenceRole {
        self.init(unchecked: .never)
    }

    /// A fence that covers everything up to `lsn`.
    @inlinable
    public init(_ lsn: LSN) where Role: FreelyMadeFenceRole {
        self.init(unchecked: lsn)
    }

    /// For the module that can prove what a guarded role says.
    @usableFromInline
    package init(unchecked lsn: LSN) {
        self.lsn = lsn
    }

    /// A fence is less than one that covers more.
    @inlinable
    public static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.lsn < rhs.lsn
    }

    /// Moves the fence forward to `lsn`.
    ///
    /// - Throws: ``LSNError`` with code `.fenceMovedBack` when `lsn` lies before the fence; the fence
    ///   then stays where it is.
    public mutating func advance(to lsn: LSN) throws(LSNError) where Role: FreelyMadeFenceRole {
        guard lsn >= self.lsn else {
            throw LSNError(code: .fenceMovedBack, lsn: lsn, fence: self.lsn)
        }
        self.lsn = lsn
    }

    /// True when the fence covers `lsn`, that is, when `lsn` is at or below it.
    @inlinable
    public func covers(_ lsn: LSN) -> Bool { lsn <= self.lsn }
}

extension Fence: CustomStringConvertible {
    /// The role and the LSN.
    public var description: String { "\(Role.name) fence \(lsn)" }
}

/// A role whose fences any code may make and move. ``TruncationRole`` is not among them.
public protocol FreelyMadeFenceRole: FenceRole {}

/// Everything at or below the fence survives a crash of the machine.
public enum DurableRole: FreelyMadeFenceRole {
    /// `durable`
    public static var name: String { "durable" }
}

/// Everything at or below the fence is contained in a snapshot.
public enum SnapshotRole: FreelyMadeFenceRole {
    /// `snapshot`
    public static var name: String { "snapshot" }
}

/// Everything at or below the fence may be dropped from the log, because verified, durable snapshots
/// hold it. Only a snapshot directory hands out such a fence, and no caller can move one.
public enum TruncationRole: FenceRole {
    /// `truncation`
    public static var name: String { "truncation" }
}

/// Everything at or below the fence has been replayed already; replay starts after it.
public enum ReplayRole: FreelyMadeFenceRole {
    /// `replay`
    public static var name: String { "replay" }
}

/// The end of the durable part of a log: see ``DurableRole``.
public typealias DurableFence = Fence<DurableRole>
/// The end of the content of a snapshot: see ``SnapshotRole``.
public typealias SnapshotFence = Fence<SnapshotRole>
/// The end of the part that a log may drop: see ``TruncationRole``.
public typealias TruncationFence = Fence<TruncationRole>
/// The end of the part that need not be replayed: see ``ReplayRole``.
public typealias ReplayFence = Fence<ReplayRole>
