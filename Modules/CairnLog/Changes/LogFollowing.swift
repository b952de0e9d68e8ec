// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
package import CairnLSN
internal import CairnSegments

/// A follower that several threads may ask, one after the other.
final class LogFollowing: @unchecked Sendable {
    // Touched only while the lock is held.
    private let follower: LogFollower
    private let lock = AsyncLock()

    init(_ follower: LogFollower) { self.follower = follower }

    func use<Result>(_ body: (LogFollower) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(follower)
    }
}

extension WriteAheadLog {
    /// Delivers the commits of another process since this log was opened for reading, or since the last call.
    ///
    /// - Parameters:
    ///   - lsn: The end of the state that the caller has.
    ///   - written: Also commits that are not durable yet.
    /// - Returns: The last LSN that was delivered, and the last one that could be read.
    /// - Throws: As ``LogFollower/refresh(written:syncs:_:)``. The next call then starts after its `lsn`.
    package func follow(
        after lsn: LSN, written: Bool, _ replay: ReplayHandler
    ) throws -> (position: LSN, seen: LSN) {
        do {
            let following = try following(after: lsn)
            return try following.use { follower in
                try follower.refresh(written: written, replay)
                try follower.show(in: core)
                return (follower.position, follower.seenLSN)
            }
        } catch {
            // Commits of a step that failed are delivered again.
            stopFollowing()
            throw error
        }
    }

    /// Starts again with the next call.
    package func stopFollowing() { followed.withLock { $0 = nil } }

    private func following(after lsn: LSN) throws(LogError) -> LogFollowing {
        guard store.access == .readOnly else { throw LogError(code: .invalidOptions) }
        if let known = followed.withLock({ $0 }) { return known }
        // Two callers may get here at once: the first one's stays.
        let made = LogFollowing(
            try LogFollower(
                in: store, after: lsn, options: options, environment: core.environment))
        return followed.withLock { known in
            if let known { return known }
            known = made
            return made
        }
    }

    /// Opens the log of a store that another process writes.
    static func openBesideWriter(
        in store: StoreDirectory, owning: Bool, options: LogOptions,
        environment: StorageEnvironment,
        after fence: ReplayFence, replay: ReplayHandler, judgingEnd judgeEnd: (LSN) throws -> Void
    ) throws -> WriteAheadLog {
        let follower = try LogFollower(
            in: store, after: fence.lsn, options: options, environment: environment)
        var meter = OpeningMeter(besideWriter: options.openingObserver)
        var readByteCount: UInt64 = 0
        try follower.refresh { batch, transaction in
            readByteCount += UInt64(batch.byteCount)
            if readByteCount >= meter.due { try meter.report(readByteCount) }
            try replay(batch, transaction)
        }
        try meter.finish(readByteCount)
        // The content of a snapshot was durable before it was made.
        guard follower.position >= fence.lsn else {
            throw LogError(code: .changesGone, lsn: fence.lsn)
        }
        try judgeEnd(follower.position)
        let log = try WriteAheadLog(
            try follower.recovered(fence), store, ownsStore: owning, nil, options, environment)
        log.followed.withLock { $0 = LogFollowing(follower) }
        return log
    }
}
