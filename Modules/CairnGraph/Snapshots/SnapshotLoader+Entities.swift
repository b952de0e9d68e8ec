// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension SnapshotLoader {
    // MARK: Nodes

    mutating func makeNodeSlots() {
        store.nodeTable = EntityTable(slotCount: nodesInUse.end, free: nodesInUse.holes())
        labelSetOf = Array(repeating: NodeRecord.hole, count: nodesInUse.end)
    }

    mutating func readNodes(_ reader: inout ByteReader) throws(FormatError) {
        try nodeParts.read(&reader) { (reader) throws(FormatError) in try readNodeBlock(&reader) }
    }

    private mutating func readNodeBlock(_ reader: inout ByteReader) throws(FormatError) {
        let start = reader.offset
        let block = try Block(from: &reader, &names, hasEnds: false) { _ in true }
        nodeProperties.begin(block, &store.nodeTable.shapes)
        // The label set of each shape, which is borne before the next one is asked for, and its labels among those of all.
        var labelSets: [UInt32] = []
        var labels: [UInt32] = []
        var ranges: [Range<Int>] = []
        for (shape, count) in zip(block.shapes, block.shapeCounts) {
            let labelSet = try intern(shape.labels, at: start)
            store.labelSets.retain(labelSet, by: UInt32(count))
            labelSets.append(labelSet)
            ranges.append(labels.count..<labels.count + shape.labels.count)
            labels += shape.labels
        }
        for number in block.shapeOf {
            let shape = Int(number)
            guard let slot = nodesInUse.next() else {
                throw FormatError(code: .trailingBytes, offset: start)
            }
            labelSetOf[Int(slot)] = labelSets[shape]
            for place in ranges[shape] { members[Int(labels[place])].append(slot) }
            guard nodeProperties.add(slot, shape: shape, to: &store.nodeTable) else {
                throw FormatError(code: .limitExceeded, offset: start)
            }
        }
    }

    /// The number of a set of labels, which a node bears before the next one is asked for.
    private mutating func intern(
        _ labels: [UInt32], at offset: Int
    ) throws(FormatError) -> UInt32 {
        do throws(GraphError) {
            return try store.labelSets.intern(labels, names: store.labels)
        } catch {
            throw FormatError(code: .limitExceeded, offset: offset)
        }
    }

    // MARK: Relationships

    mutating func makeRelationshipSlots() {
        nodeProperties.finish(&store.nodeTable)
        for label in members.indices {
            store.labelIndexes[label].members = members[label].finish()
        }
        store.relationshipTable = EntityTable(
            slotCount: relationshipsInUse.end, free: relationshipsInUse.holes())
        adjacency = AdjacencyBuilder(
            nodeSlotCount: nodesInUse.end, relationshipSlotCount: relationshipsInUse.end)
    }

    mutating func readRelationships(_ reader: inout ByteReader) throws(FormatError) {
        try relationshipParts.read(&reader) { (reader) throws(FormatError) in
            try readRelationshipBlock(&reader)
        }
    }

    private mutating func readRelationshipBlock(_ reader: inout ByteReader) throws(FormatError) {
        let start = reader.offset
        let block = try Block(from: &reader, &names, hasEnds: true) { node in
            node >= 0 && node < Int64(labelSetOf.count)
                && labelSetOf[Int(node)] != NodeRecord.hole
        }
        relationshipProperties.begin(block, &store.relationshipTable.shapes)
        let types = block.shapes.map { $0.labels[0] }
        for (index, number) in block.shapeOf.enumerated() {
            let shape = Int(number)
            guard let slot = relationshipsInUse.next() else {
                throw FormatError(code: .trailingBytes, offset: start)
            }
            let type = types[shape]
            membersOfTypes[Int(type)].append(slot)
            adjacency.add(
                slot, type: type, from: UInt32(block.from[index]), to: UInt32(block.to[index]))
            guard relationshipProperties.add(slot, shape: shape, to: &store.relationshipTable)
            else { throw FormatError(code: .limitExceeded, offset: start) }
        }
    }

    /// Makes the records of all nodes and relationships.
    mutating func makeRecords() {
        relationshipProperties.finish(&store.relationshipTable)
        for type in membersOfTypes.indices {
            store.typeIndexes[type] = membersOfTypes[type].finish()
        }
        adjacency.makeRecords(of: labelSetOf, &store.nodeTable, &store.relationshipTable)
        labelSetOf = []
        adjacency = AdjacencyBuilder(nodeSlotCount: 0, relationshipSlotCount: 0)
    }
}
