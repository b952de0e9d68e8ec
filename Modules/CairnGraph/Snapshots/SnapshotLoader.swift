// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// Builds a store out of the sections of a snapshot, in their order.
struct SnapshotLoader {
    var store = GraphStore()
    var nodesInUse = SlotBitmap()
    var relationshipsInUse = SlotBitmap()

    private var counts: Counts?
    private var labelIsUsed: [Bool] = []
    private var typeIsUsed: [Bool] = []
    private var keyIsUsed: [Bool] = []
    private var lastRule: [UInt32] = []
    private var nodePatterns: PropertyPatterns
    private var relationshipPatterns: PropertyPatterns
    private var lastLabels: (numbers: [UInt32], set: UInt32) = ([], LabelSets.empty)
    private var lastConstraint: (label: UInt32, key: UInt32)?

    /// - Parameter patterns: None that ever learns one makes everything take the slow path, for tests.
    init(patterns: PropertyPatterns = PropertyPatterns()) {
        nodePatterns = patterns
        relationshipPatterns = patterns
    }

    private struct Counts: Equatable {
        var labels: UInt64
        var types: UInt64
        var keys: UInt64
        var constraints: UInt64
        var nodes: UInt64
        var relationships: UInt64
    }

    /// The error when these sections are present.
    static func defect(ofSections ids: [UInt32]) -> FormatError? {
        for id in ids where (1...255).contains(id) && SnapshotSection(rawValue: id) == nil {
            return FormatError(code: .unsupportedVersion, offset: 0)
        }
        return nil
    }

    /// The error in the whole, once every section was read.
    var defect: FormatError? {
        guard let counts else { return FormatError(code: .truncated, offset: 0) }
        var nodes = nodesInUse
        var relationships = relationshipsInUse
        if nodes.next() != nil || relationships.next() != nil {
            return FormatError(code: .truncated, offset: 0)
        }
        let found = Counts(
            labels: UInt64(store.labels.count), types: UInt64(store.types.count),
            keys: UInt64(store.keys.count), constraints: UInt64(store.uniqueCount),
            nodes: UInt64(store.nodeCount), relationships: UInt64(store.relationshipCount))
        if found != counts { return FormatError(code: .invalidValue, offset: 0) }
        let allUsed = (labelIsUsed + typeIsUsed + keyIsUsed).allSatisfy(\.self)
        if !allUsed || nodesInUse.endsInZero || relationshipsInUse.endsInZero {
            return FormatError(code: .nonCanonical, offset: 0)
        }
        return nil
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
        let count = store.labels.count - labelIsUsed.count
        for _ in 0..<count { store.labelIndexes.append(LabelIndex()) }
        labelIsUsed += repeatElement(false, count: count)
    }

    mutating func readTypes(_ reader: inout ByteReader) throws(FormatError) {
        try Self.readNames(&reader, into: &store.types)
        let count = store.types.count - typeIsUsed.count
        for _ in 0..<count { store.typeIndexes.append(SlotSet()) }
        typeIsUsed += repeatElement(false, count: count)
    }

