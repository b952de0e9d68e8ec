// SPDX-License-Identifier: Apache-2.0

internal import Cairn
internal import CairnDurable
internal import CairnGraph
internal import CairnLSN
internal import CairnLog
internal import Foundation

extension LoggedEvent {
    /// The event, and the transaction that it was committed in.
    var json: JSONValue {
        .object([
            "lsn": .unsigned(transaction.commitLSN.rawValue),
            "time": .string(utcText(transaction.commitNanoseconds)),
            "event": event.json,
        ])
    }
}

extension StoreEvent {
    var json: JSONValue {
        switch self {
        case .graph(let event): event.json
        case .coded(let value): JSONValue(value)
        case .bytes(let bytes): JSONValue(bytes: bytes)
        }
    }
}

extension JSONValue {
    /// Bytes: `{"$bytes": base64}`.
    init(bytes: [UInt8]) { self = .object(["$bytes": .string(Data(bytes).base64EncodedString())]) }

    /// A number; `{"$double": "nan"}` (or `inf`, `-inf`) when JSON has none.
    init(_ value: Double) {
        self = value.isFinite ? .number(value) : .object(["$double": .string("\(value)")])
    }

    /// A value in the self-describing form.
    init(_ value: CodedValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .integer(value)
        case .uint(let value): self = .unsigned(value)
        case .double(let value): self.init(value)
        // By its digits, so that 0.1 does not become 0.10000000149011612.
        case .float(let value): self.init(Double("\(value)") ?? Double(value))
        case .string(let value): self = .string(value)
        case .bytes(let value): self.init(bytes: value)
        case .array(let values): self = .array(values.map { JSONValue($0) })
        case .object(let fields): self = .object(fields.mapValues { JSONValue($0) })
        }
    }
}

extension MutationEvent {
    /// The effect of the event: its name, with what it is applied to.
    var json: JSONValue {
        switch self {
        case .nodeCreated(let id, let labels, let properties):
            action(
                "nodeCreated",
                [
                    "node": id.json, "labels": .array(labels.map(JSONValue.string)),
                    "properties": JSONValue(properties),
                ])
        case .nodeDeleted(let id): action("nodeDeleted", ["node": id.json])
        case .labelAdded(let id, let label):
            action("labelAdded", ["node": id.json, "label": .string(label)])
        case .labelRemoved(let id, let label):
            action("labelRemoved", ["node": id.json, "label": .string(label)])
        case .nodePropertySet(let id, let key, let value):
            action(
                "nodePropertySet",
                ["node": id.json, "key": .string(key), "value": JSONValue(value)])
        case .nodePropertiesReplaced(let id, let properties):
            action(
                "nodePropertiesReplaced", ["node": id.json, "properties": JSONValue(properties)])
        case .relationshipCreated(let id, let type, let from, let to, let properties):
            action(
                "relationshipCreated",
                [
                    "relationship": id.json, "type": .string(type), "from": from.json,
                    "to": to.json, "properties": JSONValue(properties),
                ])
        case .relationshipDeleted(let id):
            action("relationshipDeleted", ["relationship": id.json])
        case .relationshipPropertySet(let id, let key, let value):
            action(
                "relationshipPropertySet",
                ["relationship": id.json, "key": .string(key), "value": JSONValue(value)])
        case .relationshipPropertiesReplaced(let id, let properties):
            action(
                "relationshipPropertiesReplaced",
                ["relationship": id.json, "properties": JSONValue(properties)])
        case .uniqueConstraintCreated(let label, let key):
            action(
                "uniqueConstraintCreated", ["label": .string(label), "key": .string(key)])
        case .uniqueConstraintDropped(let label, let key):
            action(
                "uniqueConstraintDropped", ["label": .string(label), "key": .string(key)])
        case .ruleCreated(let rule): action("ruleCreated", rule.json)
        case .ruleDropped(let rule): action("ruleDropped", rule.json)
        case .relationshipRuleCreated(let rule): action("relationshipRuleCreated", rule.json)
        case .relationshipRuleDropped(let rule): action("relationshipRuleDropped", rule.json)
        }
    }

    private func action(_ name: String, _ parts: [String: JSONValue]) -> JSONValue {
        .object([name: .object(parts)])
    }
}

extension SchemaRule {
    /// As an export says it, without the kind of the line.
    fileprivate var json: [String: JSONValue] {
        switch self {
        case .existence(let label, let key): parts("existence", label, [key])
        case .type(let label, let key, let type):
            parts("type", label, [key]).merging(["type": .string("\(type)")]) { first, _ in first }
        case .key(let label, let keys): parts("key", label, keys)
        case .index(let label, let keys): parts("index", label, keys)
        }
    }

    private func parts(_ rule: String, _ label: String, _ keys: [String]) -> [String: JSONValue] {
        [
            "rule": .string(rule), "label": .string(label),
            "keys": .array(keys.map(JSONValue.string)),
        ]
    }
}

extension RelationshipRule {
    /// As an export says it, without the kind of the line.
    fileprivate var json: [String: JSONValue] {
        switch self {
        case .existence: parts("existence")
        case .valueType(_, _, let values):
            parts("type").merging(["type": .string("\(values)")]) { first, _ in first }
        case .key: parts("key")
        case .index: parts("index")
        case .unique: parts("unique")
        }
    }

    private func parts(_ rule: String) -> [String: JSONValue] {
        [
            "rule": .string(rule), "relationship": .string(type),
            "keys": .array(keys.map(JSONValue.string)),
        ]
    }
}

extension NodeID {
    fileprivate var json: JSONValue { .unsigned(rawValue) }
}

extension RelationshipID {
    fileprivate var json: JSONValue { .unsigned(rawValue) }
}
