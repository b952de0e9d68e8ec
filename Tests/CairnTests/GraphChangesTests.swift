// SPDX-License-Identifier: Apache-2.0

import Cairn
import CairnDurable
import CairnGraph
import CairnIO
import CairnLSN
import CairnLog
import CairnTesting
import SystemPackage
import Testing

/// The change feed of a graph database.
@Suite(.timeLimit(.minutes(2)))
struct GraphChangesTests {
    private func open(_ files: SimulatedFileSystem) throws -> GraphDatabase {
        var options = LogOptions()
        options.segmentByteCount = 512
        return try GraphDatabase.open("db", options: options, environment: .simulated(files))
    }

    @Test func theEventsMakeTheSameGraphElsewhere() throws {
        let database = try open(SimulatedFileSystem())
        let reader = try database.changes().makeReader()
        var copy = GraphStore()
        var position: LSN = .never
        for round in 0..<40 {
            let result = try database.write { transaction in
                let node = try transaction.createNode(
                    labels: ["Round"], properties: ["round": .int(Int64(round))])
                try transaction.createRelationship("SELF", from: node, to: node)
                if round.isMultiple(of: 5) { try transaction.deleteNode(node, detach: true) }
            }
            let change = try #require(try reader.next())
            #expect(change.lsns == result.receipt?.lsns)
            #expect(change.events.count >= 2)
            #expect(change.commitLSN > position)
            position = change.commitLSN
            for event in change.events { try copy.apply(event) }
            #expect(try reader.next() == nil)
        }
        database.read { graph in
            #expect(Array(graph.nodes) == Array(copy.nodes))
            #expect(Array(graph.relationships) == Array(copy.relationships))
        }
        #expect(reader.position == position)
    }

    @Test func anAsyncReaderFollowsAndGoesOnWhereItStopped() async throws {
        let database = try open(SimulatedFileSystem())
        let changes = try database.changes()
        let task = Task {
            var lsns: [LSN] = []
            for try await change in changes {
                lsns.append(change.commitLSN)
                if lsns.count == 5 { break }
            }
            return lsns
        }
        for _ in 0..<8 { try await database.write { _ = try $0.createNode() } }
        let first = try await task.value
        #expect(first.count == 5)
        let rest = try database.changes(after: first[4]).makeReader()
        var count = 0
        while try rest.next() != nil { count += 1 }
        #expect(count == 3)
        try await database.close()
        for try await _ in try database.changes(after: rest.position) {
            Issue.record("a closed database has no more changes")
        }
    }

    @Test func checkpointsLeaveWhatIsPinned() throws {
        let database = try open(SimulatedFileSystem())
        func fill() throws {
            for _ in 0..<20 { try database.write { _ = try $0.createNode(labels: ["Some"]) } }
            try database.checkpoint()
        }
        let slow = try database.changes().makeReader()
        let pinned = try database.changes(retaining: .max).makeReader()
        for _ in 0..<4 { try fill() }
        var count = 0
        while try pinned.next() != nil { count += 1 }
        #expect(count == 80)
        for _ in 0..<4 { try fill() }
        let error = #expect(throws: DurableError.self) { try slow.next() }
        #expect(error?.code == .changesUnavailable)
        #expect(database.status.log.firstLSN == error?.lsn)
        #expect(throws: DurableError.self) { try database.pin(at: .never, byteCountMax: 1) }
    }
}