    mutating func readKeys(_ reader: inout ByteReader) throws(FormatError) {
        try Self.readNames(&reader, into: &store.keys)
        keyIsUsed += repeatElement(false, count: store.keys.count - keyIsUsed.count)
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
            let label = try Self.readNumber(&reader, marking: &labelIsUsed)
            let key = try Self.readNumber(&reader, marking: &keyIsUsed)
            if let last = lastConstraint, last >= (label, key) {
                let code: FormatError.Code = last == (label, key) ? .duplicate : .nonCanonical
                throw FormatError(code: code, offset: offset)
            }
            lastConstraint = (label, key)
            store.insertUnique(UniqueIndex(keys: [key]), label: label)
        }
    }

    /// Reads the number of a name, and takes note that something uses it.
    private static func readNumber(
        _ reader: inout ByteReader, marking isUsed: inout [Bool]
    ) throws(FormatError) -> UInt32 {
        let offset = reader.offset
        let number = try reader.varint()
        guard number < UInt64(isUsed.count) else {
            throw FormatError(code: .invalidReference, offset: offset)
        }
        isUsed[Int(number)] = true
        return UInt32(number)
    }

    mutating func readRules(_ reader: inout ByteReader) throws(FormatError) {
        while !reader.isAtEnd {
            let offset = reader.offset
            let label = try Self.readNumber(&reader, marking: &labelIsUsed)
            let kind = try reader.varint()
            let type = try reader.varint()
            let count = try reader.count()
            var numbers: [UInt32] = []
            for _ in 0..<count {
                numbers.append(try Self.readNumber(&reader, marking: &keyIsUsed))
            }
            guard
                let rule = SchemaRule(
                    kind, type, label: store.labels[label], keys: numbers.map { store.keys[$0] })
            else { throw FormatError(code: .invalidValue, offset: offset) }
            let record =
                [label, UInt32(rule.kind.rawValue), UInt32(type), UInt32(count)] + numbers
            guard lastRule.lexicographicallyPrecedes(record) else {
                let code: FormatError.Code = lastRule == record ? .duplicate : .nonCanonical
                throw FormatError(code: code, offset: offset)
            }
            lastRule = record
            do {
                try store.create(rule)
            } catch {
                throw FormatError(code: .invalidValue, offset: offset)
            }
        }
    }

    // MARK: Nodes and relationships

    mutating func makeNodeSlots() {
        store.nodeTable = EntityTable(slotCount: nodesInUse.end, free: nodesInUse.holes())
    }

    mutating func makeRelationshipSlots() {
        store.relationshipTable = EntityTable(
            slotCount: relationshipsInUse.end, free: relationshipsInUse.holes())
    }

    mutating func readNodes(_ reader: inout ByteReader) throws(FormatError) {
        while !reader.isAtEnd {
            let offset = reader.offset
            guard let slot = nodesInUse.next() else {
                throw FormatError(code: .trailingBytes, offset: offset)
            }
            if try readNodeLikeOthers(slot, &reader) { continue }
            let entity = reader
            let labels = try readLabelNumbers(&reader)
            let headByteCount = try Self.byteCount(upTo: reader, from: offset)
            let properties = try readProperties(&reader)
            do {
                if labels != lastLabels.numbers {
                    let set = try store.labelSets.intern(labels, names: store.labels)
                    lastLabels = (labels, set)
                }
                try store.checkUnique(properties, labels: labels, slot: nil)
                try store.checkRoom(for: properties, ofNode: slot)
                store.nodeTable.prepareToFill(slot)
                store.fillNode(slot, labelSet: lastLabels.set, properties: properties)
            } catch {
                let code: FormatError.Code =
                    error.code == .uniqueViolation ? .duplicate : .limitExceeded
                throw FormatError(code: code, offset: offset)
            }
            guard nodePatterns.takesAnother() else { continue }
            if let pattern = PropertyPattern(
                of: Self.bytes(from: entity, upTo: reader), headByteCount: headByteCount,
                labelSet: lastLabels.set, labels: labels, properties, &store.nodeTable.shapes,
                key: { UInt32($0) })
            {
                nodePatterns.add(pattern)
            }
        }
    }

    /// Reads a node that has a pattern of nodes before it, whose names are known to be used.
    ///
    /// - Returns: False when it has none, and nothing was read.
    private mutating func readNodeLikeOthers(
        _ slot: UInt32, _ reader: inout ByteReader
    ) throws(FormatError) -> Bool {
        // What constraints say is judged in one place.
        guard store.uniqueCount == 0 else { return false }
        let entity = Self.rest(of: reader)
        let byteCount: Int? = withUnsafeTemporaryAllocation(
            byteCount: PropertyPattern.roomByteCount, alignment: 8
        ) { room in
            let found = entity.withUnsafeBytes { nodePatterns.pack($0, into: room) }
            guard let found, store.nodeTable.hasRoomForPatterns(of: slot),
                let labelSet = store.labelSet(of: found.pattern)
            else { return nil }
            store.fillNode(
                slot, labelSet: labelSet, like: found.pattern,
                packed: UnsafeRawBufferPointer(rebasing: room[..<found.packed]))
            return found.read
        }
        guard let byteCount else { return false }
        _ = try reader.take(byteCount)
        return true
    }

    /// The unread bytes.
    @_lifetime(copy reader)
    private static func rest(of reader: borrowing ByteReader) -> RawSpan {
        reader.bytes.extracting(reader.offset - reader.baseOffset..<reader.bytes.byteCount)
    }

    /// The bytes that were read between these two states of a reader.
    @_lifetime(copy start)
    private static func bytes(
        from start: borrowing ByteReader, upTo end: borrowing ByteReader
    ) -> RawSpan {
        start.bytes.extracting(
            start.offset - start.baseOffset..<end.offset - end.baseOffset)
    }

    /// The number of bytes from `offset` to where the first property begins, when the reader is
    /// before the count of the properties.
    private static func byteCount(
        upTo reader: borrowing ByteReader, from offset: Int
    ) throws(FormatError) -> Int {
        var reader = copy reader
        _ = try reader.varint()
        return reader.offset - offset
    }

    mutating func readRelationships(_ reader: inout ByteReader) throws(FormatError) {
        while !reader.isAtEnd {
            let offset = reader.offset
            guard let slot = relationshipsInUse.next() else {
                throw FormatError(code: .trailingBytes, offset: offset)
            }
            let type = try Self.readNumber(&reader, marking: &typeIsUsed)
            let from = try readEnd(&reader)
            let to = try readEnd(&reader)
            if try readPropertiesLikeOthers(slot, type, from, to, &reader) { continue }
            let entity = reader
            let headByteCount = try Self.byteCount(upTo: reader, from: reader.offset)
            let properties = try readProperties(&reader)
            guard store.relationshipTable.hasRoom(for: properties, of: slot) else {
                throw FormatError(code: .limitExceeded, offset: offset)
            }
            store.fillRelationship(
                slot, type: type, from: from, to: to,
                packed: UnsafeRawBufferPointer(start: nil, count: 0))
            store.relationshipTable.setProperties(properties, of: slot)
            guard relationshipPatterns.takesAnother() else { continue }
            if let pattern = PropertyPattern(
                of: Self.bytes(from: entity, upTo: reader), headByteCount: headByteCount,
                labelSet: LabelSets.empty, labels: [], properties,
                &store.relationshipTable.shapes, key: { UInt32($0) })
            {
                relationshipPatterns.add(pattern)
            }
        }
    }

    /// Reads the properties of a relationship that have a pattern of ones before, and makes it.
    ///
    /// - Returns: False when they have none, and nothing was read.
    private mutating func readPropertiesLikeOthers(
        _ slot: UInt32, _ type: UInt32, _ from: UInt32, _ to: UInt32, _ reader: inout ByteReader
    ) throws(FormatError) -> Bool {
        let entity = Self.rest(of: reader)
        let byteCount: Int? = withUnsafeTemporaryAllocation(
            byteCount: PropertyPattern.roomByteCount, alignment: 8
        ) { room in
            let found = entity.withUnsafeBytes { relationshipPatterns.pack($0, into: room) }
            guard let found, store.relationshipTable.hasRoomForPatterns(of: slot) else {
                return nil
            }
            store.fillRelationship(
                slot, type: type, from: from, to: to,
                packed: UnsafeRawBufferPointer(rebasing: room[..<found.packed]))
            return found.read
        }
        guard let byteCount else { return false }
        _ = try reader.take(byteCount)
        return true
    }

    private func readEnd(_ reader: inout ByteReader) throws(FormatError) -> UInt32 {
        let offset = reader.offset
        guard let slot = store.liveSlot(of: NodeID(rawValue: try reader.varint())) else {
            throw FormatError(code: .invalidReference, offset: offset)
        }
        return slot
    }

    private mutating func readLabelNumbers(
        _ reader: inout ByteReader
    ) throws(FormatError) -> [UInt32] {
        let count = try reader.count()
        var numbers: [UInt32] = []
        for _ in 0..<count {
            let offset = reader.offset
            let number = try Self.readNumber(&reader, marking: &labelIsUsed)
            if let last = numbers.last, last >= number {
                throw FormatError(code: .nonCanonical, offset: offset)
            }
            numbers.append(number)
        }
        return numbers
    }

    private mutating func readProperties(
        _ reader: inout ByteReader
    ) throws(FormatError) -> PropertyList {
        let count = try reader.count(byteCountEach: 2)
        guard count > 0 else { return PropertyList() }
        // Numbers of keys are those of the store, so the bytes are those of a list.
        let start = reader.offset - reader.baseOffset
        var last: UInt32?
        for _ in 0..<count {
            let offset = reader.offset
            let key = try Self.readNumber(&reader, marking: &keyIsUsed)
            if let last, last >= key {
                throw FormatError(code: .nonCanonical, offset: offset)
            }
            let valueOffset = reader.offset
            guard try Value.check(&reader) != .null else {
                throw FormatError(code: .invalidValue, offset: valueOffset)
            }
            last = key
        }
        let range = start..<reader.offset - reader.baseOffset
        return PropertyList(bytes: reader.bytes.extracting(range).array())
    }
}
