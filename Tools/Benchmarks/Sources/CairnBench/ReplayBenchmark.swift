// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
internal import CairnLog
internal import CairnSync

/// Opens a log again and again; each time everything in it is checked and handed out.
struct ReplayBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    private var commitCount: Int {
        options.megabytes.map { max(1, ($0 << 20) / options.payload(128)) } ?? options.commits
    }

    func run() throws -> [ResultLine] {
        if options.stage == .prepare {
            try prepare()
            return []
        }
        return [try options.withData(of: .replay) { try measure($0) }]
    }

    private func measure(_ directory: WorkDirectory) throws -> ResultLine {
        Memory.resetPeak()
        let before = Memory.residentByteCount
        var batches: UInt64 = 0
        var bytes: UInt64 = 0
        let rounds = try Repetition(budget: options.seconds) {
            batches = 0
            bytes = 0
            let start = System.now()
            let log = try WriteAheadLog.open(directory.path, options: options.log(.manual)) {
                batch, _ in
                batches += 1
                bytes += UInt64(batch.byteCount)
            }
            let end = System.now()
            try log.close()
            return end - start
        }
        let peak = Memory.peakByteCount
        guard batches == UInt64(commitCount) else {
            throw BenchError("\(batches) batches came back of \(commitCount) that were written")
        }
        var line = ResultLine(workload: "replay", peer: options.peer)
        line["payload"] = .count(UInt64(options.payload(128)))
        line.setRates(operations: batches, bytes: bytes, rounds)
        line["log_bytes"] = .count(directory.byteCount("log"))
        // The replayed state is two numbers, so what grows is what the replay itself needs.
        line["peak_growth_bytes"] = .count(peak > before ? peak - before : 0)
        return line
    }

    private func prepare() throws {
        let log = try WriteAheadLog.open(options.directory, options: options.log(.manual))
        let payload = Payload.text(byteCount: options.payload(128))
        var transaction = LogTransaction()
        for _ in 0..<commitCount {
            transaction.removeAll()
            try transaction.append(payload.span.bytes, options: log.options)
            try log.commit(transaction)
        }
        try log.close()
    }
}
