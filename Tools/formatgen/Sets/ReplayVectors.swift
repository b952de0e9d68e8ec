// SPDX-License-Identifier: Apache-2.0
//
// Sequences of graph events and the graph that comes of them, or the event that does not follow from it. The
// store that ships and a model that knows nothing of it must agree on each.

import CairnCodec
import CairnFormat
import CairnFormats
import CairnGraph
import CairnInterpreter

/// A sequence of events and what is known about it.
struct ReplayCase {
    let name: String
    let comment: String
    let events: [MutationEvent]
    /// The error and the number of its event, from 0.
    var refused: (error: GraphError.Code, event: Int)?

    init(
        _ name: String, _ comment: String, _ events: [MutationEvent],
        refused: (error: GraphError.Code, event: Int)? = nil
    ) {
        self.name = name
        self.comment = comment
        self.events = events
        self.refused = refused
    }
}

/// The vectors of replaying.
enum ReplayVectors {
    static func node(_ id: UInt64) -> NodeID { NodeID(rawValue: id) }
    static func link(_ id: UInt64) -> RelationshipID { RelationshipID(rawValue: id) }

    /// Nodes 0 (A, k: 1) and 1, relationship 0 (R, k: 1) between them, a constraint on A and k.
    private static let base: [MutationEvent] = [
        .nodeCreated(node(0), labels: ["A"], properties: ["k": 1]),
        .nodeCreated(node(1), labels: [], properties: [:]),
        .relationshipCreated(
            link(0), type: "R", from: node(0), to: node(1), properties: ["k": 1]),
        .uniqueConstraintCreated(label: "A", key: "k"),
    ]

    private static func refused(
        _ name: String, _ error: GraphError.Code, _ event: MutationEvent, _ comment: String
    ) -> ReplayCase {
        ReplayCase(name, comment, base + [event], refused: (error, base.count))
    }

    private static let good: [ReplayCase] = [
        ReplayCase("nothing", "No event gives an empty graph.", []),
        ReplayCase("base", "Two nodes, a relationship and a constraint.", base),
        ReplayCase(
            "labels", "Labels are added and removed.",
            base + [
                .labelAdded(node(1), label: "B"), .labelAdded(node(1), label: "A"),
                .labelRemoved(node(0), label: "A"),
            ]),
        ReplayCase(
            "properties", "Properties are set, changed, removed and replaced.",
            base + [
                .nodePropertySet(node(1), key: "name", value: "Ada"),
                .nodePropertySet(node(1), key: "name", value: "Eve"),
                .nodePropertySet(node(0), key: "k", value: nil),
                .relationshipPropertySet(link(0), key: "w", value: 2.5),
                .nodePropertiesReplaced(node(1), properties: ["x": true, "y": 7]),
                .relationshipPropertiesReplaced(link(0), properties: [:]),
            ]),
        ReplayCase(
            "id-used-again", "The lowest id that is free is given out again.",
            base + [
                .relationshipDeleted(link(0)), .nodeDeleted(node(0)),
                .nodeCreated(node(0), labels: ["C"], properties: [:]),
                .relationshipCreated(
                    link(0), type: "S", from: node(1), to: node(0), properties: [:]),
            ]),
        ReplayCase(
            "self-loop", "A relationship from a node to itself, and a second one of the same type.",
            base + [
                .relationshipCreated(
                    link(1), type: "R", from: node(1), to: node(1), properties: [:]),
                .relationshipCreated(
                    link(2), type: "R", from: node(1), to: node(1), properties: [:]),
            ]),
        ReplayCase(
            "constraint-dropped", "Two nodes have one value once the constraint is gone.",
            base + [
                .uniqueConstraintDropped(label: "A", key: "k"),
                .nodeCreated(node(2), labels: ["A"], properties: ["k": 1]),
            ]),
    ]

