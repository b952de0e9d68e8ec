// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

/// One rule of a ``FaultPlan``.
public struct FaultRule: Hashable, Sendable {
    /// The calls that a rule applies to.
    public enum Place: Hashable, Sendable {
        /// The mutating call of this number, from 0: see ``SimulatedFileSystem/operationCount``.
        case operation(Int)
        /// The call of this number, from 0, of any kind: see ``SimulatedFileSystem/callCount``.
        case call(Int)
        /// Calls of a kind (nil: any) on a path that ends with `suffix`, after the first `skipping` of them.
        case matching(SimulatedOperation.Kind?, suffix: String = "", skipping: Int = 0)
    }

    /// The effect of a fault on a call.
    public enum Action: Hashable, Sendable {
        /// The call throws; `doing` says how much of it happens all the same.
        case fail(Errno, doing: Extent = .nothing)
        /// The call reports success and does something else.
        case silently(SilentFault)
        /// The machine stops: this call and all later ones throw. What the call was about to write may
        /// be on the medium or not, like everything pending.
        case crash
    }

    /// The part of a failed call that happens. A failed sync makes nothing durable in any case, and what it
    /// should have made durable is never tried again.
    public enum Extent: Hashable, Sendable {
        /// The call has no effect.
        case nothing
        /// The first half of a write; nothing of any other call.
        case half
        /// All of it: the call works and reports an error.
        case everything
        /// A failed sync takes back what it should have made durable: the program sees again what the
        /// medium has. Nothing of any other call.
        case reverted
        /// Not reported yet: the sync reports success and makes nothing durable, and the next sync of
        /// the same file or directory reports the error. Only for syncs and durable writes.
        case reportedLater
    }

    /// The effect of a call that reports success and does something else.
    public enum SilentFault: Hashable, Sendable {
        /// A write that never reaches the medium nor the cache.
        case lost
        /// A write that goes to another place of the file, so many bytes further.
        case misdirected(by: Int)
        /// A read that stops at half of what there is.
        case short
    }

    /// The number of times that a rule applies.
    public enum Duration: Hashable, Sendable {
        /// For the first call that matches.
        case once
        /// For every call that matches; after a numbered one, for every later one of its counting.
        case forever
    }

    /// The calls that the rule applies to.
    public var place: Place
    /// The effect of the fault.
    public var action: Action
    /// The number of times that the rule applies.
    public var duration: Duration

    /// A rule that does `action` at `place`.
    public init(_ place: Place, _ action: Action, _ duration: Duration = .once) {
        self.place = place
        self.action = action
        self.duration = duration
    }
}
