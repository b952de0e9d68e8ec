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
    /// The name under which the log is compared.
    var peer = "cairn"
    /// Bytes of each commit; nil for those of the options.
    var batchByteCount: Int?

    func run() async throws -> [ResultLine] {
        let directory = try options.makeDirectory(workload.rawValue)
        defer { directory.remove() }
        let log = try WriteAheadLog.open(directory.path, options: options.log(policy))
        let payload = Payload.text(byteCount: batchByteCount ?? options.payload(128))
        let run = CommitRun(options) { log.status }
        let tally =
            if options.tasks {
                await onTasks(options.callers) { _ in
                    await commitAwaiting(payload, to: log, in: run.window)
                }
            } else {
                onThreads(options.callers) { _ in
                    // One call for one record, as the peers' `Put` is.
                    .repeating(in: run.window) { _ in try log.commit(batch: payload.span.bytes) }
                }
            }
        let line = try run.line(workload, peer: peer, payload: payload.count, tally)
        try await log.close()
        return [line]
    }
}

private func commitAwaiting(
    _ payload: [UInt8], to log: WriteAheadLog, in window: Window
) async -> Tally {
    var transaction = LogTransaction()
    return await .repeating(
        in: window,
        awaiting: { _ in
            transaction.removeAll()
            try transaction.append(payload.span.bytes, options: log.options)
            try await log.commit(transaction)
        })
}
