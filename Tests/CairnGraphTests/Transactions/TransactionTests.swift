// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

struct TransactionTests {
    var store = GraphStore()

    private mutating func code(
        _ body: (inout GraphStore) throws(GraphError) -> Void
    ) -> GraphError.Code? {
        failure { () throws(GraphError) in try body(&store) }?.code
    }

    @Test mutating func whatNeedsATransactionSaysSo() throws {
        let begin: (inout GraphStore) throws(GraphError) -> Void = { store throws(GraphError) in
            try store.beginTransaction()
        }
        let commit: (inout GraphStore) throws(GraphError) -> Void = { store throws(GraphError) in
            try store.commitTransaction()
        }
        let rollback: (inout GraphStore) throws(GraphError) -> Void = { store throws(GraphError) in
            try store.rollBackTransaction()
        }
        let mark: (inout GraphStore) throws(GraphError) -> Void = { store throws(GraphError) in
            _ = try store.savepoint()
        }
        #expect(code(commit) == .noTransaction)
        #expect(code(rollback) == .noTransaction)
        #expect(code(mark) == .noTransaction)
        #expect(!store.isInTransaction)
        #expect(code(begin) == nil && store.isInTransaction)
        #expect(code(begin) == .transactionOpen)
        #expect(code(mark) == nil)
        #expect(code(commit) == nil && !store.isInTransaction)
        #expect(code(begin) == nil)
        #expect(code(rollback) == nil && !store.isInTransaction)
    }

    @Test mutating func commitKeepsAndRollbackTakesBack() throws {
        try store.createNode(labels: ["A"])
        let image = store.image
        try store.beginTransaction()
        try store.createNode(labels: ["B"])
        try store.deleteNode(NodeID(rawValue: 0))
        try store.rollBackTransaction()
        #expect(store.image == image && store.labelCounts == ["A": 1])
        try store.beginTransaction()
        try store.createNode(labels: ["B"])
        try store.commitTransaction()
        #expect(store.labelCounts == ["A": 1, "B": 1])
        // Nothing of the committed transaction is left to be taken back by the next one.
        try store.beginTransaction()
        try store.rollBackTransaction()
        #expect(store.labelCounts == ["A": 1, "B": 1])
    }

    @Test mutating func aSavepointIsRolledBackToAgainAndAgain() throws {
        try store.beginTransaction()
        try store.createNode()
        let savepoint = try store.savepoint()
        for _ in 0..<3 {
            try store.createNode()
            try store.rollBack(to: savepoint)
            #expect(store.nodeCount == 1)
        }
    }

    @Test mutating func savepointsThatAreNoMoreAreRefused() throws {
        try store.beginTransaction()
        let first = try store.savepoint()
        let second = try store.savepoint()
        let third = try store.savepoint()
        try store.rollBack(to: second)
        #expect(
            code { store throws(GraphError) in try store.rollBack(to: third) } == .invalidSavepoint)
        let fourth = try store.savepoint()
        #expect(fourth != third)
        try store.release(second)
        for gone in [second, third, fourth] {
            #expect(
                code { store throws(GraphError) in try store.release(gone) } == .invalidSavepoint)
        }
        try store.rollBack(to: first)
        try store.commitTransaction()
        #expect(
            code { store throws(GraphError) in try store.rollBack(to: first) } == .noTransaction)
        try store.beginTransaction()
        _ = try store.savepoint()
        #expect(
            code { store throws(GraphError) in try store.rollBack(to: first) } == .invalidSavepoint)
    }

    @Test mutating func rollbackIsNotRecorded() throws {
        let list = EventList()
        store.recorder = list
        try store.beginTransaction()
        try store.createNode()
        try store.rollBackTransaction()
        #expect(list.events.count == 1)
    }

    @Test mutating func appliedEventsAreTakenBackToo() throws {
        try store.beginTransaction()
        try store.apply(.nodeCreated(NodeID(rawValue: 0), labels: ["A"], properties: [:]))
        try store.apply(.nodeDeleted(NodeID(rawValue: 0)))
        try store.apply(.nodeCreated(NodeID(rawValue: 0), labels: ["B"], properties: [:]))
        try store.rollBackTransaction()
        #expect(store.nodeCount == 0 && store.labelCounts.isEmpty)
    }
}
