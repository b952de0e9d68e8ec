// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnDurable
import CairnExchange
import CairnFormat
import CairnGraph
import CairnQuery
import CairnZlib
import Foundation
import Testing

/// Input of eight times the size may take about eight times as long, not sixty-four. The shapes are those
/// that make careless parsers quadratic.
@Suite(.serialized)
struct ScalingTests {
    /// One shape of input: how to build it at a size, and what reads it.
    struct Shape: Sendable, CustomTestStringConvertible {
        let name: String
        let size: Int
        let make: @Sendable (Int) -> [UInt8]
        let read: @Sendable ([UInt8]) -> Void
        var testDescription: String { name }
    }

    @Test(.timeLimit(.minutes(2)), arguments: shapes)
    func timeGrowsWithTheSizeAndNotWithItsSquare(shape: Shape) {
        let small = shape.make(shape.size)
        let large = shape.make(shape.size * 8)
        // Other work takes the processor away, which its time does not count, and the cache, which it does: so the
        // fastest of some tells.
        let times = (0..<5).map { _ in (time(shape, small), time(shape, large)) }
        let one = times.map(\.0).min() ?? .zero
        let eight = times.map(\.1).min() ?? .zero
        #expect(eight < one * 32 + .milliseconds(20), "\(one) became \(eight)")
    }

    /// How long this thread has run.
    private static var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    private func time(_ shape: Shape, _ bytes: [UInt8]) -> Duration {
        let start = Self.processorTime
        shape.read(bytes)
        return Self.processorTime - start
    }

    static let shapes: [Shape] = [
        json("a long string of escapes", 20_000) {
            #"{"kind":"node","id":0,"properties":{"a":""# + String(repeating: #"\n"#, count: $0)
                + #""}}"#
        },
        json("an object of many keys", 1500) { count in
            let fields = (0..<count).map { #""k\#($0)":\#($0)"# }.joined(separator: ",")
            return #"{"kind":"node","id":0,"properties":{\#(fields)}}"#
        },
        json("many blanks", 50_000) { String(repeating: " ", count: $0) + "{" },
        json("many labels", 500) { count in
            let labels = (0..<count).map { "\"L\($0)\"" }.joined(separator: ",")
            return #"{"kind":"node","id":0,"labels":[\#(labels)]}"#
        },
        dpkg("a field of many lines", 4000) {
            "Package: a\nDescription: x\n" + String(repeating: " line\n", count: $0)
        },
        dpkg("many alternatives", 2000) {
            "Package: a\nDepends: " + Array(repeating: "b (>= 1)", count: $0).joined(separator: "|")
        },
        dpkg("many comments", 8000) { String(repeating: "# comment\n", count: $0) },
        query("many clauses", 100) { String(repeating: "CREATE (:A) ", count: $0) },
        query("a long text", 20_000) { "RETURN '" + String(repeating: "\\n", count: $0) + "'" },
        query("a long list", 1000) { count in
            "RETURN [" + (0..<count).map(String.init).joined(separator: ",") + "]"
        },
        query("many columns", 200) { count in
            "RETURN " + (0..<count).map { "\($0) AS c\($0)" }.joined(separator: ",")
        },
        query("many blanks and comments", 4000) { String(repeating: " /* x */ // y\n", count: $0) },
        query("many steps that end nowhere", 150) {
            "MATCH (a)" + String(repeating: "-[:R]->()", count: $0) + "-["
        },
        Shape(name: "a batch of many symbols", size: 3000) { count in
            var encoder = SymbolTableBuilder()
            for number in 0..<count { _ = encoder.intern("s\(number)") }
            var buffer = BinaryBuffer()
            encoder.encode(into: &buffer)
            return buffer.array() + [0]
        } read: { bytes in
            _ = try? BatchReader(bytes.span.bytes)
        },
        Shape(name: "a batch of many empty events", size: 50_000) { count in
            var buffer = BinaryBuffer()
            buffer.append(varint: 0)
            buffer.append(varint: UInt64(count))
            buffer.append(zeros: count)
            return buffer.array()
        } read: { bytes in
            _ = try? BatchReader(bytes.span.bytes)
        },
        Shape(name: "a map of many keys", size: 2000) { count in
            var buffer = BinaryBuffer()
            let fields = (0..<count).map { ("k\($0)", Value.int(Int64($0))) }
            Value.map(Dictionary(uniqueKeysWithValues: fields)).encode(into: &buffer)
            return buffer.array()
        } read: { bytes in
            var reader = ByteReader(bytes.span.bytes)
            _ = try? Value(from: &reader)
        },
        Shape(name: "a star whose rays go, first made first", size: 1000) { count in
            star(count, deleting: { $0 })
        } read: {
            replay($0)
        },
        Shape(name: "a star whose rays go, last made first", size: 1000) { count in
            star(count, deleting: { count - 1 - $0 })
        } read: {
            replay($0)
        },
        Shape(name: "a zlib stream of zeros", size: 100_000) { count in
            var small = BinaryBuffer()
            let zeros = [UInt8](repeating: 0, count: count)
            try? ZlibBatchCompressor().compress(zeros.span.bytes, into: &small)
            return small.array()
        } read: { bytes in
            var output = BinaryBuffer()
            try? ZlibBatchCompressor().decompress(
                bytes.span.bytes, uncompressedByteCount: bytes.count * 200, into: &output)
        },
    ]

    private static func json(
        _ name: String, _ size: Int, _ text: @escaping @Sendable (Int) -> String
    ) -> Shape {
        Shape(name: "JSON Lines: \(name)", size: size) {
            Array(text($0).utf8)
        } read: { bytes in
            var store = GraphStore()
            var reader = JSONLinesImport()
            try? reader.read(bytes, into: &store)
            try? reader.finish(into: &store)
        }
    }

    /// Statements are compiled, not run.
    private static func query(
        _ name: String, _ size: Int, _ text: @escaping @Sendable (Int) -> String
    ) -> Shape {
        Shape(name: "query: \(name)", size: size) {
            Array(text($0).utf8)
        } read: { bytes in
            _ = try? QueryEngine().prepare(String(decoding: bytes, as: UTF8.self))
        }
    }

    private static func dpkg(
        _ name: String, _ size: Int, _ text: @escaping @Sendable (Int) -> String
    ) -> Shape {
        Shape(name: "package list: \(name)", size: size) {
            Array(text($0).utf8)
        } read: { bytes in
            try? FuzzTarget.dpkg.run(bytes.span.bytes)
        }
    }

    /// A node with many relationships, which are then deleted in an order.
    private static func star(_ count: Int, deleting order: (Int) -> Int) -> [UInt8] {
        let hub = NodeID(rawValue: 0)
        var events: [MutationEvent] = [.nodeCreated(hub, labels: [], properties: [:])]
        for number in 0..<count {
            events.append(
                .relationshipCreated(
                    RelationshipID(rawValue: UInt64(number)), type: "T", from: hub, to: hub,
                    properties: [:]))
        }
        for number in 0..<count {
            events.append(.relationshipDeleted(RelationshipID(rawValue: UInt64(order(number)))))
        }
        return BatchSeed.encode(events)
    }

    private static func replay(_ bytes: [UInt8]) {
        guard var reader = try? BatchReader(bytes.span.bytes) else { return }
        var store = GraphStore()
        while let event = try? reader.nextEvent(MutationEvent.self) { try? store.apply(event) }
    }
}
