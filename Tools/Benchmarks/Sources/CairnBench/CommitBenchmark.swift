// SPDX-License-Identifier: Apache-2.0
//
// Callers commit one transaction after the other, each of one batch of the same bytes. What they did
// within the window counts, and so do the syncs of the log in that time.

internal import BenchSupport
internal import CairnLog
internal import CairnSync

struct CommitBenchmark {
    let workload: Workload
    let options: BenchOptions
    let policy: SyncPolicy

    init(_ workload: Workload, _ options: BenchOptions, _ policy: SyncPolicy) {
        self.workload = workload
        self.options = options
        self.policy = policy
    }

    func run() async throws -> [ResultLine] {
        let directory = try options.makeDirectory(workload.rawValue)
        defer { directory.remove() }
        let log = try WriteAheadLog.open(directory.path, options: options.log(policy))
        let payload = Payload.text(byteCount: options.payload(128))
        let window = Window(seconds: options.seconds)
        let watch = StatusWatch(log, window)
        let tally =
            if options.tasks {
                await runTasks(log, payload, window)
            } else {
                onThreads(options.callers) { _ in commit(payload, to: log, in: window) }
            }
        let counted = watch.finish()
        if let failure = tally.failure { throw failure }
        let result = result(tally, counted, window, segments: log.status.segments.count)
        try log.close()
        return [result]
    }

    private func runTasks(
        _ log: WriteAheadLog, _ payload: [UInt8], _ window: Window
    ) async -> Tally {
        await withTaskGroup(of: Tally.self) { group in
            for _ in 0..<options.callers {
                group.addTask { await commitAwaiting(payload, to: log, in: window) }
            }
            var total = Tally()
            for await tally in group { total.add(tally) }
            return total
        }
    }

    private func result(
        _ tally: Tally, _ counted: StatusWatch.Difference, _ window: Window, segments: Int
    ) -> ResultLine {
        var line = ResultLine(workload: workload.rawValue, peer: "cairn")
        line["payload"] = .count(UInt64(options.payload(128)))
        line["callers"] = .count(UInt64(options.callers))
        line["mode"] = .text(options.tasks ? "tasks" : "threads")
        line.setRates(
            operations: tally.latency.count,
            bytes: tally.latency.count * UInt64(options.payload(128)),
            nanoseconds: tally.nanoseconds(in: window))
        line.setLatency(tally.latency)
        line["syncs"] = .count(counted.syncs)
        if counted.syncs > 0 {
            line["commits_per_sync"] = .number(Double(counted.commits) / Double(counted.syncs))
        }
        line["cpu_us_per_op"] = .number(
            Double(counted.processorTime) / 1000 / Double(max(counted.commits, 1)))
        line["segments"] = .count(UInt64(segments))
        if let interval = options.syncInterval {
            line["sync_interval_ms"] = .count(UInt64(interval))
        }
        return line
    }
}

private func commit(_ payload: [UInt8], to log: WriteAheadLog, in window: Window) -> Tally {
    var tally = Tally()
    do {
        var before = System.now()
        while true {
            // One call for one record, as the peers' `Put` is.
            try log.commit(batch: payload.span.bytes)
            guard let now = tally.step(from: before, in: window) else { break }
            before = now
        }
    } catch {
        tally.failure = error
    }
    return tally
}

private func commitAwaiting(
    _ payload: [UInt8], to log: WriteAheadLog, in window: Window
) async -> Tally {
    var tally = Tally()
    var transaction = LogTransaction()
    do {
        var before = System.now()
        while true {
            transaction.removeAll()
            try transaction.append(payload.span.bytes, options: log.options)
            try await log.commit(transaction)
            guard let now = tally.step(from: before, in: window) else { break }
            before = now
        }
    } catch {
        tally.failure = error
    }
    return tally
}
