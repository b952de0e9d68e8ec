// SPDX-License-Identifier: Apache-2.0
//
// Automatic checkpoints of a store, and the past that it keeps.

internal import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnSnapshot

extension Durable: MakesCheckpoints {
    var logByteCount: Int { log.byteCount }

    /// A failure is reported, and closing goes on.
    func checkpointBeforeClosing() {
        writerLock.lock()
        let isOpen = !head.isClosed
        writerLock.unlock()
        guard isOpen, log.options.access == .readWrite, !log.hasFailed else { return }
        do throws(DurableError) { try checkpoint() } catch { keeper.options.onFailure?(error) }
    }

    /// The newest snapshot that was in place before the past began that is to be kept: from it every moment of that
    /// past can be restored. Nil when no past is to be kept.
    ///
    /// - Parameter fence: Of the snapshot that was just made.
    func pastFence(including fence: SnapshotFence) -> SnapshotFence? {
        guard let past = keeper.options.keepsPast else { return nil }
        let now = environment.clock.wallNanoseconds()
        let begin = now - min(now, past.nanoseconds)
        let times = checkpointTimes.withLock { times in
            times[fence.lsn] = now
            return times
        }
        let before = times.filter { $0.value <= begin }.map(\.key).max()
        // Nothing is known of that time: everything stays.
        return SnapshotFence(before ?? .never)
    }

    /// From which LSN on the log stays, because older snapshots do or a reader in another process wants it; nil to leave
    /// that to the two newest snapshots.
    func oldestKept(_ generations: Int, _ past: SnapshotFence?) throws -> SnapshotFence? {
        var kept = [past, try ReaderPin.lowest(in: storeRoot).map { SnapshotFence($0) }]
        if let archiver {
            // By what the archive has, not by what it was asked for.
            let archived = log.status.segments.last { archiver.has($0.name.segment) }?.lastLSN
            kept.append(SnapshotFence(archived ?? .never))
        }
        if generations > 2 || past != nil {
            kept.append(try snapshots.list().suffix(generations).first?.fence)
        }
        return kept.compactMap(\.self).min()
    }
}

extension OpenedStore {
    func keeper(_ options: CheckpointOptions) -> CheckpointKeeper {
        CheckpointKeeper(
            options, environment: environment, baseByteCount: log.byteCount - replayedByteCount,
            snapshotByteCount: snapshotByteCount)
    }
}
