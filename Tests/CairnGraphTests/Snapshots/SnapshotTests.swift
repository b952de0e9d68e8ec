// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

@testable import CairnGraph

struct SnapshotTests {
    /// A store with holes, loops, constraints and every kind of value.
    private func sampleStore() throws -> GraphStore {
        var store = GraphStore()
        for index in 0..<5 {
            try store.createNode(
                labels: index.isMultiple(of: 2) ? ["B", "A"] : ["C"],
                properties: ["z": .int(Int64(index)), "a": ["x": [1.5, nil, "s"]]])
        }
        try store.createUniqueConstraint(label: "A", key: "z")
        try store.createUniqueConstraint(label: "unborn", key: "unseen")
        try store.create(.existence(label: "A", key: "z"))
        try store.create(.type(label: "C", key: "z", .int))
        try store.create(.key(label: "B", keys: ["z", "a"]))
        try store.create(.index(label: "A", keys: ["a", "z"]))
        try store.create(.index(label: "unborn too", keys: ["only here"]))
        for index in 0..<4 {
            try store.createRelationship(
                index == 0 ? "R" : "S", from: NodeID(rawValue: UInt64(index)),
                to: NodeID(rawValue: 4), properties: index == 1 ? ["m": .bytes([1])] : [:])
        }
        try store.createRelationship("S", from: NodeID(rawValue: 4), to: NodeID(rawValue: 4))
        try store.deleteRelationship(RelationshipID(rawValue: 2))
        try store.deleteNode(NodeID(rawValue: 2))
        return store
    }

    /// The same in less: one node of each kind, and one letter for each name, for what is done to every byte.
    private func smallStore() throws -> GraphStore {
        var store = GraphStore()
        try store.createNode(
            labels: ["B", "A"], properties: ["z": 1, "a": ["x": [1.5, nil, "s"]]])
        try store.createNode(labels: ["C"], properties: ["z": 2])
        try store.createNode(labels: ["C"])
        try store.createNode(labels: ["B", "A"], properties: ["z": 3, "a": 4])
        try store.createUniqueConstraint(label: "A", key: "z")
        try store.createUniqueConstraint(label: "u", key: "v")
        try store.create(.existence(label: "A", key: "z"))
        try store.create(.type(label: "C", key: "z", .int))
        try store.create(.key(label: "B", keys: ["z", "a"]))
        try store.create(.index(label: "A", keys: ["a", "z"]))
        try store.create(.index(label: "w", keys: ["o"]))
        let (first, last) = (NodeID(rawValue: 0), NodeID(rawValue: 3))
        try store.createRelationship("R", from: first, to: last)
        try store.createRelationship("S", from: first, to: last, properties: ["m": .bytes([1])])
        try store.createRelationship("S", from: NodeID(rawValue: 2), to: last)
        try store.createRelationship("S", from: last, to: last)
        try store.deleteRelationship(RelationshipID(rawValue: 2))
        try store.deleteNode(NodeID(rawValue: 2))
        return store
    }

    @Test func anEmptyStoreRoundTrips() throws {
        let image = GraphStore().image
        #expect(image[1] == [2, 0, 0, 0, 0, 0, 0])
        #expect(image.sections.keys.sorted() == Array(1...9))
        #expect(try GraphStore(image).image == image)
    }

    @Test(arguments: [1, 2, 100]) func aStoreRoundTripsInRunsOfAnyLength(recordCountMax: Int) throws
    {
        let store = try sampleStore()
        let loaded = try GraphStore(store.image, recordCountMax: recordCountMax)
        #expect(loaded.defects(against: GraphModel(of: store)) == [])
        #expect(loaded.image == store.image)
    }

    @Test func bytesAreTheDocumentedOnes() throws {
        var store = GraphStore()
        try store.createNode()
        let node = try store.createNode(labels: ["L", "K"], properties: ["b": 1, "a": true])
        try store.deleteNode(NodeID(rawValue: 0))
        try store.createUniqueConstraint(label: "L", key: "b")
        try store.createRelationship("R", from: node, to: node, properties: ["b": 2])
        let image = store.image
        #expect(image[1] == [2, 2, 1, 2, 1, 1, 1])
        #expect(image[2] == [1, 75, 1, 76])
        #expect(image[3] == [1, 82])
        #expect(image[4] == [1, 97, 1, 98])
        #expect(image[5] == [1, 1])
        #expect(image[6] == [2, 0, 0, 0, 0, 0, 0, 0])
        let nodes: [[UInt8]] = [
            // A whole block of one, two columns: truth, integers; a shape: labels and columns.
            [0, 1], [2, 0, 1, 1, 2], [1, 2, 0, 1, 2, 0, 1],
            // The shape of each node, the values of each column.
            [1, 0], [1], [1, 2],
        ]
        #expect(image[7] == Array(nodes.joined()))
        #expect(image[8] == [1, 0, 0, 0, 0, 0, 0, 0])
        let relationships: [[UInt8]] = [
            [0, 1], [1, 1, 2], [1, 0, 1, 0], [1, 0],
            // Where each begins, where each ends.
            [1, 2], [1, 2], [1, 4],
        ]
        #expect(image[9] == Array(relationships.joined()))
    }

