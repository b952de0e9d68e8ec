// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// A refusal of a store. A refused call changes nothing.
public struct GraphError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        enum Storage: String, Sendable {
            case nodeNotFound, relationshipNotFound, nodeHasRelationships
            case uniqueViolation, missingProperty, wrongType, constraintViolatedByData, invalidRule
            case nestingTooDeep, propertiesTooLarge, invalidName, idsExhausted, inconsistentEvent
            case noTransaction, transactionOpen, invalidSavepoint
        }
        let storage: Storage

        /// There is no node with this id: see ``GraphError/nodeID``.
        public static var nodeNotFound: Self { .init(storage: .nodeNotFound) }
        /// There is no relationship with this id: see ``GraphError/relationshipID``.
        public static var relationshipNotFound: Self { .init(storage: .relationshipNotFound) }
        /// The node cannot be deleted alone: it still has relationships.
        public static var nodeHasRelationships: Self { .init(storage: .nodeHasRelationships) }
        /// Another node, ``GraphError/nodeID``, or relationship, ``GraphError/relationshipID``, has this value already.
        public static var uniqueViolation: Self { .init(storage: .uniqueViolation) }
        /// A node with this label, or a relationship of this type, must have this property.
        public static var missingProperty: Self { .init(storage: .missingProperty) }
        /// The property has a value of another type than nodes with this label, or relationships of this type, must have.
        public static var wrongType: Self { .init(storage: .wrongType) }
        /// A rule without keys, with more than ``SchemaRule/keyCountMax``, or with one twice.
        public static var invalidRule: Self { .init(storage: .invalidRule) }
        /// The constraint cannot be made: nodes, or relationships, violate it already.
        public static var constraintViolatedByData: Self {
            .init(storage: .constraintViolatedByData)
        }
        /// More than ``Value/nestingCountMax`` lists and maps lie within one another.
        public static var nestingTooDeep: Self { .init(storage: .nestingTooDeep) }
        /// A node or a relationship would take more than ``GraphLimits/entityByteCountMax``, or the properties of
        /// 128 with neighbouring ids more than ``GraphLimits/propertyByteCountMax``: see ``GraphError/limit``.
        public static var propertiesTooLarge: Self { .init(storage: .propertiesTooLarge) }
        /// A label, type or key is not a valid name: see ``GraphLimits/nameByteCountMax``.
        public static var invalidName: Self { .init(storage: .invalidName) }
        /// Every number that an id, a label, a type or a key could get is in use.
        public static var idsExhausted: Self { .init(storage: .idsExhausted) }
        /// The event does not follow from the state of the store.
        public static var inconsistentEvent: Self { .init(storage: .inconsistentEvent) }
        /// No transaction is open.
        public static var noTransaction: Self { .init(storage: .noTransaction) }
        /// A transaction is open already.
        public static var transactionOpen: Self { .init(storage: .transactionOpen) }
        /// The savepoint is of another transaction, was released, or lies after one rolled back to.
        public static var invalidSavepoint: Self { .init(storage: .invalidSavepoint) }
    }

    /// The kind of the error.
    public let code: Code
    /// The node concerned.
    public let nodeID: NodeID?
    /// The other node concerned, where there are two.
    public let otherNodeID: NodeID?
    /// The relationship concerned.
    public let relationshipID: RelationshipID?
    /// The other relationship concerned, where there are two.
    public let otherRelationshipID: RelationshipID?
    /// The label concerned.
    public let label: String?
    /// The type of relationships concerned.
    public let type: String?
    /// The key concerned.
    public let key: String?
    /// The value that is there twice.
    public let value: Value?
    /// The first nodes that violate a rule that was to be made; at most ``violatorCountMax``.
    public let violatingNodeIDs: [NodeID]
    /// The first relationships that violate a rule that was to be made; at most ``violatorCountMax``.
    public let violatingRelationshipIDs: [RelationshipID]
    /// The name that is not valid.
    public let name: String?
    /// The bytes of one node or relationship that would be exceeded; nil for every other limit.
    public let limit: UInt64?

    /// The number of nodes, or relationships, violating a rule that an error names.
    public static let violatorCountMax = 8

    /// An error of the given code.
    public init(
        code: Code, nodeID: NodeID? = nil, otherNodeID: NodeID? = nil,
        relationshipID: RelationshipID? = nil, otherRelationshipID: RelationshipID? = nil,
        label: String? = nil, key: String? = nil, value: Value? = nil, type: String? = nil,
        name: String? = nil, limit: UInt64? = nil, violatingNodeIDs: [NodeID] = [],
        violatingRelationshipIDs: [RelationshipID] = []
    ) {
        self.code = code
        self.nodeID = nodeID
        self.otherNodeID = otherNodeID
        self.relationshipID = relationshipID
        self.otherRelationshipID = otherRelationshipID
        self.label = label
        self.type = type
        self.key = key
        self.value = value
        self.name = name
        self.limit = limit
        self.violatingNodeIDs = violatingNodeIDs
        self.violatingRelationshipIDs = violatingRelationshipIDs
    }
}

