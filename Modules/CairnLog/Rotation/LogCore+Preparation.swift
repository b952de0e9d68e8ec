// SPDX-License-Identifier: Apache-2.0
//
// Prepares the next segment ahead of need, and has the system begin to write the active one.
//
// - It happens on a thread of its own, so that filling a file never holds up a write or a sync of the log.
// - An error costs the prepared segment and nothing else: the log has no byte in it. It is not tried again; from then on
//   segments are created when they are needed.

internal import CairnIO
internal import CairnSegments

extension LogCore {
    /// How many bytes a prepared segment has: a full segment, its last transaction if that is small, and the seal.
    var preparedByteCount: UInt64 { UInt64(max(0, options.segmentByteCount)) + 4096 }

    /// Prepares a prepared segment, or has it prepared.
    ///
    /// - Precondition: `startPreparing` said so.
    func prepareSegment() {
        guard environment.backgroundWork == .onThreads else { return prepareNow() }
        preparerQueue.withLock { $0.count += 1 }
        preparerQueue.wakeAll()
        do throws(StorageError) {
            try preparer.withLock { (running) throws(StorageError) in
                guard running == nil, !preparerQueue.withLock({ $0.isStopping }) else { return }
                running = try BackgroundThread { [self] in runPreparer() }
            }
        } catch {
            finishPreparing(nil, LogError(error))
        }
    }

    /// Starts the writing of bytes that no caller waits to be durable. Only where the thread runs: a caller would
    /// wait for it.
    func startWriteback(_ part: Writeback.Part) {
        guard preparer.withLock({ $0 != nil }) else { return }
        preparerQueue.withLock { $0.writeback = part }
        preparerQueue.wakeAll()
    }

    private func runPreparer() {
        while true {
            switch preparerQueue.wait(until: { $0.next() }) {
            case .stop: return
            case .writeBack(let part): part.file.startWriteback(part.range)
            case .prepare: prepareNow()
            }
        }
    }

    private func prepareNow() {
        let recycled = state.withLock { $0.retention.prepared.recycled.popLast() }
        var made: FileName?
        do throws(SegmentError) {
            let prepared: (name: FileName, file: any VirtualFile)
            if let recycled {
                prepared = (recycled, try segments.openPreparedSegment(recycled))
            } else {
                prepared = try segments.createPreparedSegment()
            }
            made = prepared.name
            let byteCount = preparedByteCount
            let isWhole = try segments.fill(prepared.file, byteCount: byteCount) {
                !preparerQueue.withLock { $0.isStopping }
            }
            guard isWhole else { return finishPreparing(nil, nil) }
            finishPreparing(
                PreparedSegments.Ready(
                    name: prepared.name, file: prepared.file, byteCount: byteCount),
                nil)
        } catch {
            // If it cannot be removed either, the next opening does it.
            if let made { try? segments.removePreparedSegment(made) }
            finishPreparing(nil, LogError(error))
        }
    }

    private func finishPreparing(_ ready: PreparedSegments.Ready?, _ failure: LogError?) {
        state.withLock { state in
            state.retention.prepared.isPreparing = false
            state.retention.prepared.ready = ready
            state.retention.prepared.failure = state.retention.prepared.failure ?? failure
        }
    }

    /// Ends the thread and waits for it. A prepared segment stays for the next opening.
    func stopPreparing() {
        preparerQueue.withLock { $0.isStopping = true }
        preparerQueue.wakeAll()
        preparer.withLock { $0.take() }?.join()
        let ready = state.withLock { $0.retention.prepared.ready.take() }
        try? ready?.file.close()
    }
}