    @Test func equalGraphsGiveEqualBytesWhateverTheirHistory() throws {
        var plain = GraphStore()
        let a = try plain.createNode(labels: ["A"], properties: ["x": 1, "y": 2])
        let b = try plain.createNode(labels: ["B", "A"])
        try plain.createRelationship("R", from: a, to: b)
        try plain.createRelationship("S", from: b, to: a, properties: ["y": 1, "x": 2])

        var other = GraphStore()
        for _ in 0..<200 {
            try other.createNode(labels: ["gone", "B"], properties: ["y": 0, "old": 1])
        }
        try other.createRelationship("Old", from: NodeID(rawValue: 150), to: a)
        try other.createUniqueConstraint(label: "other", key: "old")
        try other.dropUniqueConstraint(label: "other", key: "old")
        for id in Array(other.nodeIDs).reversed() { try other.deleteNode(id, detach: true) }
        #expect(other.image == GraphStore().image)
        try other.createNode(properties: ["y": 5])
        try other.createNode(labels: ["A", "C", "B"])
        try other.setProperties(["y": 2, "x": 1], of: a)
        try other.addLabel("A", to: a)
        try other.removeLabel("C", from: b)
        try other.createRelationship("T", from: a, to: b)
        try other.createRelationship("S", from: b, to: a, properties: ["x": 2, "y": 1])
        try other.deleteRelationship(RelationshipID(rawValue: 0))
        try other.createRelationship("R", from: a, to: b)
        #expect(other.image == plain.image)
    }

    @Test func holesCostABitAndAreFilledAgainAfterLoading() throws {
        var store = GraphStore()
        for _ in 0..<100_000 { try store.createNode() }
        for id in Array(store.nodeIDs).dropLast() { try store.deleteNode(id) }
        let image = store.image
        #expect(image[6].count == (100_000 + 63) / 64 * 8)
        #expect(image.sections[6]?.count == 4)
        #expect(image[7].count == 8)
        var loaded = try GraphStore(image)
        #expect(loaded.nodeIDs.map(\.rawValue) == [99_999])
        for expected in 0..<99_999 { #expect(try loaded.createNode().rawValue == expected) }
        #expect(try loaded.createNode().rawValue == 100_000)
    }

    @Test func sectionsOfOthersAreLeftAloneAndUnknownOnesRefused() throws {
        var image = try sampleStore().image
        image.sections[256] = [[1, 2, 3]]
        image.sections[0] = [[]]
        _ = try GraphStore(image)
        image.sections[12] = []
        #expect(throws: FormatError(code: .unsupportedVersion, offset: 0)) { try GraphStore(image) }
    }

    @Test func everyTruncationAndEveryMissingSectionIsAnError() throws {
        let image = try sampleStore().image
        for section in image.sections.keys {
            let bytes = image[section]
            var damaged = image
            damaged.sections[section] = nil
            #expect(throws: FormatError.self, "without \(section)") { try GraphStore(damaged) }
            for count in bytes.indices {
                damaged.sections[section] = [Array(bytes[..<count])]
                #expect(throws: FormatError.self) { try GraphStore(damaged) }
            }
            damaged.sections[section] = [bytes, bytes]
            #expect(throws: FormatError.self, "section \(section) twice") {
                try GraphStore(damaged)
            }
        }
    }

    @Test func everyChangedByteGivesACanonicalStoreOrAnError() throws {
        let image = try smallStore().image
        var acceptedCount = 0
        for section in image.sections.keys {
            let bytes = image[section]
            for index in bytes.indices {
                for byte in UInt8.min...UInt8.max where byte != bytes[index] {
                    var changed = bytes
                    changed[index] = byte
                    var damaged = image
                    damaged.sections[section] = [changed]
                    guard let store = try? GraphStore(damaged) else { continue }
                    acceptedCount += 1
                    let again = store.image
                    // How blocks and columns are cut is the writer's choice, what is in them is not.
                    let isCanonical = damaged.sections.keys.allSatisfy {
                        again[$0] == damaged[$0] || $0 == 7 || $0 == 9
                    }
                    let isKept = try GraphStore(again).image == again
                    if !isCanonical || !isKept {
                        Issue.record("section \(section), byte \(index) = \(byte)")
                    }
                    if acceptedCount.isMultiple(of: 16) {
                        #expect(store.defects(against: GraphModel(of: store)) == [])
                    }
                }
            }
        }
        #expect(acceptedCount > 1000)
    }
}
