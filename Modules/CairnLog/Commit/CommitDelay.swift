// SPDX-License-Identifier: Apache-2.0

/// How long a leader waits for more commits, so that one sync carries more of them.
///
/// Only where many wait already: a lone commit is never delayed.
public struct CommitDelay: Hashable, Sendable {
    /// The time that a leader waits at most.
    public var time: Duration
    /// How many others must be waiting.
    public var minimumWaiters: Int

    /// A delay, and the number of waiting commits from which on it is worth it.
    public init(_ time: Duration, minimumWaiters: Int) {
        self.time = time
        self.minimumWaiters = max(1, minimumWaiters)
    }
}
