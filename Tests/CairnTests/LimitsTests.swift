// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnDurable
import CairnExchange
import CairnGraph
import CairnIO
import CairnLog
import CairnSnapshot
import CairnTesting
import CairnZlib
import Foundation
import SystemPackage
import Testing

@testable import Cairn

/// Each limit of `SECURITY.md` that a change of a graph can meet, just below, at and just above it: what is accepted
/// goes all of the ``FiveWays``, what is above is refused by the change itself with an error that names the limit.
struct LimitsTests {
    static func text(_ byteCount: Int) -> Value {
        .string(String(repeating: "x", count: byteCount))
    }

    /// Demands that a change of size `limit - 1` and `limit` is accepted, and that of size `limit + 1` refused.
    private func check(
        _ ways: FiveWays, limit: Int, _ title: String, isNamed: (any Error) -> Bool,
        _ change: (inout GraphStore, Int) throws -> Void
    ) throws {
        for size in [limit - 1, limit, limit + 1] {
            let refusal = try ways.go { graph in try change(&graph, size) }
            if size <= limit {
                #expect(refusal == nil, "\(title): \(size) of \(limit)")
            } else {
                let isRefused = refusal.map(isNamed) ?? false
                #expect(
                    isRefused,
                    "\(title): \(size) of \(limit): \(refusal.map { "\($0)" } ?? "taken")")
            }
        }
    }

    // MARK: The size of one node or relationship

    /// A mutation that makes a node or a relationship of so many bytes. Before it there are nodes 0 and 1 and
    /// relationship 0, all with a property `a` that takes ``half``.
    struct Making: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable (inout GraphStore, Int) throws -> Void
    }

    private static let limit = 4096
    private static let half = 2000
    private static let node = NodeID(rawValue: 0)
    private static let other = NodeID(rawValue: 1)
    private static let relationship = RelationshipID(rawValue: 0)

    /// A text that takes so many bytes with its key, from 136 to 16,391.
    private static func property(taking byteCount: Int) -> Value { text(byteCount - 8) }

    static let makings: [Making] = [
        Making(testDescription: "createNode") { graph, size in
            try graph.createNode(properties: ["b": property(taking: size)])
        },
        Making(testDescription: "createNode with labels") { graph, size in
            try graph.createNode(
                labels: ["L", "M"], properties: ["b": property(taking: size - 10)])
        },
        Making(testDescription: "createNodes") { graph, size in
            try graph.createNodes(
                labels: ["L"], keys: ["b", "c"], rows: [[property(taking: size - 5 - 6), true]])
        },
        Making(testDescription: "mergeNode") { graph, size in
            try graph.mergeNode(
                label: "L", key: "k", value: true,
                properties: ["b": property(taking: size - 5 - 6)])
        },
        Making(testDescription: "addLabel") { graph, size in
            try graph.setProperty("a", to: property(taking: size - 5), of: node)
            try graph.addLabel("L", to: node)
        },
        Making(testDescription: "setProperty of a node") { graph, size in
            try graph.setProperty("b", to: property(taking: size - half), of: node)
        },
        Making(testDescription: "setProperties of a node") { graph, size in
            try graph.setProperties(["b": property(taking: size)], of: node)
        },
        Making(testDescription: "createRelationship") { graph, size in
            try graph.createRelationship(
                "R", from: node, to: other, properties: ["b": property(taking: size)])
        },
        Making(testDescription: "createRelationships") { graph, size in
            try graph.createRelationships(
                "R", keys: ["b"],
                rows: [(from: node, to: other, values: [property(taking: size)])])
        },
        Making(testDescription: "setProperty of a relationship") { graph, size in
            try graph.setProperty("b", to: property(taking: size - half), of: relationship)
        },
        Making(testDescription: "setProperties of a relationship") { graph, size in
            try graph.setProperties(["b": property(taking: size)], of: relationship)
        },
    ]

    private static func prepare(_ graph: inout GraphStore) throws {
        for _ in 0..<2 { try graph.createNode(properties: ["a": property(taking: half)]) }
        try graph.createRelationship(
            "R", from: node, to: other, properties: ["a": property(taking: half)])
    }

    @Test(arguments: makings)
    func anEntityAtItsLimitGoesAllWaysAndOneAboveIsRefused(making: Making) throws {
        let ways = FiveWays(
            lower: { $0.entityByteCountMax = Self.limit }, prepare: Self.prepare)
        try check(ways, limit: Self.limit, making.testDescription) { error in
            guard let error = error as? GraphError else { return false }
            return error.code == .propertiesTooLarge && error.limit == UInt64(Self.limit)
                && error.description.contains("\(Self.limit) bytes")
        } _: { graph, size in
            try making.make(&graph, size)
        }
    }

    @Test func theRefusalNamesTheEntity() throws {
        let ways = FiveWays(
            lower: { $0.entityByteCountMax = Self.limit }, prepare: Self.prepare)
        let ofNode = try ways.go { try $0.setProperty("b", to: Self.text(4000), of: Self.node) }
        #expect((ofNode as? GraphError)?.nodeID == Self.node)
        #expect("\(try #require(ofNode))".hasPrefix("node 0 "))
        let ofOther = try ways.go {
            try $0.setProperty("b", to: Self.text(4000), of: Self.relationship)
        }
        #expect((ofOther as? GraphError)?.relationshipID == Self.relationship)
        #expect("\(try #require(ofOther))".hasPrefix("relationship 0 "))
    }

    /// What a release without the limit has written.
    private static func large(_ graph: inout GraphStore) throws {
        graph.entityByteCountMax = .max
        let node = try graph.createNode()
        let id = try graph.createRelationship("R", from: node, to: node)
        for key in ["a", "b", "c"] {
            try graph.setProperty(key, to: text(3000), of: node)
            try graph.setProperty(key, to: text(3000), of: id)
        }
    }

    @Test func whatIsTooLargeAlreadyIsReplayed() throws {
        var replayed = GraphStore()
        replayed.entityByteCountMax = Self.limit
        let large: Properties = ["a": Self.text(9000)]
        let events: [MutationEvent] = [
            .nodeCreated(Self.node, labels: [], properties: large),
            .nodePropertySet(Self.node, key: "b", value: Self.text(9000)),
            .relationshipCreated(
                Self.relationship, type: "R", from: Self.node, to: Self.node, properties: large),
            .relationshipPropertySet(Self.relationship, key: "b", value: Self.text(9000)),
            .labelAdded(Self.node, label: "L"),
        ]
        for event in events { try replayed.apply(event) }
        #expect(replayed.entityByteCountMax == Self.limit)
        #expect(throws: GraphError.self) { try replayed.setProperty("d", to: true, of: Self.node) }
    }

    @Test func whatIsTooLargeAlreadyMayBecomeSmaller() throws {
        let files = SimulatedFileSystem()
        let old = try FiveWays().open(files)
        _ = try old.durable.write { try Self.large(&$0) }
        let image = FiveWays.image(old)
        try old.close()
        let again = try FiveWays().open(files)
        #expect(FiveWays.image(again) == image)
        _ = try again.durable.write { graph in
            graph.entityByteCountMax = Self.limit
            try graph.setProperty("c", to: .null, of: Self.node)
            try graph.setProperties(["a": Self.text(3000), "b": Self.text(2999)], of: Self.node)
            try graph.setProperty("c", to: .null, of: Self.relationship)
            try graph.setProperty("b", to: Self.text(2999), of: Self.relationship)
        }
        // Still above the limit, so as large is too large.
        let ofNode = #expect(throws: GraphError.self) {
            _ = try again.durable.write {
                try $0.setProperty("b", to: Self.text(3000), of: Self.node)
            }
        }
        #expect(ofNode?.code == .propertiesTooLarge && ofNode?.nodeID == Self.node)
        let ofOther = #expect(throws: GraphError.self) {
            _ = try again.durable.write {
                try $0.setProperty("d", to: true, of: Self.relationship)
            }
        }
        #expect(ofOther?.relationshipID == Self.relationship)
        #expect(try again.checkpoint() != nil)
    }

    /// The limit itself, on the file system of the machine: two properties that fill it.
    @Test func aNodeOfTheFullSizeIsCommittedCheckpointedAndReadBack() throws {
        let path = FilePath(NSTemporaryDirectory()).appending("cairn-limits-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        let limit = GraphLimits.entityByteCountMax
        let first = 40 << 20
        let database = try GraphDatabase.open(path)
        let id = try database.write { try $0.createNode() }.value
        try database.write { try $0.setProperty("a", to: Self.text(first - 10), of: id) }
        let error = #expect(throws: GraphError.self) {
            try database.write {
                try $0.setProperty("b", to: Self.text(limit - first - 9), of: id)
            }
        }
        #expect(error?.limit == UInt64(limit) && error?.nodeID == id)
        try database.write {
            try $0.setProperty("b", to: Self.text(limit - first - 10), of: id)
        }
        #expect(try database.checkpoint() != nil)
        try database.close()
        let again = try GraphDatabase.open(path)
        again.read { graph in
            #expect(graph.node(id)?.properties["a"] == Self.text(first - 10))
            #expect(graph.node(id)?.properties["b"] == Self.text(limit - first - 10))
        }
        try again.close()
    }

    /// A record of a snapshot has room for the largest node or relationship, and an event for its largest property.
    @Test func theLimitLeavesRoomForWhatStandsAroundAnEntity() {
        #expect(GraphLimits.entityByteCountMax + (1 << 20) <= SnapshotFormat.recordByteCountMax)
        #expect(GraphLimits.entityByteCountMax + (1 << 20) <= FrameLimits().payloadByteCountMax)
    }

    @Test func theRoomOfNeighboursHasItsLimit() throws {
        // 16 bytes are set aside for how a store packs the properties.
        let ways = FiveWays(lower: { $0.propertyByteCountMax = 4096 })
        try check(ways, limit: 4096, "neighbours") { error in
            (error as? GraphError)?.code == .propertiesTooLarge
                && "\(error)".contains("\(GraphLimits.propertyByteCountMax) bytes")
        } _: { graph, size in
            try graph.createNode(properties: ["b": Self.text(size - 16 - 4)])
        }
    }

    // MARK: Numbers

    @Test func nodesAndRelationshipsHaveTheirNumber() throws {
        let ways = FiveWays(lower: { $0.slotCountMax = 4 })
        let isNamed = { (error: any Error) in (error as? GraphError)?.code == .idsExhausted }
        try check(ways, limit: 3, "nodes", isNamed: isNamed) { graph, count in
            for _ in 0..<count { try graph.createNode() }
        }
        try check(ways, limit: 4, "relationships", isNamed: isNamed) { graph, count in
            for _ in 0..<count {
                try graph.createRelationship("R", from: Self.node, to: Self.node)
            }
        }
    }

    // MARK: Names

    static let namings: [(String, @Sendable (inout GraphStore, String) throws -> Void)] = [
        ("label", { try $0.createNode(labels: [$1]) }),
        ("added label", { try $0.addLabel($1, to: NodeID(rawValue: 0)) }),
        ("key", { try $0.createNode(properties: [$1: true]) }),
        ("set key", { try $0.setProperty($1, to: true, of: NodeID(rawValue: 0)) }),
        ("key of rows", { try $0.createNodes(labels: [], keys: [$1], rows: [[true]]) }),
        (
            "type",
            {
                let node = try $0.createNode()
                try $0.createRelationship($1, from: node, to: node)
            }
        ),
        ("label of a constraint", { try $0.createUniqueConstraint(label: $1, key: "k") }),
        ("key of a constraint", { try $0.createUniqueConstraint(label: "L", key: $1) }),
        ("label of a rule", { try $0.create(.index(label: $1, keys: ["k"])) }),
        ("key of a rule", { try $0.create(.key(label: "L", keys: [$1, "k"])) }),
        ("type of a rule", { try $0.create(.index(type: $1, keys: ["k"])) }),
        ("key of a rule for a type", { try $0.create(.unique(type: "L", keys: [$1, "k"])) }),
    ]

    @Test(arguments: namings.indices)
    func aNameHas255Bytes(index: Int) throws {
        let (title, name) = Self.namings[index]
        for letter in ["n", "\u{e9}", "\u{1}"] {
            try check(FiveWays(), limit: GraphLimits.nameByteCountMax, title) { error in
                (error as? GraphError)?.code == .invalidName && "\(error)".contains("255 bytes")
            } _: { graph, size in
                let count = size / letter.utf8.count
                let rest = String(repeating: "x", count: size - count * letter.utf8.count)
                try name(&graph, String(repeating: letter, count: count) + rest)
            }
        }
    }

    @Test func aRuleHas16Keys() throws {
        for make in [SchemaRule.key, SchemaRule.index] {
            try check(FiveWays(), limit: SchemaRule.keyCountMax, "keys of a rule") { error in
                (error as? GraphError)?.code == .invalidRule && "\(error)".contains("16 keys")
            } _: { graph, count in
                try graph.create(make("L", (0..<count).map { "k\($0)" }))
            }
        }
        for make in [RelationshipRule.key, RelationshipRule.index, RelationshipRule.unique] {
            try check(FiveWays(), limit: RelationshipRule.keyCountMax, "keys of a rule") { error in
                (error as? GraphError)?.code == .invalidRule && "\(error)".contains("16 keys")
            } _: { graph, count in
                try graph.create(make("R", (0..<count).map { "k\($0)" }))
            }
        }
    }

    // MARK: Nesting

    static let nestings: [(String, @Sendable (Value) -> Value)] = [
        ("lists", { [$0] }), ("maps", { ["a": $0] }),
        ("maps like typed values", { ["$value": $0] }),
    ]

    @Test(arguments: nestings.indices)
    func valuesNest64Times(index: Int) throws {
        let (title, wrap) = Self.nestings[index]
        let places: [(inout GraphStore, Value) throws -> Void] = [
            { try $0.createNode(properties: ["a": $1]) },
            { try $0.createNodes(labels: [], keys: ["a"], rows: [[$1]]) },
            { try $0.setProperty("a", to: $1, of: Self.node) },
            { try $0.setProperties(["a": $1], of: Self.node) },
            {
                try $0.createRelationship(
                    "R", from: Self.node, to: Self.node, properties: ["a": $1])
            },
            {
                try $0.createRelationships(
                    "R", keys: ["a"], rows: [(from: Self.node, to: Self.node, values: [$1])])
            },
            {
                let id = try $0.createRelationship("R", from: Self.node, to: Self.node)
                try $0.setProperty("a", to: $1, of: id)
            },
            {
                let id = try $0.createRelationship("R", from: Self.node, to: Self.node)
                try $0.setProperties(["a": $1], of: id)
            },
        ]
        for place in places {
            try check(FiveWays(), limit: Value.nestingCountMax, title) { error in
                (error as? GraphError)?.code == .nestingTooDeep && "\(error)".contains("64")
            } _: { graph, depth in
                var value = Value.date(CalendarDate(dayNumber: 1)!)
                for _ in 0..<depth { value = wrap(value) }
                try place(&graph, value)
            }
        }
    }

    // MARK: Records of the log

    /// Where the events of a change are larger than a frame may be, the commit is refused.
    @Test func aChangeLargerThanARecordIsRefusedByTheCommit() throws {
        var options = LogOptions()
        options.frameLimits.payloadByteCountMax = 4096
        let ways = FiveWays(options: options)
        let create = { (graph: inout GraphStore, size: Int) in
            _ = try graph.createNode(properties: ["a": Self.text(size)])
        }
        // The largest text that is accepted; what stands around it is no concern of a graph.
        var (accepted, refused) = (0, 8192)
        while refused - accepted > 1 {
            let size = (accepted + refused) / 2
            let database = try ways.open(SimulatedFileSystem())
            try database.write { _ = try $0.createNode(labels: ["Before"]) }
            let result = try? database.durable.write { try create(&$0, size) }
            if result != nil { accepted = size } else { refused = size }
        }
        #expect((4000...4096).contains(accepted))
        try check(ways, limit: accepted, "a record") { error in
            (error as? DurableError)?.code == .tooLarge && "\(error)".contains("64 MiB")
        } _: { graph, size in
            try create(&graph, size)
        }
    }

    /// A large event after small ones in the same transaction is judged by its own size.
    @Test func anEventThatFitsAloneFitsAfterSmallOnes() throws {
        var options = LogOptions()
        options.frameLimits.payloadByteCountMax = 4096
        for byteCount in [1000, 2000, 3000, 4000] {
            let refusal = try FiveWays(options: options).go { graph in
                for _ in 0..<30 { try graph.createNode(labels: ["Small"]) }
                try graph.createNode(properties: ["a": Self.text(byteCount)])
                for _ in 0..<30 { try graph.createNode(labels: ["Small"]) }
            }
            #expect(refusal == nil, "\(byteCount)")
        }
    }

    /// What compresses too well for a reader is stored as it is.
    @Test(arguments: [200, 1000, 4000, 20_000])
    func compressionNeverMakesWhatAReaderRefuses(byteCount: Int) throws {
        var options = LogOptions()
        options.compressor = ZlibBatchCompressor()
        options.compressionByteCountMin = 16
        options.frameLimits.compressionRatioMax = 20
        options.frameLimits.uncompressedByteCountMax = 10_000
        let refusal = try FiveWays(options: options).go { graph in
            try graph.createNode(properties: ["a": Self.text(byteCount)])
        }
        #expect(refusal == nil)
    }

    /// Nor is what a reader would not inflate, also where it compresses no better than others.
    @Test func whatIsLargerThanAReaderInflatesIsStoredAsItIs() throws {
        var options = LogOptions()
        options.compressor = ZlibBatchCompressor()
        options.compressionByteCountMin = 16
        options.frameLimits.uncompressedByteCountMax = 10_000
        var (state, digits): (UInt64, String) = (1, "")
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            digits += String(state >> 60, radix: 16)
        }
        let refusal = try FiveWays(options: options).go { graph in
            try graph.createNode(properties: ["a": .string(digits)])
        }
        #expect(refusal == nil)
    }

    // MARK: Text

    /// A reader of text has limits of its own; what they refuse leaves the database as it was.
    @Test func whatAnImportRefusesLeavesTheDatabaseGoingOn() throws {
        let ways = FiveWays()
        let source = try ways.open(SimulatedFileSystem())
        try source.write { transaction in
            for number in 0..<10 {
                try transaction.createNode(properties: ["a": Self.text(1000 + number)])
            }
            for number in 2..<8 { try transaction.deleteNode(NodeID(rawValue: UInt64(number))) }
        }
        let text = FiveWays.export(source)
        let image = FiveWays.image(source)
        for (holes, isAccepted) in [(5, false), (6, true), (7, true)] {
            var options = JSONLinesImport.Options()
            options.holeCountMax = holes
            try bring(text, options, isAccepted ? nil : .tooManyHoles, image)
        }
        var options = JSONLinesImport.Options()
        var codes: [ExchangeError.Code?] = []
        for byteCount in stride(from: 800, through: 1200, by: 1) {
            options.valueByteCountMax = byteCount
            var graph = GraphStore()
            var lines = JSONLinesImport(options: options)
            do throws(ExchangeError) {
                try lines.read(text, into: &graph)
                codes.append(nil)
            } catch {
                codes.append(error.code)
            }
        }
        let first = try #require(codes.firstIndex(of: nil))
        #expect(codes[..<first].allSatisfy { $0 == .lineTooLong } && first > 0)
        #expect(codes[first...].allSatisfy { $0 == nil })
        for byteCount in [800 + first - 1, 800 + first, 800 + first + 1] {
            options.valueByteCountMax = byteCount
            try bring(text, options, byteCount < 800 + first ? .lineTooLong : nil, image)
        }
    }

    private func bring(
        _ text: [UInt8], _ options: JSONLinesImport.Options, _ code: ExchangeError.Code?,
        _ image: [[UInt8]]
    ) throws {
        let files = SimulatedFileSystem()
        let database = try FiveWays().open(files)
        if let code {
            let error = #expect(throws: ExchangeError.self) {
                try FiveWays.bring(text, into: database, options)
            }
            #expect(error?.code == code)
            #expect(database.read { $0.nodeCount } == 0)
            try database.write { _ = try $0.createNode(labels: ["After"]) }
        } else {
            try FiveWays.bring(text, into: database, options)
            #expect(FiveWays.image(database) == image)
        }
        let after = FiveWays.image(database)
        #expect(try database.checkpoint() != nil)
        try database.close()
        #expect(FiveWays.image(try FiveWays().open(files)) == after)
    }
}