extension GraphError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { storage.rawValue }
}

extension GraphError: CustomStringConvertible {
    /// One sentence: what was refused and why, and what to do.
    public var description: String {
        switch code.storage {
        case .nodeNotFound: "there is no node \(show(nodeID))"
        case .relationshipNotFound: "there is no relationship \(show(relationshipID))"
        case .nodeHasRelationships:
            "node \(show(nodeID)) still has relationships; delete them first, or detach it"
        case .uniqueViolation:
            """
            \(type == nil ? "node \(show(nodeID))" : "relationship \(show(relationshipID))") \(group) has this value of \
            \(show(key)) already; it must be unique
            """
        case .missingProperty:
            "a \(things(1)) \(group) must have a property \(show(key)); give it one"
        case .wrongType:
            """
            \(show(key)) of a \(things(1)) \(group) must be of another type than \
            \(value?.type.map { "\($0)" } ?? "null"); see the rules of the store
            """
        case .invalidRule:
            "a rule has 1 to \(SchemaRule.keyCountMax) keys, each once; give it such"
        case .constraintViolatedByData where value == nil && !violators.isEmpty:
            """
            \(things(2)) \(group) violate the rule on \(show(key)), first \
            \(violators.joined(separator: ", ")); change them first
            """
        case .constraintViolatedByData:
            """
            nodes \(show(nodeID)) and \(show(otherNodeID)) with label \(show(label)) have the same \
            value of \(show(key)); change one of them first
            """
        case .nestingTooDeep:
            "more than \(Value.nestingCountMax) lists and maps lie within one another; flatten them"
        case .propertiesTooLarge where limit != nil:
            """
            \(entity) would take more than \(show(limit)) bytes with its labels and properties; keep large values \
            outside of the graph, or spread them over several nodes
            """
        case .propertiesTooLarge:
            """
            the properties of 128 neighbouring nodes or relationships would take more than \
            \(GraphLimits.propertyByteCountMax) bytes; keep large values outside of the graph
            """
        case .invalidName:
            """
            \(show(name)) is not a valid name; use 1 to \(GraphLimits.nameByteCountMax) bytes of \
            UTF-8 in Unicode normalization form C
            """
        case .idsExhausted: "all numbers are in use; delete something first"
        case .inconsistentEvent:
            "the event does not follow from the state of this store; apply events in their order"
        case .noTransaction: "no transaction is open; begin one first"
        case .transactionOpen: "a transaction is open already; commit it or roll it back first"
        case .invalidSavepoint: "the savepoint is not one of the open transaction, or is no more"
        }
    }

    /// The nodes or relationships that violate a rule.
    private var violators: [String] {
        violatingNodeIDs.map { "\($0)" } + violatingRelationshipIDs.map { "\($0)" }
    }

    /// The kind of entities that a rule is for.
    private func things(_ count: Int) -> String {
        (type == nil ? "node" : "relationship") + (count == 1 ? "" : "s")
    }

    /// The entities that a rule is for.
    private var group: String {
        type.map { "of type \($0.quoted)" } ?? "with label \(show(label))"
    }

    /// The node or the relationship concerned, which may not be there yet.
    private var entity: String {
        if let nodeID { return "node \(nodeID)" }
        return relationshipID.map { "relationship \($0)" } ?? "the new node or relationship"
    }

    private func show(_ value: (some CustomStringConvertible)?) -> String {
        value.map { "\($0)" } ?? "?"
    }

    private func show(_ name: String?) -> String {
        name.map(\.quoted) ?? "?"
    }
}
