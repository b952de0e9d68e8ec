// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnGraph
internal import CairnZlib

extension FuzzTarget {
    /// A batch of graph events.
    static let batch = FuzzTarget(
        name: "batch",
        purpose: "a batch of graph events; what is read is read the same once written"
    ) { (input) throws(BrokenInvariant) in
        let events: [MutationEvent]
        do { events = try readEvents(input) } catch { return }
        var builder = BatchBuilder()
        for event in events { builder.append(event) }
        try require(builder.failure == nil, "an event that was read cannot be written")
        var buffer = BinaryBuffer()
        builder.encode(into: &buffer)
        let again = try mustSucceed("a batch that was written must be readable") {
            try readEvents(buffer.bytes)
        }
        try require(again == events, "a batch is read otherwise than it was written")
    } seeds: {
        [BatchSeed.plain, BatchSeed.rules, [0, 0]]
    }

    /// Two bytes of declared size, one that scales it, then a zlib stream.
    static let inflate = FuzzTarget(
        name: "inflate", purpose: "a compressed batch: exactly the declared size, or an error"
    ) { (input) throws(BrokenInvariant) in
        var input = FuzzInput(input)
        let scale = input.byte() % 6
        let declared = input.short() << Int(scale)
        let stored = input.remainder()
        let limits = FrameLimits()
        // What the header of a frame has passed already.
        guard limits.allowsRatio(of: declared, to: stored.count) else { return }
        let compressor = ZlibBatchCompressor()
        var output = BinaryBuffer()
        do {
            try compressor.decompress(
                stored.span.bytes, uncompressedByteCount: declared, into: &output)
        } catch { return }
        try require(output.count == declared, "inflating gave another size than declared")
        var small = BinaryBuffer()
        var again = BinaryBuffer()
        try mustSucceed("what was inflated must compress") {
            try compressor.compress(output.bytes, into: &small)
            try compressor.decompress(small.bytes, uncompressedByteCount: declared, into: &again)
        }
        try require(again.array() == output.array(), "compressing changed the bytes")
    } seeds: {
        [BatchSeed.plain, [UInt8](repeating: 65, count: 300), []].map { plain in
            var small = BinaryBuffer()
            try? ZlibBatchCompressor(level: 9).compress(plain.span.bytes, into: &small)
            return [0, UInt8(plain.count & 255), UInt8(plain.count >> 8)] + small.array()
        }
    }

    private static func readEvents(_ batch: RawSpan) throws(FormatError) -> [MutationEvent] {
        var reader = try BatchReader(batch)
        var events: [MutationEvent] = []
        while let event = try reader.nextEvent(MutationEvent.self) { events.append(event) }
        return events
    }
}

/// Batches to start from.
enum BatchSeed {
    /// Every kind of value and most kinds of events.
    static var plain: [UInt8] {
        let values: Properties = [
            "bool": true, "bytes": .bytes([0, 255]), "double": 2.5, "int": -3,
            "list": [1, ["two": 3]], "map": ["a": ["b": 1]], "string": "text",
        ]
        return encode([
            .nodeCreated(NodeID(rawValue: 0), labels: ["A", "B"], properties: values),
            .nodeCreated(NodeID(rawValue: 1), labels: [], properties: [:]),
            .relationshipCreated(
                RelationshipID(rawValue: 0), type: "T", from: NodeID(rawValue: 0),
                to: NodeID(rawValue: 1), properties: ["since": 1999]),
            .labelAdded(NodeID(rawValue: 1), label: "C"),
            .labelRemoved(NodeID(rawValue: 0), label: "B"),
            .nodePropertySet(NodeID(rawValue: 1), key: "int", value: 9),
            .nodePropertySet(NodeID(rawValue: 0), key: "double", value: .null),
            .nodePropertiesReplaced(NodeID(rawValue: 0), properties: ["k": "v"]),
            .relationshipPropertySet(RelationshipID(rawValue: 0), key: "since", value: 2000),
            .relationshipPropertiesReplaced(RelationshipID(rawValue: 0), properties: [:]),
            .relationshipDeleted(RelationshipID(rawValue: 0)),
            .nodeDeleted(NodeID(rawValue: 1)),
        ])
    }

    /// Constraints, rules, and the values of newer types.
    static var rules: [UInt8] {
        var events: [MutationEvent] = [.uniqueConstraintCreated(label: "A", key: "k")]
        events += SchemaSeed.rules.map(MutationEvent.ruleCreated)
        events += SchemaSeed.rules.map(MutationEvent.ruleDropped)
        events += SchemaSeed.relationshipRules.map(MutationEvent.relationshipRuleCreated)
        events += SchemaSeed.relationshipRules.map(MutationEvent.relationshipRuleDropped)
        events.append(.uniqueConstraintDropped(label: "A", key: "k"))
        events.append(
            .nodeCreated(NodeID(rawValue: 0), labels: ["A"], properties: SchemaSeed.values))
        return encode(events)
    }

    static func encode(_ events: [MutationEvent]) -> [UInt8] {
        var builder = BatchBuilder()
        for event in events { builder.append(event) }
        var buffer = BinaryBuffer()
        builder.encode(into: &buffer)
        return buffer.array()
    }
}
