// SPDX-License-Identifier: Apache-2.0

/// A property graph in memory: nodes with labels, relationships with a type, properties on both.
///
/// - Every mutation checks first and then changes; one that throws has changed nothing.
/// - The lowest id that is not in use is given out next, so what an id will be follows from the
///   content of the store alone.
/// - A transaction can be rolled back, as a whole or to a savepoint, by an undo log in memory.
/// - A recorder receives every mutation; the events replay on another store with the same result.
///
/// A store is a value, and a copy is a consistent view: it shares all memory with the original. The next
/// write to either copies the chunk of 128 nodes or relationships it falls into and the way to it from the
/// root of a tree: some kilobytes, which grow with the logarithm of the graph. So a view after every
/// transaction is cheap. Only a name that was never used before copies all names.
/// Iterating over ``nodes`` or ``relationships`` holds such a copy. ``view()`` gives one without the
/// recorder and the open transaction.
public struct GraphStore: Sendable {
    /// Called after each mutation, but not for the changes of ``apply(_:)`` or of a rollback.
    public var recorder: (any MutationRecorder)?

    // Names. These tables only grow, and their numbers never leave the store.
    var labels: NameTable
    var types: NameTable
    var keys: NameTable
    var labelSets: LabelSets

    // Content.
    var nodeTable: EntityTable<NodeRecord>
    var relationshipTable: EntityTable<RelationshipRecord>

    // Indexes, which follow from the content and the rules.
    /// By label number; as long as the table of labels.
    var labelIndexes: PersistentArray<LabelIndex>
    /// The relationships by type number; as long as the table of types.
    var typeIndexes: PersistentArray<SlotSet>
    /// The rules for relationships by type number, with their indexes; as long as the table of types.
    var typeRules: PersistentArray<RuleIndexes>
    /// The number of unique constraints.
    var uniqueCount: Int
    /// The number of other rules for nodes.
    var ruleCount: Int
    /// The number of rules for relationships.
    var relationshipRuleCount: Int

    // Transactions.
    var transaction: TransactionState?
    var transactionCount: UInt64
    var undoLog: [Undo] = []

    // Replay.
    /// Nil until the first batch, which every use is behind: a view, which has none, is copied and freed without
    /// its many fields.
    var translation: EventTranslation!

    /// The first slot that is never used; lowered by tests.
    package var slotCountMax: UInt32
    /// The number of bytes that one node or relationship may take; lowered by tests, and without bound during replay.
    package var entityByteCountMax = GraphLimits.entityByteCountMax

    /// An empty store.
    public init() {
        (labels, types, keys, labelSets) = (NameTable(), NameTable(), NameTable(), LabelSets())
        (nodeTable, relationshipTable) = (EntityTable(), EntityTable())
        (labelIndexes, typeIndexes, typeRules) = (
            PersistentArray(), PersistentArray(), PersistentArray()
        )
        (uniqueCount, ruleCount, relationshipRuleCount, transactionCount) = (0, 0, 0, 0)
        slotCountMax = UInt32(GraphLimits.slotCountMax)
    }

    /// The same graph without recorder, transaction, and what replay remembers. One by one, because a copy
    /// of the whole would count references to all that is left out.
    private init(viewOf store: borrowing GraphStore) {
        labels = store.labels
        types = store.types
        keys = store.keys
        labelSets = store.labelSets
        nodeTable = store.nodeTable
        relationshipTable = store.relationshipTable
        labelIndexes = store.labelIndexes
        typeIndexes = store.typeIndexes
        typeRules = store.typeRules
        uniqueCount = store.uniqueCount
        ruleCount = store.ruleCount
        relationshipRuleCount = store.relationshipRuleCount
        transactionCount = store.transactionCount
        slotCountMax = store.slotCountMax
        entityByteCountMax = store.entityByteCountMax
    }

    /// The graph as it is now, for good: a store of its own, without recorder or transaction, that goes
    /// on unchanged while this one is changed. Any thread may read it.
    ///
    /// The view includes the changes of an open transaction so far.
    ///
    /// - Complexity: O(1). Writing to either afterwards copies O(log *n*), once for each place.
    public func view() -> GraphStore { GraphStore(viewOf: self) }
}
