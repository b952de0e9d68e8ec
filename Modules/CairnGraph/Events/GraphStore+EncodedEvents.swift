// SPDX-License-Identifier: Apache-2.0
//
// Replaying from bytes: most events of a log make a node or a relationship, and what they say is nearly
// what a store keeps.
//
// - Only what is right in every respect is applied here. Whatever is not, and whatever is rare, is left to
//   decoding and ``GraphStore/apply(_:)``, so there is one place that says what is wrong.
// - Names may have been added to the tables by then, which cannot be seen.

package import CairnFormat

extension GraphStore {
    /// Replays a recorded mutation right from the bytes of its event, if it is one
    /// of those that can be done so. The recorder of this store is not called.
    ///
    /// The result is the same as that of decoding the event and applying it.
    ///
    /// - Parameter decoder: Is somewhere within the event afterwards.
    /// - Returns: False when nothing changed: then decode the event and ``apply(_:)`` it, which does it or
    ///   says what is wrong.
    /// - Complexity: That of the mutation.
    package mutating func applyEncoded(_ decoder: inout EventDecoder) -> Bool {
        do {
            if translation == nil { translation = EventTranslation() }
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
        guard slot < slotCountMax, try bytes.varint() == UInt64(slot) else { return false }
        let start = bytes.offset - bytes.baseOffset
        let entity = bytes.bytes.extracting(start..<bytes.bytes.byteCount)
        if createNodeLikeOthers(slot, entity) { return true }
        guard let labelSet = try labelSet(from: &bytes) else { return false }
        var probe = bytes
        _ = try probe.varint()
        let headByteCount = probe.offset - probe.baseOffset - start
        guard let properties = try properties(from: &bytes), bytes.isAtEnd else { return false }
        let labels = labelSets[labelSet].labels
        do {
            try check(properties, labels: labels, slot: nil)
            try checkRoom(for: properties, ofNode: slot)
        } catch {
            return false
        }
        insertNode(slot, labelSet: labelSet, properties: properties)
        remember(.nodeCreated(slot))
        guard uniqueCount + ruleCount == 0, translation.nodePatterns.takesAnother() else {
            return true
        }
        if let pattern = PropertyPattern(
            of: entity, headByteCount: headByteCount, labelSet: labelSet, labels: labels,
            properties, &nodeTable.shapes, key: { [translation] in translation.knownKey($0) })
        {
            translation.nodePatterns.add(pattern)
        }
        return true
    }

    /// Makes a node that has one of the patterns of the batch.
    ///
    /// - Returns: False when it has none, and nothing was done.
    private mutating func createNodeLikeOthers(_ slot: UInt32, _ entity: RawSpan) -> Bool {
        // What rules say is judged in one place.
        guard uniqueCount + ruleCount == 0 else { return false }
        return withUnsafeTemporaryAllocation(
            byteCount: PropertyPattern.roomByteCount, alignment: 8
        ) { room in
            let found = entity.withUnsafeBytes { translation.nodePatterns.pack($0, into: room) }
            guard let found, nodeTable.hasRoomForPatterns(of: slot),
                let labelSet = labelSet(of: found.pattern)
            else { return false }
            insertNode(
                slot, labelSet: labelSet, like: found.pattern,
                packed: UnsafeRawBufferPointer(rebasing: room[..<found.byteCount]))
            remember(.nodeCreated(slot))
            return true
        }
    }

    /// The number of the set of the labels of a pattern, which may be another one by now.
    mutating func labelSet(of pattern: PropertyPattern) -> UInt32? {
        // Only sets of several labels are given up when no node has them any more.
        if pattern.labels.count <= 1 || labelSets[pattern.labelSet].labels == pattern.labels {
            return pattern.labelSet
        }
        return try? labelSets.intern(pattern.labels, names: labels)
    }

    private mutating func createRelationship(
        from bytes: inout ByteReader
    ) throws(FormatError) -> Bool {
        let slot = relationshipTable.nextSlot
        guard slot < slotCountMax, try bytes.varint() == UInt64(slot),
            let type = type(try bytes.varint()),
            let from = liveSlot(of: NodeID(rawValue: try bytes.varint())),
            let to = liveSlot(of: NodeID(rawValue: try bytes.varint()))
        else { return false }
        let start = bytes.offset - bytes.baseOffset
        let entity = bytes.bytes.extracting(start..<bytes.bytes.byteCount)
        // What rules say is judged in one place.
        let hasRules = hasRules(forType: type)
        if !hasRules, entity.byteCount == 1,
            entity.unsafeLoad(fromByteOffset: 0, as: UInt8.self) == 0
        {
            insertRelationship(
                slot, type: type, from: from, to: to,
                packed: UnsafeRawBufferPointer(start: nil, count: 0))
            remember(.relationshipCreated(slot))
            return true
        }
        if !hasRules, createRelationshipLikeOthers(slot, type, from, to, entity) { return true }
        var probe = bytes
        _ = try probe.varint()
        let headByteCount = probe.offset - probe.baseOffset - start
        guard let properties = try properties(from: &bytes), bytes.isAtEnd,
            relationshipTable.hasRoom(for: properties, of: slot)
        else { return false }
        do {
            try check(properties, type: type, slot: nil)
        } catch {
            return false
        }
        insertRelationship(slot, type: type, from: from, to: to, properties: properties)
        remember(.relationshipCreated(slot))
        guard !hasRules, translation.relationshipPatterns.takesAnother() else { return true }
        if let pattern = PropertyPattern(
            of: entity, headByteCount: headByteCount, labelSet: LabelSets.empty, labels: [],
            properties, &relationshipTable.shapes,
            key: { [translation] in translation.knownKey($0) })
        {
            translation.relationshipPatterns.add(pattern)
        }
        return true
    }

    /// Makes a relationship whose properties have one of the patterns of the batch.
    ///
    /// - Returns: False when they have none, and nothing was done.
    private mutating func createRelationshipLikeOthers(
        _ slot: UInt32, _ type: UInt32, _ from: UInt32, _ to: UInt32, _ entity: RawSpan
    ) -> Bool {
        withUnsafeTemporaryAllocation(
            byteCount: PropertyPattern.roomByteCount, alignment: 8
        ) { room in
            let found = entity.withUnsafeBytes {
                translation.relationshipPatterns.pack($0, into: room)
            }
            guard let found, relationshipTable.hasRoomForPatterns(of: slot) else { return false }
            insertRelationship(
                slot, type: type, from: from, to: to,
                packed: UnsafeRawBufferPointer(rebasing: room[..<found.byteCount]))
            remember(.relationshipCreated(slot))
            return true
        }
    }

    private mutating func type(_ symbol: UInt64) -> UInt32? {
        if let known = translation.knownType(symbol) { return known }
        var translation: EventTranslation! = nil
        swap(&translation, &self.translation)
        defer { swap(&translation, &self.translation) }
        return translation.type(symbol) { name throws(GraphError) in try intern(type: name) }
    }

    private mutating func labelSet(from bytes: inout ByteReader) throws(FormatError) -> UInt32? {
        let count = try bytes.count()
        guard count > 0 else { return LabelSets.empty }
        var translation: EventTranslation! = nil
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
        let list = bytes.bytes.withUnsafeBytes { source in
            [UInt8](unsafeUninitializedCapacity: byteCount) { room, initializedCount in
                var list = ByteWriter(UnsafeMutableRawBufferPointer(room))
                for place in translation.places {
                    list.append(varint: UInt64(place.key))
                    list.append(UnsafeRawBufferPointer(rebasing: source[place.range]))
                }
                initializedCount = list.count
            }
        }
        return PropertyList(bytes: list)
    }
}
