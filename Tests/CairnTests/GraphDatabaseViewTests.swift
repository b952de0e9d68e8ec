// SPDX-License-Identifier: Apache-2.0

import Cairn
import CairnDurable
import CairnGraph
import CairnIO
import CairnLog
import CairnTesting
import Testing

struct GraphDatabaseViewTests {
    private func open(_ fileSystem: SimulatedFileSystem) throws -> GraphDatabase {
        try GraphDatabase.open("db", options: LogOptions(), environment: .simulated(fileSystem))
    }

    @Test func aViewStaysWhatItWasWhileTheDatabaseGoesOn() throws {
        let database = try open(SimulatedFileSystem())
        let node = try database.write { transaction in
            try transaction.createNode(labels: ["A"], properties: ["n": 1])
        }.value
        let view = database.view()
        try database.write { transaction in
            try transaction.setProperty("n", to: 2, of: node)
            try transaction.createNode(labels: ["A"])
        }
        #expect(view.node(node)?["n"] == 1 && view.nodeCount == 1 && !view.isInTransaction)
        #expect(database.view().node(node)?["n"] == 2 && database.view().nodeCount == 2)
    }

    @Test func aCheckpointContainsTheGraphAsItWasWhenItBegan() throws {
        let fileSystem = SimulatedFileSystem()
        let gate = Gate()
        var environment = StorageEnvironment.simulated(fileSystem)
        environment.fileSystem = InterceptedFileSystem(
            fileSystem, CallHook { if $0.kind == .createFile { gate.pass() } })
        let database = try GraphDatabase.open("db", environment: environment)
        let ids = try database.write { transaction in
            try (Int64(0)..<3000).map { n in
                try transaction.createNode(labels: ["A"], properties: ["n": .int(n)])
            }
        }.value
        gate.shut()
        let thread = try BackgroundThread { _ = try? database.checkpoint() }
        gate.waitUntilBlocked()
        // Changes chunks that the snapshot is still to be written from.
        try database.write { transaction in
            try transaction.deleteNode(ids[7])
            try transaction.setProperty("n", to: -1, of: ids[2999])
            try transaction.createRelationship("R", from: ids[0], to: ids[1500])
        }
        gate.open()
        thread.join()
        let image = fileSystem.crashImage(.onlySynced)
        let again = try open(image)
        #expect(again.recovery.snapshotFence != nil && again.recovery.eventCount == 3)
        #expect(again.read { $0.nodeCount } == 2999)
        #expect(again.view().node(ids[2999])?["n"] == -1)
        #expect(again.view().degree(of: ids[1500], direction: .both) == 1)
    }

    @Test(arguments: [false, true])
    func rulesForRelationshipsComeBack(hasCheckpoint: Bool) throws {
        let fileSystem = SimulatedFileSystem()
        let database = try open(fileSystem)
        let rules: [RelationshipRule] = [
            .existence(type: "R", key: "n"), .valueType(type: "R", key: "n", .int),
            .key(type: "R", keys: ["n", "m"]), .index(type: "R", keys: ["n"]),
            .unique(type: "R", keys: ["n"]),
        ]
        try database.write { transaction in
            for rule in rules { try transaction.create(rule) }
            try transaction.create(.index(type: "S", keys: ["x"]))
            let node = try transaction.createNode()
            for n in Int64(0)..<3 {
                try transaction.createRelationship(
                    "R", from: node, to: node, properties: ["n": .int(n), "m": 1])
            }
        }
        // What is taken back was never on disk.
        #expect(throws: GraphError.self) {
            try database.write { transaction in
                let node = NodeID(rawValue: 0)
                try transaction.drop(.unique(type: "R", keys: ["n"]))
                try transaction.createRelationship(
                    "R", from: node, to: node, properties: ["n": 2, "m": 2])
                try transaction.create(.unique(type: "R", keys: ["n"]))
            }
        }
        if hasCheckpoint { try database.checkpoint() }
        try database.write { _ = try $0.drop(.index(type: "S", keys: ["x"])) }
        let again = try open(fileSystem.crashImage(.onlySynced))
        #expect(again.view().relationshipRules == rules)
        let found = again.view().relationships(typed: "R", where: .range("n", 1...))
        #expect(found.map(\.rawValue) == [1, 2] && found.usesIndex)
        #expect(throws: GraphError.self) {
            try again.write { transaction in
                let node = NodeID(rawValue: 0)
                try transaction.createRelationship(
                    "R", from: node, to: node, properties: ["n": 2, "m": 9])
            }
        }
    }

    @Test(arguments: [false, true]) func rulesComeBack(hasCheckpoint: Bool) throws {
        let fileSystem = SimulatedFileSystem()
        let database = try open(fileSystem)
        let rules: [SchemaRule] = [
            .existence(label: "A", key: "n"), .type(label: "A", key: "n", .int),
            .key(label: "A", keys: ["n", "m"]), .index(label: "A", keys: ["n"]),
        ]
        try database.write { transaction in
            for rule in rules { try transaction.create(rule) }
            try transaction.create(.index(label: "B", keys: ["x"]))
            for n in Int64(0)..<3 {
                try transaction.createNode(labels: ["A"], properties: ["n": .int(n), "m": 1])
            }
        }
        if hasCheckpoint { try database.checkpoint() }
        try database.write { _ = try $0.drop(.index(label: "B", keys: ["x"])) }
        let again = try open(fileSystem.crashImage(.onlySynced))
        #expect(again.view().rules == rules)
        let found = again.view().nodes(labeled: "A", where: .range("n", 1...))
        #expect(found.map(\.rawValue) == [1, 2] && found.usesIndex)
        #expect(throws: GraphError.self) {
            try again.write { transaction in
                try transaction.createNode(labels: ["A"], properties: ["n": 2, "m": 1])
            }
        }
    }
}
