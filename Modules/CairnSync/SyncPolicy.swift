// SPDX-License-Identifier: Apache-2.0

/// When a log makes commits durable.
public enum SyncPolicy: Hashable, Sendable {
    /// Before each commit returns. The default: nothing acknowledged is ever lost.
    case everyCommit
    /// At least every `interval` while there is something to sync. A crash of the machine may lose the
    /// commits of the last interval, never a hole among them; a crash of the process loses nothing.
    case periodic(interval: Duration)
    /// Whenever at least this many bytes were written since the last sync. A crash of the machine may
    /// lose about that many bytes of the last commits.
    case bytes(Int)
    /// Only when asked to.
    case manual
}

/// The degree to which a commit survives a crash.
public enum DurabilityLevel: Int, Hashable, Comparable, Sendable {
    /// In the system's cache: survives a crash of the process.
    case written
    /// On the medium: survives a crash of the machine.
    case durable

    /// A level is less than one that survives more.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}
