// SPDX-License-Identifier: Apache-2.0
//
// The thread that syncs by the clock and writes for tasks, which must not block theirs.

internal import CairnIO
internal import CairnSync
internal import Synchronization

extension LogCore {
    /// Starts the thread. Does nothing when it runs.
    func startBackground() throws(LogError) {
        guard !hasThread.load(ordering: .acquiring) else { return }
        let mustStart = state.withLock { state in
            defer { state.background.isStarted = true }
            return !state.background.isStarted
        }
        guard mustStart else { return }
        do throws(StorageError) {
            let started = try BackgroundThread { [self] in runBackground() }
            thread.withLock { $0 = started }
            hasThread.store(true, ordering: .releasing)
        } catch {
            state.withLock { $0.background.isStarted = false }
            throw LogError(error)
        }
    }

    /// Wakes the thread.
    func wakeBackground() {
        wakeSignal.withLock { $0 = true }
        wakeSignal.wakeAll()
    }

    private enum BackgroundStep {
        case stop
        case sleep(UInt64)
        case gather
        case lead
        case sync(SyncJob)
    }

    private func runBackground() {
        var gathered = Gathering()
        while true {
            let now = environment.clock.monotonicNanoseconds()
            let step: BackgroundStep = state.withLock { state in
                nextBackgroundStep(&state, now, &gathered)
            }
            switch step {
            case .stop: return
            case .lead: lead()
            case .sync(let job): sync(job)
            case .gather:
                if finishPending() { continue }
                // The tasks that commit again need the lock that the next look takes.
                Signal.spin(150)
                Signal.yield()
            case .sleep(let time):
                wakeSignal.sleep(nanoseconds: time) { isRaised in isRaised }
                wakeSignal.withLock { $0 = false }
            }
        }
    }

    private func nextBackgroundStep(
        _ state: inout LogState, _ now: UInt64, _ gathering: inout Gathering
    ) -> BackgroundStep {
        state.background.isSleeping = false
        state.background.isWaiting = false
        state.background.hasWork = false
        if state.background.isStopping { return .stop }
        var pause: UInt64 = 60_000_000_000
        guard !state.hasFailed else { return sleep(&state, pause) }
        state.background.wakeTime = nil
        var isDue = false
        switch state.progress.tick(now: now) {
        case .sync(.period):
            if let job = state.takeSync(.period, now: now) { return .sync(job) }
            isDue = true
        case .sync, .none: break
        case .wake(let time):
            state.background.wakeTime = time
            pause = time > now ? time - now : 1
        }
        var servable = false
        var needsSync = isDue
        for waiter in state.waiting.tasks where state.isServable(waiter.target) {
            servable = true
            needsSync = needsSync || waiter.target.kind == .sync
        }
        guard isDue || servable || state.progress.request == .bytes else {
            return sleep(&state, pause)
        }
        let kind: RoundKind = needsSync ? .sync : .write
        guard state.canTake(kind) else {
            state.background.isWaiting = true
            return sleep(&state, pause)
        }
        if servable, needsSync,
            gathering.waits(for: state.waiting.count, of: state.background.resumedCount)
        {
            return .gather
        }
        if isDue { state.progress.request(.period) }
        state.takeJob(kind)
        return .lead
    }

    private func sleep(_ state: inout LogState, _ time: UInt64) -> BackgroundStep {
        state.background.isSleeping = true
        return .sleep(time)
    }

    /// Ends the threads and waits for them.
    func stopBackground() {
        state.withLock { $0.background.isStopping = true }
        wakeBackground()
        thread.withLock { $0.take() }?.join()
        stopPreparing()
    }
}
