// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
internal import CairnLog
internal import CairnSync

/// Durable commits into small segments, so that the log rotates often.
struct RotationBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    func run() throws -> [ResultLine] {
        let directory = try options.makeDirectory("rotate")
        defer { directory.remove() }
        var logOptions = options.log(.everyCommit)
        if options.segmentMegabytes == nil { logOptions.segmentByteCount = 256 << 10 }
        let log = try WriteAheadLog.open(directory.path, options: logOptions)
        let payload = Payload.text(byteCount: options.payload(128))
        let window = Window(seconds: options.seconds)
        let rotating = Shared(LatencyHistogram())
        let tally = onThreads(options.callers) { _ in
            commit(payload, to: log, in: window, rotating)
        }
        if let failure = tally.failure { throw failure }
        let segments = log.status.segments
        try log.close()

        var line = ResultLine(workload: "rotate", peer: "cairn")
        line["payload"] = .count(UInt64(payload.count))
        line["callers"] = .count(UInt64(options.callers))
        line["mode"] = .text("threads")
        line.setRates(
            operations: tally.latency.count, bytes: tally.latency.count * UInt64(payload.count),
            nanoseconds: tally.nanoseconds(in: window))
        line.setLatency(tally.latency)
        let slow = rotating.value
        line["segment_bytes"] = .count(UInt64(logOptions.segmentByteCount))
        line["rotations"] = .count(UInt64(segments.count - 1))
        if let median = slow.nanoseconds(atShare: 0.5) {
            line["rotation_p50_us"] = .number(Double(median) / 1000)
            line["rotation_max_us"] = .number(Double(slow.maxNanoseconds) / 1000)
        }
        return [line]
    }
}

/// - Parameter rotating: Gets the commits between whose beginning and end the log went on to another
///   segment.
private func commit(
    _ payload: [UInt8], to log: WriteAheadLog, in window: Window,
    _ rotating: Shared<LatencyHistogram>
) -> Tally {
    var tally = Tally()
    var transaction = LogTransaction()
    var slow = LatencyHistogram()
    do {
        var segment = log.status.segments.last?.name
        while true {
            transaction.removeAll()
            try transaction.append(payload.span.bytes, options: log.options)
            let before = System.now()
            try log.commit(transaction)
            let after = System.now()
            guard tally.step(from: before, in: window) != nil else { break }
            let current = log.status.segments.last?.name
            if current != segment, before >= window.start {
                slow.add(nanoseconds: after - before)
            }
            segment = current
        }
    } catch {
        tally.failure = error
    }
    rotating.change { $0.add(slow) }
    return tally
}