    private static let bad: [ReplayCase] = [
        refused(
            "twice", .inconsistentEvent, base[1], "The same event again: its id is in use."),
        refused(
            "id-left-out", .inconsistentEvent,
            .nodeCreated(node(3), labels: [], properties: [:]), "An id is left out."),
        refused(
            "value-taken", .uniqueViolation,
            .nodeCreated(node(2), labels: ["A"], properties: ["k": 1]),
            "Another node has the value of a unique property."),
        refused("no-such-node", .nodeNotFound, .nodeDeleted(node(2)), "There is no such node."),
        refused(
            "node-with-relationships", .nodeHasRelationships, .nodeDeleted(node(0)),
            "A node cannot go before its relationships."),
        refused(
            "label-there", .inconsistentEvent, .labelAdded(node(0), label: "A"),
            "A label that the node has already."),
        refused(
            "label-not-there", .inconsistentEvent, .labelRemoved(node(0), label: "B"),
            "A label that the node does not have."),
        refused(
            "value-unchanged", .inconsistentEvent, .nodePropertySet(node(0), key: "k", value: 1),
            "A property that has the value already."),
        refused(
            "dangling", .nodeNotFound,
            .relationshipCreated(
                link(1), type: "R", from: node(0), to: node(7), properties: [:]),
            "A relationship to a node that is not there."),
        refused(
            "no-such-relationship", .relationshipNotFound, .relationshipDeleted(link(1)),
            "There is no such relationship."),
    ]

    private static let violated = ReplayCase(
        "constraint-violated", "Two nodes have the value already.",
        [
            .nodeCreated(node(0), labels: ["B"], properties: ["k": 1]),
            .nodeCreated(node(1), labels: ["B"], properties: ["k": 1]),
            .uniqueConstraintCreated(label: "B", key: "k"),
        ], refused: (.constraintViolatedByData, 2))

    private static let cases = good + bad + [violated] + schema + relationshipRules

    /// The file, and what is not as expected.
    static func file() -> (text: String, disagreements: [Disagreement]) {
        var disagreements: [Disagreement] = []
        var results: [JSON] = []
        for one in cases {
            let (state, sentences) = replay(one)
            disagreements += sentences.map {
                Disagreement(place: "replay/\(one.name)", sentence: $0)
            }
            results.append(
                .members(
                    ("name", .string(one.name)), ("comment", .string(one.comment)),
                    ("bytes", .string(bytes(one.events).hex)),
                    ("eventCount", .int(one.events.count)),
                    (
                        "refused",
                        one.refused.map {
                            .members(
                                ("error", .string("\($0.error)")), ("event", .int($0.event)))
                        }
                    ), ("graph", state)))
        }
        let json = JSON.members(
            ("format", .string("GraphEvents")),
            (
                "comment",
                .string(
                    "Events, as one batch; the graph after them, or after those before the one that is refused. "
                        + "Values are the hexadecimal digits of their encoding.")
            ), ("tests", .array(results)))
        return (json.text, disagreements)
    }

    /// The graph that comes of the events in the store, and where the hand or the model say otherwise.
    private static func replay(_ one: ReplayCase) -> (state: JSON, sentences: [String]) {
        var store = GraphStore()
        var model = ReplayModel()
        var found: (error: GraphError.Code, event: Int)?
        var sentences: [String] = []
        for (index, event) in one.events.enumerated() {
            var changed = model
            changed.apply(event)
            let violated = changed.violation(by: event)
            do throws(GraphError) {
                try store.apply(event)
                model = changed
                if let violated { sentences.append("event \(index): the model says \(violated)") }
            } catch {
                found = (error.code, index)
                if ReplayModel.violations.contains(error.code), error.code != violated {
                    sentences.append("the store says \(error.code), the model does not")
                }
                break
            }
        }
        if found?.error != one.refused?.error || found?.event != one.refused?.event {
            sentences.append(
                "expected \(one.refused.map { "\($0)" } ?? "a graph"), found "
                    + (found.map { "\($0)" } ?? "a graph"))
        }
        // Also of a refused event: it changed nothing.
        let state = ReplayModel(store).json
        if state != model.json {
            sentences.append("the store has \(state.text), the model \(model.json.text)")
        }
        return (state, sentences)
    }

    private static func bytes(_ events: [MutationEvent]) -> [UInt8] {
        var builder = BatchBuilder()
        for event in events { builder.append(event) }
        var buffer = BinaryBuffer()
        builder.encode(into: &buffer)
        return buffer.array()
    }
}
