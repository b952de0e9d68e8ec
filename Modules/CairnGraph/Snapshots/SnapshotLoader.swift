// SPDX-License-Identifier: Apache-2.0
//
// - Properties are packed chunk by chunk, as blocks come. Records are made when all relationships are known, so that
//   each chunk of the store is made once, as it stays.
// - Unique constraints are checked, and their indexes made, behind everything else.

internal import CairnFormat

/// Builds a store out of the sections of a snapshot, in their order.
struct SnapshotLoader {
    var store = GraphStore()
    var nodesInUse = SlotBitmap()
    var relationshipsInUse = SlotBitmap()

    private var counts: Counts?
    var names = UsedNames()
    /// The rules before, as numbers.
    var lastRule: [UInt32] = []
    var lastRelationshipRule: [UInt32] = []
    private var constraints: [(label: UInt32, key: UInt32)] = []

    // Nodes and relationships.
    let nodeParts = BlockParts()
    let relationshipParts = BlockParts()
    var nodeProperties = PropertyFiller()
    var relationshipProperties = PropertyFiller()
    /// The label set of each slot; ``NodeRecord/hole`` for none.
    var labelSetOf: [UInt32] = []
    var members: [SlotSetBuilder] = []
    var membersOfTypes: [SlotSetBuilder] = []
    var adjacency = AdjacencyBuilder(nodeSlotCount: 0, relationshipSlotCount: 0)

    private struct Counts: Equatable {
        var labels: UInt64
        var types: UInt64
        var keys: UInt64
        var constraints: UInt64
        var nodes: UInt64
        var relationships: UInt64
    }

    /// The error when these sections, which ascend, are present. A missing one counts before an unknown one and before
    /// any version: without those that every graph has it is the snapshot of something else.
    static func defect(ofSections ids: [UInt32]) -> FormatError? {
        for section in SnapshotSection.allCases
        where section.isOfEveryGraph && !ids.contains(section.rawValue) {
            return FormatError(code: .truncated, offset: 0)
        }
        for id in ids where (1...255).contains(id) && SnapshotSection(rawValue: id) == nil {
            return FormatError(code: .unsupportedVersion, offset: 0)
        }
        return nil
    }

    /// Checks the whole, once every section was read, and makes the indexes of constraints.
    mutating func finish() throws(FormatError) -> GraphStore {
        guard let counts else { throw FormatError(code: .truncated, offset: 0) }
        if let defect = nodeParts.defect ?? relationshipParts.defect { throw defect }
        if nodesInUse.next() != nil || relationshipsInUse.next() != nil {
            throw FormatError(code: .truncated, offset: 0)
        }
        let found = Counts(
            labels: UInt64(store.labels.count), types: UInt64(store.types.count),
            keys: UInt64(store.keys.count), constraints: UInt64(constraints.count),
            nodes: UInt64(store.nodeCount), relationships: UInt64(store.relationshipCount))
        if found != counts { throw FormatError(code: .invalidValue, offset: 0) }
        if !names.areAllUsed || nodesInUse.endsInZero || relationshipsInUse.endsInZero {
            throw FormatError(code: .nonCanonical, offset: 0)
        }
        for constraint in constraints {
            do {
                try store.createUniqueConstraint(
                    label: store.labels[constraint.label], key: store.keys[constraint.key])
            } catch {
                throw FormatError(code: .duplicate, offset: 0)
            }
        }
        return store
    }

    // MARK: Counts, names, constraints

    mutating func readCounts(_ reader: inout ByteReader) throws(FormatError) {
        while !reader.isAtEnd {
            let offset = reader.offset
            guard counts == nil else { throw FormatError(code: .trailingBytes, offset: offset) }
            guard try reader.varint() == SnapshotSection.version else {
                throw FormatError(code: .unsupportedVersion, offset: offset)
            }
            let found = Counts(
                labels: try reader.varint(), types: try reader.varint(), keys: try reader.varint(),
                constraints: try reader.varint(), nodes: try reader.varint(),
                relationships: try reader.varint())
            guard max(found.nodes, found.relationships) <= GraphLimits.slotCountMax else {
                throw FormatError(code: .limitExceeded, offset: offset)
            }
            counts = found
        }
    }

    mutating func readLabels(_ reader: inout ByteReader) throws(FormatError) {
        try Self.readNames(&reader, into: &store.labels)
        let count = store.labels.count - names.labels.count
        for _ in 0..<count { store.labelIndexes.append(LabelIndex()) }
        names.labels += repeatElement(false, count: count)
        members += repeatElement(SlotSetBuilder(), count: count)
    }

    mutating func readTypes(_ reader: inout ByteReader) throws(FormatError) {
        try Self.readNames(&reader, into: &store.types)
        let count = store.types.count - names.types.count
        for _ in 0..<count {
            store.typeIndexes.append(SlotSet())
            store.typeRules.append(RuleIndexes())
        }
        names.types += repeatElement(false, count: count)
        membersOfTypes += repeatElement(SlotSetBuilder(), count: count)
    }

    mutating func readKeys(_ reader: inout ByteReader) throws(FormatError) {
        try Self.readNames(&reader, into: &store.keys)
        names.keys += repeatElement(false, count: store.keys.count - names.keys.count)
    }

    private static func readNames(
        _ reader: inout ByteReader, into table: inout NameTable
    ) throws(FormatError) {
        while !reader.isAtEnd {
            let offset = reader.offset
            let name = try reader.string()
            if let last = table.names.last, !last.utf8Precedes(name) {
                throw FormatError(code: .nonCanonical, offset: offset)
            }
            do {
                _ = try table.intern(name)
            } catch {
                throw FormatError(code: .invalidValue, offset: offset)
            }
        }
    }

    mutating func readConstraints(_ reader: inout ByteReader) throws(FormatError) {
        while !reader.isAtEnd {
            let offset = reader.offset
            let label = try names.readLabel(&reader)
            let key = try names.readKey(&reader)
            if let last = constraints.last, last >= (label, key) {
                let code: FormatError.Code = last == (label, key) ? .duplicate : .nonCanonical
                throw FormatError(code: code, offset: offset)
            }
            constraints.append((label, key))
        }
    }
}
