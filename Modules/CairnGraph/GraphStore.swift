// SPDX-License-Identifier: Apache-2.0

/// A property graph in memory: nodes with labels, relationships with a type, properties on both.
///
/// - Every mutation checks first and then changes; one that throws has changed nothing.
/// - The lowest id that is not in use is given out next, so what an id will be follows from the
///   content of the store alone.
/// - A transaction can be rolled back, as a whole or to a savepoint, by an undo log in memory.
/// - A recorder is told of every mutation; the events replay on another store with the same result.
///
/// A store is a value. A copy shares memory until one of the two is changed, which then copies the
/// arrays of the store, O(*n*) in all slots: change a store in place, and copy it seldom. Iterating
/// over ``nodes`` or ``relationships`` holds such a copy. A copy keeps the recorder and the open
/// transaction.
public struct GraphStore: Sendable {
    /// Told every mutation after it has happened, but nothing of what ``apply(_:)`` or a rollback does.
    public var recorder: (any MutationRecorder)?

    // Names. These tables only grow, and their numbers never leave the store.
    var labels = NameTable()
    var types = NameTable()
    var keys = NameTable()
    var labelSets = LabelSets()

    // Content. `freeNodes` and `freeRelationships` are exactly the holes of the two arrays. An array
    // never shrinks; holes at its end mean the same as a shorter array.
    var nodeRecords: [NodeRecord] = []
    var freeNodes = FreeSlots()
    var relationshipRecords: [RelationshipRecord] = []
    var freeRelationships = FreeSlots()

    // Indexes, which follow from the content and the constraints.
    /// By label number; as long as the table of labels.
    var labelIndexes: [LabelIndex] = []
    /// How many relationships there are, by type number; as long as the table of types.
    var typeCounts: [Int] = []
    /// How many unique constraints there are.
    var uniqueCount = 0

    // Transactions.
    var transaction: TransactionState?
    var transactionCount: UInt64 = 0
    var undoLog: [Undo] = []

    /// The first slot that is never used; lowered by tests.
    var slotCountMax = UInt32(GraphLimits.slotCountMax)

    /// An empty store.
    public init() {}
}
