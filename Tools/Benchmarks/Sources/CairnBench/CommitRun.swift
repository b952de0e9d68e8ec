// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
internal import CairnLog

/// Commits of several callers within one window, and the syncs of the log in that time.
struct CommitRun {
    let window: Window
    private let options: BenchOptions
    private let watch: StatusWatch
    private let status: @Sendable () throws -> LogStatus

    /// Opens the window.
    init(_ options: BenchOptions, _ status: @escaping @Sendable () throws -> LogStatus) {
        self.options = options
        self.status = status
        window = Window(seconds: options.seconds)
        watch = StatusWatch(window, status)
    }

    /// The result, once the callers have returned.
    ///
    /// - Parameter payload: The bytes of each commit.
    func line(_ workload: Workload, peer: String, payload: Int, _ tally: Tally) throws -> ResultLine
    {
        let counted = try watch.finish()
        try tally.check()
        var line = ResultLine(workload: workload.rawValue, peer: peer)
        line["payload"] = .count(UInt64(payload))
        line["callers"] = .count(UInt64(options.callers))
        line["mode"] = .text(options.tasks ? "tasks" : "threads")
        line.setRates(
            operations: tally.latency.count, bytes: tally.latency.count * UInt64(payload),
            nanoseconds: tally.nanoseconds(in: window))
        line.setLatency(tally.latency)
        line["syncs"] = .count(counted.syncs)
        if counted.syncs > 0 {
            line["commits_per_sync"] = .number(Double(counted.commits) / Double(counted.syncs))
        }
        line["cpu_us_per_op"] = .number(
            Double(counted.processorTime) / 1000 / Double(max(counted.commits, 1)))
        line["segments"] = .count(UInt64(try status().segments.count))
        if let interval = options.syncInterval {
            line["sync_interval_ms"] = .count(UInt64(interval))
        }
        return line
    }
}
