// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
public import CairnLSN
internal import CairnSegments
package import CairnSync
internal import Synchronization

extension WriteAheadLog {
    /// The log at this moment.
    public var status: LogStatus {
        core.state.withLock { state in
            let active = SegmentStatus(
                name: state.active.appender.name, lastLSN: state.lastLSN,
                byteCount: state.active.byteCount, isSealed: false)
            let segments =
                state.retention.sealed + state.active.rotating
                + state.active.rotations.map(\.status) + [active]
            return LogStatus(
                logID: state.active.appender.logID,
                firstLSN: segments.first?.name.baseLSN ?? .first,
                nextLSN: LSN(rawValue: state.lastLSN.rawValue &+ 1),
                durable: state.progress.durable,
                writtenLSN: state.progress.writtenLSN, segments: segments,
                commitCount: state.active.commitCount,
                syncCounts: state.progress.scheduler.syncCounts,
                syncedCommitCounts: state.progress.scheduler.commitCounts,
                waiterCount: state.waiting.count,
                preparedSegmentCount: state.retention.prepared.count,
                preparationFailure: state.retention.prepared.failure,
                failure: state.failure)
        }
    }

    /// The failure that stopped the log for good; nil while it runs.
    public var failure: LogError? {
        guard hasFailed else { return nil }
        return core.state.withLock { $0.failure }
    }

    /// Whether the log has failed; takes no lock.
    package var hasFailed: Bool { core.hasFailed.load(ordering: .acquiring) }

    /// Everything at or below has the level; takes no lock.
    package func reachedLSN(_ level: DurabilityLevel) -> LSN { core.reachedLSN(level) }

    /// How long the log is, in bytes, from the segment on that was the last one when it was opened; takes no lock.
    package var byteCount: Int { Int(clamping: core.byteCount.load(ordering: .relaxed)) }

    /// The identity of the log.
    public var logID: LogID { core.state.withLock { $0.active.appender.logID } }

    /// Everything at or below survives a crash of the machine.
    public var durableFence: DurableFence { core.state.withLock { $0.progress.durable } }
}
