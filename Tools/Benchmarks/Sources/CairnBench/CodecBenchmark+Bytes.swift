// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
internal import CairnCodec
internal import CairnFormat
internal import CairnGraph
internal import CairnZlib

extension CodecBenchmark {
    /// Checksums of blocks.
    func checksum() throws -> [ResultLine] {
        let sizes = options.payload.map { [$0] } ?? [128, 4096, 1 << 20]
        return sizes.flatMap { size in
            let block = Payload.text(byteCount: size)
            let count = max(1, (1 << 20) / size)
            let share = options.seconds / Double(sizes.count * 2)
            let hardware = Speed(seconds: share) {
                var sum: UInt32 = 0
                for _ in 0..<count { sum = CRC32C.checksum(of: block.span.bytes, seed: sum) }
                return (count, count * size)
            }
            let table = Speed(seconds: share) {
                var sum: UInt32 = 0
                for _ in 0..<count { sum = CRC32C.checksumByTable(of: block.span.bytes, seed: sum) }
                return (count, count * size)
            }
            let implementation = CRC32C.implementation.rawValue
            return [(hardware, implementation), (table, "table")].map { speed, how in
                var line = speed.line("crc", what: "crc32c \(how)")
                line["payload"] = .count(UInt64(size))
                return line
            }
        }
    }

    /// Batches of graph events through zlib, both ways.
    func compress() throws -> [ResultLine] {
        let compressor = ZlibBatchCompressor(level: options.level)
        let batch = batchOfEvents(byteCount: options.payload(64 << 10))
        var compressed = BinaryBuffer()
        let deflate = try Speed(seconds: options.seconds / 2) {
            compressed.removeAll()
            try compressor.compress(batch.bytes, into: &compressed)
            return (1, batch.count)
        }
        var output = BinaryBuffer()
        let inflate = try Speed(seconds: options.seconds / 2) {
            output.removeAll()
            try compressor.decompress(
                compressed.bytes, uncompressedByteCount: batch.count, into: &output)
            return (1, batch.count)
        }
        let ratio = Double(batch.count) / Double(compressed.count)
        return [(deflate, "compress"), (inflate, "decompress")].map { speed, what in
            var line = speed.line("compress", what: what)
            line["payload"] = .count(UInt64(batch.count))
            line["level"] = .count(UInt64(options.level))
            line["ratio"] = .number(ratio)
            return line
        }
    }

    /// A batch of events that make nodes of the sample graph, of at least this size.
    private func batchOfEvents(byteCount: Int) -> BinaryBuffer {
        let graph = SampleGraph(nodeCount: .max, relationshipCount: 0)
        var builder = BatchBuilder()
        var index = 0
        while builder.byteCount < byteCount {
            builder.append(
                MutationEvent.nodeCreated(
                    NodeID(rawValue: UInt64(index)), labels: [SampleGraph.label],
                    properties: Properties(
                        uniqueKeysWithValues: zip(SampleGraph.keys, graph.row(index)))))
            index += 1
        }
        var buffer = BinaryBuffer()
        builder.encode(into: &buffer)
        return buffer
    }
}
