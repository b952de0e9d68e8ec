// SPDX-License-Identifier: Apache-2.0
//
// Replaying from bytes: most events of a log make a node or a relationship, and what they say is nearly
// what a store keeps.
//
// - Only what is right in every respect is applied here. Whatever is not, and whatever is rare, is left to
//   decoding and ``GraphStore/apply(_:)``, so there is one place that says what is wrong.
// - Names may have been added to the tables by then, which nobody can see.

public import CairnFormat

extension GraphStore {
    /// Does a mutation again that a recorder was told of, right from the bytes of its event, if it is one
    /// of those that can be done so. The recorder of this store is not told.
    ///
    /// The result is the same as that of decoding the event and applying it.
    ///
    /// - Parameter decoder: Is somewhere within the event afterwards.
    /// - Returns: False when nothing changed: then decode the event and ``apply(_:)`` it, which does it or
    ///   says what is wrong.
    /// - Complexity: That of the mutation.
    public mutating func applyEncoded(_ decoder: inout EventDecoder) -> Bool {
        do {
            translation.prepare(for: decoder.symbols)
            switch try decoder.bytes.integer(UInt8.self) {
            case MutationEvent.Tag.nodeCreated.rawValue:
                return try createNode(from: &decoder.bytes)
            case MutationEvent.Tag.relationshipCreated.rawValue:
                return try createRelationship(from: &decoder.bytes)
            default: return false
            }
        } catch {
            return false
        }
    }

    private mutating func createNode(from bytes: inout ByteReader) throws(FormatError) -> Bool {
        let slot = nodeTable.nextSlot
        guard slot < slotCountMax, try bytes.varint() == UInt64(slot),
            let labelSet = try labelSet(from: &bytes),
            let properties = try properties(from: &bytes), bytes.isAtEnd
        else { return false }
        do {
            try check(properties, labels: labelSets[labelSet].labels, slot: nil)
            try checkRoom(for: properties, ofNode: slot)
        } catch {
            return false
        }
        insertNode(slot, labelSet: labelSet, properties: properties)
        remember(.nodeCreated(slot))
        return true
    }

    private mutating func createRelationship(
        from bytes: inout ByteReader
    ) throws(FormatError) -> Bool {
        let slot = relationshipTable.nextSlot
        guard slot < slotCountMax, try bytes.varint() == UInt64(slot),
            let type = type(try bytes.varint()),
            let from = liveSlot(of: NodeID(rawValue: try bytes.varint())),
            let to = liveSlot(of: NodeID(rawValue: try bytes.varint())),
            let properties = try properties(from: &bytes), bytes.isAtEnd,
            relationshipTable.hasRoom(for: properties, of: slot)
        else { return false }
        insertRelationship(slot, type: type, from: from, to: to, properties: properties)
        remember(.relationshipCreated(slot))
        return true
    }

    private mutating func type(_ symbol: UInt64) -> UInt32? {
        var translation = EventTranslation()
        swap(&translation, &self.translation)
        defer { swap(&translation, &self.translation) }
        return translation.type(symbol) { name throws(GraphError) in try intern(type: name) }
    }

    private mutating func labelSet(from bytes: inout ByteReader) throws(FormatError) -> UInt32? {
        let count = try bytes.count()
        guard count > 0 else { return LabelSets.empty }
        var translation = EventTranslation()
        swap(&translation, &self.translation)
        defer { swap(&translation, &self.translation) }
        var previous = try bytes.varint()
        let first = translation.labelSet(previous) { name throws(GraphError) in
            try intern(labels: [name])
        }
        guard let first, count > 1 else { return first }
        var numbers = labelSets[first].labels
        for _ in 1..<count {
            let symbol = try bytes.varint()
            let set = translation.labelSet(symbol) { name throws(GraphError) in
                try intern(labels: [name])
            }
            guard let set, translation.ascends(previous, symbol) else { return nil }
            numbers += labelSets[set].labels
            previous = symbol
        }
        return try? labelSets.intern(numbers, names: labels)
    }

    private mutating func properties(
        from bytes: inout ByteReader
    ) throws(FormatError) -> PropertyList? {
        let count = try bytes.count(byteCountEach: 2)
        guard count > 0 else { return PropertyList() }
        translation.places.removeAll(keepingCapacity: true)
        var previous: UInt64?
        var keepsOrder = true
        var byteCount = 0
        for _ in 0..<count {
            let symbol = try bytes.varint()
            guard let key = translation.key(symbol, &keys) else { return nil }
            if let previous, !translation.ascends(previous, symbol) { return nil }
            previous = symbol
            let start = bytes.offset - bytes.baseOffset
            guard try Value.check(&bytes) != .null else { return nil }
            let range = start..<bytes.offset - bytes.baseOffset
            if let last = translation.places.last, last.key > key { keepsOrder = false }
            translation.places.append((key, range))
            byteCount += range.count + Varint.byteCount(UInt64(key))
        }
        if !keepsOrder { translation.places.sort { $0.key < $1.key } }
        var list: [UInt8] = []
        list.reserveCapacity(byteCount)
        bytes.bytes.withUnsafeBytes { source in
            for place in translation.places {
                list.append(varint: UInt64(place.key))
                list.append(contentsOf: UnsafeRawBufferPointer(rebasing: source[place.range]))
            }
        }
        return PropertyList(bytes: list)
    }
}
