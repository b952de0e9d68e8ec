// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Foundation
import Testing

@testable import CairnGraph

/// Random programs against the model: every outcome, rollback, replay, the snapshot, and the views taken
/// before each step, which all must show at the end what they showed at first.
///
/// The environment variable `CAIRN_PROGRAM_COUNT` says how many; a long run is 100,000.
struct GraphProgramTests {
    /// A point that a program can go back to.
    private struct Mark {
        var savepoint: GraphSavepoint?
        var model: GraphModel
        var image: SectionImage
        var eventCount: Int
    }

    private struct Program {
        var random: SplitMix64
        var store = GraphStore()
        var model = GraphModel()
        let list = EventList()
        var marks: [Mark] = []
        /// What the store was like before each step.
        var views: [(view: GraphStore, model: GraphModel)] = []
        var rollbackCount = 0
        var refusalCount = 0
        /// The first thing that went wrong.
        var defect: String?

        init(seed: UInt64) {
            random = SplitMix64(seed: seed)
            store.recorder = list
        }

        mutating func run() {
            for _ in 0..<40 where defect == nil {
                views.append((store.view(), model))
                switch random.below(12) {
                case 0: beginOrMark()
                case 1: goBack()
                case 2: commitOrRelease()
                default: mutate()
                }
            }
            if defect == nil { check("at the end") }
            if defect == nil { checkViews() }
            if defect == nil { replay() }
        }

        private mutating func checkViews() {
            for (step, entry) in views.enumerated() where GraphModel(of: entry.view) != entry.model
            {
                defect = defect ?? "the view before step \(step)"
            }
            let entry = views[random.below(views.count)]
            defect =
                defect ?? entry.view.defects(against: entry.model).first.map { "\($0) in a view" }
            // A view is a store of its own, and changing it does not touch the store.
            var branch = entry.view
            for id in Array(branch.nodeIDs) { try? branch.deleteNode(id, detach: true) }
            if branch.nodeCount != 0 || branch.relationshipCount != 0 { defect = "a view changed" }
            if defect == nil { check("after changing a view") }
        }

        mutating func check(_ moment: String) {
            defect = store.defects(against: model).first.map { "\($0) \(moment)" }
        }

        private mutating func mutate() {
            let step = random.step(
                nodeCount: model.nodes.count, relationshipCount: model.relationships.count)
            let before = list.events.count
            let expected = model.perform(step)
            let found = failure { () throws(GraphError) in try store.perform(step) }
            if found?.code != expected {
                defect =
                    "\(step): \(String(describing: found?.code)), not \(String(describing: expected))"
            }
            if found != nil {
                refusalCount += 1
                if list.events.count != before { defect = "\(step): an event of a refusal" }
            }
        }

        private mutating func beginOrMark() {
            do {
                if !store.isInTransaction { try store.beginTransaction() }
                marks.append(
                    Mark(
                        savepoint: marks.isEmpty ? nil : try store.savepoint(), model: model,
                        image: store.image, eventCount: list.events.count))
            } catch { defect = "begin: \(error)" }
        }

        private mutating func goBack() {
            guard !marks.isEmpty else { return }
            let mark = marks[random.below(marks.count)]
            let index = marks.firstIndex { $0.savepoint == mark.savepoint }!
            do {
                if let savepoint = mark.savepoint {
                    marks.removeSubrange((index + 1)...)
                    try store.rollBack(to: savepoint)
                } else {
                    marks.removeAll()
                    try store.rollBackTransaction()
                }
            } catch { defect = "rollback: \(error)" }
            if list.events.count < mark.eventCount { defect = "events lost" }
            list.truncate(to: mark.eventCount)
            model = mark.model
            rollbackCount += 1
            if store.image != mark.image { defect = "snapshot after rollback" }
            if defect == nil { check("after rollback") }
        }

        private mutating func commitOrRelease() {
            guard let mark = marks.popLast() else { return }
            do {
                if let savepoint = mark.savepoint {
                    try store.release(savepoint)
                } else {
                    try store.commitTransaction()
                }
            } catch { defect = "commit: \(error)" }
        }

        private mutating func replay() {
            let encoded = EncodedEvents(list.events)
            do {
                var replayed = GraphStore()
                for event in try encoded.decoded() { try replayed.apply(event) }
                if replayed.image != store.image { defect = "snapshot after replay" }
                var direct = GraphStore()
                for event in list.events {
                    let encoded = EncodedEvents([event])
                    try direct.replay(encoded.bytes, encoded.symbols)
                }
                if direct.image != store.image { defect = "snapshot after replay from bytes" }
                var loaded = try GraphStore(store.image)
                if loaded.image != store.image { defect = "snapshot after loading" }
                defect =
                    defect ?? loaded.defects(against: model).first.map { "\($0) after loading" }
                // What was loaded goes on like what was there.
                let ids = (try loaded.createNode(), try store.createNode())
                if ids.0 != ids.1 { defect = "next id after loading" }
            } catch { defect = "replay: \(error)" }
        }
    }

    private static let partCount: UInt64 = 8
    private static let countEach: UInt64 = {
        let count = ProcessInfo.processInfo.environment["CAIRN_PROGRAM_COUNT"].flatMap(UInt64.init)
        return max(1, (count ?? 2400) / partCount)
    }()

    @Test(arguments: 0..<Self.partCount) func randomProgramsAgreeWithTheModel(part: UInt64) {
        var rollbackCount = 0
        var refusalCount = 0
        for seed in part * Self.countEach..<(part + 1) * Self.countEach {
            var program = Program(seed: seed)
            program.run()
            rollbackCount += program.rollbackCount
            refusalCount += program.refusalCount
            #expect(program.defect == nil, "seed \(seed)")
            if program.defect != nil { return }
        }
        #expect(rollbackCount > Self.countEach / 2)
        #expect(refusalCount > Self.countEach / 2)
    }
}
