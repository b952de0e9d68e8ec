// SPDX-License-Identifier: Apache-2.0
//
// Prepares the next segment ahead of need, and has the system begin to write the active one.
//
// - It happens on a thread of its own, so that filling a file never holds up a write or a sync of the log.
// - An error costs the spare and nothing else: the log has no byte in it. It is not tried again; from then on
//   segments are created when they are needed.

internal import CairnIO
internal import CairnSegments

/// What the preparing thread is to do.
struct SpareOrders {
    var count = 0
    var writeback: Writeback.Part?
    var isStopping = false

    enum Order {
        case prepare
        case writeBack(Writeback.Part)
        case stop
    }

    mutating func next() -> Order? {
        if isStopping { return .stop }
        if let part = writeback.take() { return .writeBack(part) }
        guard count > 0 else { return nil }
        count -= 1
        return .prepare
    }
}

extension LogCore {
    /// How many bytes a spare has: a full segment, its last transaction if that is small, and the seal.
    var spareByteCount: UInt64 { UInt64(max(0, options.segmentByteCount)) + 4096 }

    /// Prepares a spare, or has it prepared.
    ///
    /// - Precondition: `startPreparing` said so.
    func prepareSpare() {
        guard environment.chores == .onThreads else { return prepareNow() }
        orders.withLock { $0.count += 1 }
        orders.wakeAll()
        do throws(IOError) {
            try preparer.withLock { (running) throws(IOError) in
                guard running == nil, !orders.withLock({ $0.isStopping }) else { return }
                running = try BackgroundThread { [self] in runPreparer() }
            }
        } catch {
            finishPreparing(nil, LogError(error))
        }
    }

    /// Lets the system begin to write what nobody asked to be durable. Only where the thread runs: a caller would
    /// wait for it.
    func startWriteback(_ part: Writeback.Part) {
        guard preparer.withLock({ $0 != nil }) else { return }
        orders.withLock { $0.writeback = part }
        orders.wakeAll()
    }

    private func runPreparer() {
        while true {
            switch orders.wait(until: { $0.next() }) {
            case .stop: return
            case .writeBack(let part): part.file.startWriteback(part.range)
            case .prepare: prepareNow()
            }
        }
    }

    private func prepareNow() {
        let retired = state.withLock { $0.spares.retired.popLast() }
        var made: FileName?
        do throws(SegmentError) {
            let spare: (name: FileName, file: any File)
            if let retired {
                spare = (retired, try segments.openSpare(retired))
            } else {
                spare = try segments.createSpare()
            }
            made = spare.name
            let byteCount = spareByteCount
            let isWhole = try segments.fill(spare.file, byteCount: byteCount) {
                !orders.withLock { $0.isStopping }
            }
            guard isWhole else { return finishPreparing(nil, nil) }
            finishPreparing(
                Spares.Ready(name: spare.name, file: spare.file, byteCount: byteCount), nil)
        } catch {
            // If it cannot be removed either, the next opening does it.
            if let made { try? segments.removeSpare(made) }
            finishPreparing(nil, LogError(error))
        }
    }

    private func finishPreparing(_ ready: Spares.Ready?, _ failure: LogError?) {
        state.withLock { state in
            state.spares.isPreparing = false
            state.spares.ready = ready
            state.spares.failure = state.spares.failure ?? failure
        }
    }

    /// Ends the thread and waits for it. What is ready stays for the next opening.
    func stopPreparing() {
        orders.withLock { $0.isStopping = true }
        orders.wakeAll()
        preparer.withLock { $0.take() }?.join()
        let ready = state.withLock { $0.spares.ready.take() }
        try? ready?.file.close()
    }
}
