// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnGraph

extension FuzzTarget {
    /// A program: each step begins, ends or takes back a transaction, or applies the event whose bytes
    /// follow; its symbols are of a fixed table.
    static let graph = FuzzTarget(
        name: "graph",
        purpose:
            "events applied to a store; replay and snapshot of what was accepted agree with it",
        allocationByteCountMax: 4 << 20
    ) { (input) throws(BrokenInvariant) in
        var program = GraphProgram()
        let bytes = input.withUnsafeBytes { [UInt8]($0) }
        var decoder = EventDecoder(bytes.span.bytes, symbols: SymbolTable(GraphProgram.symbols))
        while !decoder.bytes.isAtEnd {
            do {
                let step = try decoder.bytes.integer(UInt8.self)
                guard step % 8 > 4 else {
                    try program.run(step % 8)
                    continue
                }
                try program.apply(MutationEvent(from: &decoder))
            } catch let error as BrokenInvariant {
                throw error
            } catch { break }
        }
        try program.finish()
    } seeds: {
        GraphProgram.seeds
    }
}

/// A store under a program, and what it accepted.
private struct GraphProgram {
    static let symbols = ["A", "B", "C", "T", "U", "k", "n", "\u{e9}", "since"]

    private var store = GraphStore()
    private var accepted: [MutationEvent] = []
    private var image: SectionImage?
    private var committedCount = 0
    private var savepoint: (mark: GraphSavepoint, image: SectionImage, count: Int)?

    mutating func run(_ step: UInt8) throws(BrokenInvariant) {
        switch step {
        case 0: begin()
        case 1: commit()
        case 2: try rollBack()
        case 3: mark()
        default: try rollBackToMark()
        }
    }

    private mutating func begin() {
        guard !store.isInTransaction else { return }
        image = store.image
        committedCount = accepted.count
        try? store.beginTransaction()
    }

    private mutating func commit() {
        guard store.isInTransaction else { return }
        try? store.commitTransaction()
        savepoint = nil
    }

    private mutating func rollBack() throws(BrokenInvariant) {
        guard store.isInTransaction else { return }
        try? store.rollBackTransaction()
        accepted.removeLast(accepted.count - committedCount)
        try require(store.image == image, "rolling back does not give the state before")
        savepoint = nil
    }

    private mutating func mark() {
        guard let mark = try? store.savepoint() else { return }
        savepoint = (mark, store.image, accepted.count)
    }

    private mutating func rollBackToMark() throws(BrokenInvariant) {
        guard let savepoint else { return }
        try mustSucceed("a savepoint must be good until the transaction ends") {
            try store.rollBack(to: savepoint.mark)
        }
        accepted.removeLast(accepted.count - savepoint.count)
        try require(
            store.image == savepoint.image, "a savepoint does not give the state before")
    }

    mutating func apply(_ event: MutationEvent) throws(BrokenInvariant) {
        do { try store.apply(event) } catch { return }
        accepted.append(event)
    }

    mutating func finish() throws(BrokenInvariant) {
        commit()
        try checkReading()
        let image = store.image
        let loaded = try mustSucceed("a snapshot that was written must be readable") {
            try GraphStore(image)
        }
        try require(loaded.image == image, "loading a snapshot gives another state")
        let batch = BatchSeed.encode(accepted)
        let replayed = try mustSucceed("events that were accepted must replay") {
            var store = GraphStore()
            var reader = try BatchReader(batch.span.bytes)
            while let event = try reader.nextEvent(MutationEvent.self) { try store.apply(event) }
            return store
        }
        try require(replayed.image == image, "replay gives another state")
    }

    /// Nodes, relationships and counts agree, whichever way one looks.
    private func checkReading() throws(BrokenInvariant) {
        var degrees = 0
        for id in store.nodeIDs {
            try require(store.node(id) != nil, "a node is listed and not there")
            degrees += store.degree(of: id, direction: .outgoing)
        }
        try require(degrees == store.relationshipCount, "adjacency and relationships differ")
        for (label, count) in store.labelCounts {
            try require(
                Array(store.nodes(labeled: label)).count == count, "a label is counted wrongly")
        }
    }

    static var seeds: [[UInt8]] {
        let zero = NodeID(rawValue: 0)
        let first: [MutationEvent] = [
            .ruleCreated(.index(label: "A", keys: ["n"])),
            .uniqueConstraintCreated(label: "A", key: "k"),
            .relationshipRuleCreated(.unique(type: "T", keys: ["since"])),
            .relationshipRuleCreated(.index(type: "T", keys: ["n", "since"])),
            .nodeCreated(zero, labels: ["A", "B"], properties: ["k": "x", "n": 1]),
            .nodeCreated(NodeID(rawValue: 1), labels: ["A"], properties: ["k": [1, 2]]),
            .relationshipCreated(
                RelationshipID(rawValue: 0), type: "T", from: zero, to: NodeID(rawValue: 1),
                properties: ["since": 3]),
        ]
        let second: [MutationEvent] = [
            .nodePropertySet(zero, key: "n", value: 2),
            .relationshipPropertySet(RelationshipID(rawValue: 0), key: "n", value: 7),
            .relationshipRuleDropped(.index(type: "T", keys: ["n", "since"])),
            .relationshipDeleted(RelationshipID(rawValue: 0)),
            .nodeDeleted(NodeID(rawValue: 1)),
            .labelAdded(zero, label: "C"),
            .nodePropertiesReplaced(zero, properties: ["n": 3]),
            .ruleDropped(.index(label: "A", keys: ["n"])),
            .ruleCreated(.existence(label: "A", key: "n")),
        ]
        let steps = first.map(coded).joined() + [0, 3] + second.map(coded).joined()
        return [[4] + steps + [4, 2], [0] + steps + [1]].map { Array($0) }
    }

    private static func coded(_ event: MutationEvent) -> [UInt8] {
        var encoder = EventEncoder()
        for symbol in symbols { _ = encoder.symbols.intern(symbol) }
        event.encode(into: &encoder)
        return [5] + encoder.bytes.array()
    }
}
