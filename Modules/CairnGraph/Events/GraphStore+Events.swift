// SPDX-License-Identifier: Apache-2.0

extension GraphStore {
    /// Passes an event to the recorder.
    func record(_ event: @autoclosure () -> MutationEvent) {
        recorder?.record(event())
    }

    /// Replays a recorded mutation. The recorder of this store is not called.
    ///
    /// Events are accepted only in a state in which the same mutation would give the same event: ids
    /// must be those that the store would give out, and the event must change something.
    ///
    /// ``GraphLimits/entityByteCountMax`` is not checked: an older release may have written the event.
    ///
    /// - Throws: ``GraphError`` with code `.inconsistentEvent` for an event that does not follow from
    ///   the state, or with the code of the mutation it stands for. Nothing changed then.
    /// - Complexity: That of the mutation.
    public mutating func apply(_ event: MutationEvent) throws(GraphError) {
        let (recorder, limit) = (self.recorder, entityByteCountMax)
        // What is in a log was accepted, perhaps by a release without the limit.
        (self.recorder, entityByteCountMax) = (nil, .max)
        defer { (self.recorder, entityByteCountMax) = (recorder, limit) }
        switch event {
        case .nodeCreated, .nodeDeleted, .labelAdded, .labelRemoved, .nodePropertySet,
            .nodePropertiesReplaced:
            try applyToNode(event)
        case .relationshipCreated, .relationshipDeleted, .relationshipPropertySet,
            .relationshipPropertiesReplaced:
            try applyToRelationship(event)
        case .uniqueConstraintCreated(let label, let key):
            guard try createUniqueConstraint(label: label, key: key) else {
                throw GraphError(code: .inconsistentEvent, label: label, key: key)
            }
        case .uniqueConstraintDropped(let label, let key):
            guard try dropUniqueConstraint(label: label, key: key) else {
                throw GraphError(code: .inconsistentEvent, label: label, key: key)
            }
        case .ruleCreated(let rule):
            guard try create(rule) else {
                throw GraphError(code: .inconsistentEvent, label: rule.label)
            }
        case .ruleDropped(let rule):
            guard try drop(rule) else {
                throw GraphError(code: .inconsistentEvent, label: rule.label)
            }
        case .relationshipRuleCreated(let rule):
            guard try create(rule) else {
                throw GraphError(code: .inconsistentEvent, type: rule.type)
            }
        case .relationshipRuleDropped(let rule):
            guard try drop(rule) else {
                throw GraphError(code: .inconsistentEvent, type: rule.type)
            }
        }
    }

    private mutating func applyToNode(_ event: MutationEvent) throws(GraphError) {
        switch event {
        case .nodeCreated(let id, let labels, let properties):
            guard id.rawValue == UInt64(try nextNodeSlot()), labels.isStrictlyAscending,
                !properties.hasNull
            else { throw GraphError(code: .inconsistentEvent, nodeID: id) }
            try createNode(labels: labels, properties: properties)
        case .nodeDeleted(let id):
            try deleteNode(id)
        case .labelAdded(let id, let label):
            guard try addLabel(label, to: id) else {
                throw GraphError(code: .inconsistentEvent, nodeID: id, label: label)
            }
        case .labelRemoved(let id, let label):
            guard try removeLabel(label, from: id) else {
                throw GraphError(code: .inconsistentEvent, nodeID: id, label: label)
            }
        case .nodePropertySet(let id, let key, let value):
            guard try setProperty(key, to: value, of: id) else {
                throw GraphError(code: .inconsistentEvent, nodeID: id, key: key)
            }
        case .nodePropertiesReplaced(let id, let properties):
            guard !properties.hasNull, try setProperties(properties, of: id) else {
                throw GraphError(code: .inconsistentEvent, nodeID: id)
            }
        default: preconditionFailure("an event of a node")
        }
    }

    private mutating func applyToRelationship(_ event: MutationEvent) throws(GraphError) {
        switch event {
        case .relationshipCreated(let id, let type, let from, let to, let properties):
            guard id.rawValue == UInt64(try nextRelationshipSlot()), !properties.hasNull else {
                throw GraphError(code: .inconsistentEvent, relationshipID: id)
            }
            try createRelationship(type, from: from, to: to, properties: properties)
        case .relationshipDeleted(let id):
            try deleteRelationship(id)
        case .relationshipPropertySet(let id, let key, let value):
            guard try setProperty(key, to: value, of: id) else {
                throw GraphError(code: .inconsistentEvent, relationshipID: id, key: key)
            }
        case .relationshipPropertiesReplaced(let id, let properties):
            guard !properties.hasNull, try setProperties(properties, of: id) else {
                throw GraphError(code: .inconsistentEvent, relationshipID: id)
            }
        default: preconditionFailure("an event of a relationship")
        }
    }
}

extension Properties {
    /// Whether any property is null, which no stored one is.
    var hasNull: Bool { values.contains(where: \.isNull) }
}

extension [String] {
    /// Whether each string precedes the next by its UTF-8 bytes.
    var isStrictlyAscending: Bool {
        zip(self, dropFirst()).allSatisfy { $0.utf8Precedes($1) }
    }
}
