// SPDX-License-Identifier: Apache-2.0
//
// The canonical encoding of events: a tag byte, then the parts of the event in the order in which
// its case names them.
//
// - Ids are varints. Labels, types and keys are symbols of the batch. Values are as in
//   Value+Coding.swift.
// - Properties ascend by the UTF-8 bytes of the key, none of them null; anything else is refused.
// - Whether an event makes sense in a state is for `GraphStore.apply(_:)` to judge.

public import CairnFormat

extension MutationEvent {
    /// The first byte of an encoded event. The numbers are on disk and never change.
    package enum Tag: UInt8, CaseIterable {
        case nodeCreated = 1
        case nodeDeleted = 2
        case labelAdded = 3
        case labelRemoved = 4
        case nodePropertySet = 5
        case nodePropertiesReplaced = 6
        case relationshipCreated = 7
        case relationshipDeleted = 8
        case relationshipPropertySet = 9
        case relationshipPropertiesReplaced = 10
        case uniqueConstraintCreated = 11
        case uniqueConstraintDropped = 12
        case ruleCreated = 13
        case ruleDropped = 14
        case relationshipRuleCreated = 15
        case relationshipRuleDropped = 16
    }

    var tag: Tag {
        switch self {
        case .nodeCreated: .nodeCreated
        case .nodeDeleted: .nodeDeleted
        case .labelAdded: .labelAdded
        case .labelRemoved: .labelRemoved
        case .nodePropertySet: .nodePropertySet
        case .nodePropertiesReplaced: .nodePropertiesReplaced
        case .relationshipCreated: .relationshipCreated
        case .relationshipDeleted: .relationshipDeleted
        case .relationshipPropertySet: .relationshipPropertySet
        case .relationshipPropertiesReplaced: .relationshipPropertiesReplaced
        case .uniqueConstraintCreated: .uniqueConstraintCreated
        case .uniqueConstraintDropped: .uniqueConstraintDropped
        case .ruleCreated: .ruleCreated
        case .ruleDropped: .ruleDropped
        case .relationshipRuleCreated: .relationshipRuleCreated
        case .relationshipRuleDropped: .relationshipRuleDropped
        }
    }
}

extension MutationEvent: EventEncodable {
    /// Appends the canonical encoding.
    ///
    /// - Precondition: No property among all properties of a thing is null; no store records one.
    public func encode(into encoder: inout EventEncoder) {
        encoder.bytes.append(tag.rawValue)
        switch self {
        case .nodeCreated(let id, let labels, let properties):
            encoder.append(id)
            encoder.bytes.append(varint: UInt64(labels.count))
            for label in labels { encoder.append(symbol: label) }
            encoder.append(properties)
        case .nodeDeleted(let id):
            encoder.append(id)
        case .labelAdded(let id, let label), .labelRemoved(let id, let label):
            encoder.append(id)
            encoder.append(symbol: label)
        case .nodePropertySet(let id, let key, let value):
            encoder.append(id)
            encoder.append(symbol: key)
            value.encode(into: &encoder.bytes)
        case .nodePropertiesReplaced(let id, let properties):
            encoder.append(id)
            encoder.append(properties)
        case .relationshipCreated(let id, let type, let from, let to, let properties):
            encoder.append(id)
            encoder.append(symbol: type)
            encoder.append(from)
            encoder.append(to)
            encoder.append(properties)
        case .relationshipDeleted(let id):
            encoder.append(id)
        case .relationshipPropertySet(let id, let key, let value):
            encoder.append(id)
            encoder.append(symbol: key)
            value.encode(into: &encoder.bytes)
        case .relationshipPropertiesReplaced(let id, let properties):
            encoder.append(id)
            encoder.append(properties)
        case .uniqueConstraintCreated(let label, let key),
            .uniqueConstraintDropped(let label, let key):
            encoder.append(symbol: label)
            encoder.append(symbol: key)
        case .ruleCreated(let rule), .ruleDropped(let rule):
            encoder.append(rule)
        case .relationshipRuleCreated(let rule), .relationshipRuleDropped(let rule):
            encoder.append(rule)
        }
    }
}

extension MutationEvent: EventDecodable {
    /// Reads an event.
    ///
    /// - Throws: `FormatError`: `.unknownTag`, `.nonCanonical` (keys that do not ascend),
    ///   `.duplicate` (two spellings of one key), `.invalidValue` (a null property), or what the
    ///   decoder and ``Value`` throw.
    public init(from decoder: inout EventDecoder) throws(FormatError) {
        let offset = decoder.bytes.offset
        guard let tag = Tag(rawValue: try decoder.bytes.integer()) else {
            throw FormatError(code: .unknownTag, offset: offset)
        }
        switch tag {
        case .nodeCreated:
            self = .nodeCreated(
                try decoder.nodeID(), labels: try decoder.labels(),
                properties: try decoder.properties())
        case .nodeDeleted: self = .nodeDeleted(try decoder.nodeID())
        case .labelAdded: self = .labelAdded(try decoder.nodeID(), label: try decoder.symbol())
        case .labelRemoved: self = .labelRemoved(try decoder.nodeID(), label: try decoder.symbol())
        case .nodePropertySet:
            self = .nodePropertySet(
                try decoder.nodeID(), key: try decoder.symbol(),
                value: try Value(from: &decoder.bytes))
        case .nodePropertiesReplaced:
            self = .nodePropertiesReplaced(
                try decoder.nodeID(), properties: try decoder.properties())
        case .relationshipCreated:
            self = .relationshipCreated(
                try decoder.relationshipID(), type: try decoder.symbol(),
                from: try decoder.nodeID(), to: try decoder.nodeID(),
                properties: try decoder.properties())
        case .relationshipDeleted: self = .relationshipDeleted(try decoder.relationshipID())
        case .relationshipPropertySet:
            self = .relationshipPropertySet(
                try decoder.relationshipID(), key: try decoder.symbol(),
                value: try Value(from: &decoder.bytes))
        case .relationshipPropertiesReplaced:
            self = .relationshipPropertiesReplaced(
                try decoder.relationshipID(), properties: try decoder.properties())
        case .uniqueConstraintCreated:
            self = .uniqueConstraintCreated(
                label: try decoder.symbol(), key: try decoder.symbol())
        case .uniqueConstraintDropped:
            self = .uniqueConstraintDropped(
                label: try decoder.symbol(), key: try decoder.symbol())
        case .ruleCreated: self = .ruleCreated(try decoder.rule())
        case .ruleDropped: self = .ruleDropped(try decoder.rule())
        case .relationshipRuleCreated:
            self = .relationshipRuleCreated(try decoder.relationshipRule())
        case .relationshipRuleDropped:
            self = .relationshipRuleDropped(try decoder.relationshipRule())
        }
    }
}
