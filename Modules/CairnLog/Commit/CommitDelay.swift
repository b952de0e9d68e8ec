// SPDX-License-Identifier: Apache-2.0

/// How long a leader waits for more commits, so that one sync carries more of them.
///
/// Only where many wait already: a lone commit is never delayed.
public struct CommitDelay: Hashable, Sendable {
    /// How long.
    public var time: Duration
    /// How many others must be waiting.
    public var minimumWaiters: Int

    /// A delay.
    public init(_ time: Duration, minimumWaiters: Int) {
        self.time = time
        self.minimumWaiters = max(1, minimumWaiters)
    }
}
