// SPDX-License-Identifier: Apache-2.0
//
// The parts that need no disk, on one thread: frames with a payload of bytes, and batches of the events of
// the sample graph.

internal import BenchSupport
internal import CairnCodec
internal import CairnFormat
internal import CairnGraph
internal import CairnLSN

struct CodecBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    private let eventCount = 1000

    // MARK: Encoding and decoding

    func encode() throws -> [ResultLine] {
        [encodeFrames(), encodeEvents()]
    }

    func decode() throws -> [ResultLine] {
        [try decodeFrames(), try decodeEvents()]
    }

    private var codec: FrameCodec { FrameCodec(log: LogID(high: 1, low: 2), segment: .first) }

    private func append(_ count: Int, _ payload: [UInt8], to buffer: inout BinaryBuffer) {
        let codec = codec
        for number in 0..<UInt64(count) {
            let header = FrameHeader(
                kind: .transaction, lsn: LSN(rawValue: number * 3 + 1), relatedLSN: .never,
                payloadByteCount: payload.count + 8)
            codec.append(header, prefix: number, payload: payload.span.bytes, to: &buffer)
        }
    }

    private func encodeFrames() -> ResultLine {
        let payload = Payload.text(byteCount: options.payload(128))
        var buffer = BinaryBuffer()
        let speed = Speed(seconds: options.seconds / 2) {
            buffer.removeAll()
            append(eventCount, payload, to: &buffer)
            return (eventCount, buffer.count)
        }
        return speed.line("encode", what: "frames")
    }

    private func decodeFrames() throws -> ResultLine {
        let payload = Payload.text(byteCount: options.payload(128))
        var buffer = BinaryBuffer()
        append(eventCount, payload, to: &buffer)
        let codec = codec
        let speed = try Speed(seconds: options.seconds / 2) {
            let bytes = buffer.bytes
            var offset = 0
            while offset < bytes.byteCount {
                let header = try codec.header(in: bytes, at: offset)
                _ = try codec.payload(of: header, in: bytes, at: offset)
                offset += header.frameByteCount
            }
            return (eventCount, offset)
        }
        return speed.line("decode", what: "frames")
    }

    /// The events that make nodes of the sample graph.
    private var events: [MutationEvent] {
        let graph = SampleGraph(nodeCount: eventCount, relationshipCount: 0)
        return (0..<eventCount).map { index in
            .nodeCreated(
                NodeID(rawValue: UInt64(index)), labels: [SampleGraph.label],
                properties: Properties(
                    uniqueKeysWithValues: zip(SampleGraph.keys, graph.row(index))))
        }
    }

    private func encodeEvents() -> ResultLine {
        let events = events
        var builder = BatchBuilder()
        var buffer = BinaryBuffer()
        let speed = Speed(seconds: options.seconds / 2) {
            builder.removeAll()
            buffer.removeAll()
            for event in events { builder.append(event) }
            builder.encode(into: &buffer)
            return (events.count, buffer.count)
        }
        return speed.line("encode", what: "graph events")
    }

    private func encodedEvents() -> BinaryBuffer {
        var builder = BatchBuilder()
        var buffer = BinaryBuffer()
        for event in events { builder.append(event) }
        builder.encode(into: &buffer)
        return buffer
    }

    private func decodeEvents() throws -> ResultLine {
        let buffer = encodedEvents()
        let speed = try Speed(seconds: options.seconds / 2) {
            var reader = try BatchReader(buffer.bytes)
            var count = 0
            while try reader.nextEvent(MutationEvent.self) != nil { count += 1 }
            return (count, buffer.count)
        }
        return speed.line("decode", what: "graph events")
    }
}

/// How fast something goes that is repeated for a time.
struct Speed {
    private var operations: UInt64 = 0
    private var bytes: UInt64 = 0
    private var nanoseconds: UInt64 = 0

    /// Repeats `body`, which returns how many operations and bytes it did.
    init<Failure: Error>(
        seconds: Double, _ body: () throws(Failure) -> (operations: Int, bytes: Int)
    ) throws(Failure) {
        let window = Window(seconds: seconds)
        while true {
            let before = System.now()
            let done = try body()
            let after = System.now()
            if before >= window.start {
                operations += UInt64(done.operations)
                bytes += UInt64(done.bytes)
                nanoseconds += after - before
            }
            if after >= window.end, operations > 0 { break }
        }
    }

    /// The result.
    func line(_ workload: String, what: String) -> ResultLine {
        var line = ResultLine(workload: workload, peer: "cairn")
        line["what"] = .text(what)
        line.setRates(operations: operations, bytes: bytes, nanoseconds: nanoseconds)
        line["ns_per_op"] = .number(Double(nanoseconds) / Double(max(operations, 1)))
        return line
    }
}
