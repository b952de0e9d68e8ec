// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

extension GraphStore {
    /// Writes the store as the sections of a snapshot, in columns.
    ///
    /// Equal graphs give equal bytes, whatever their history. An open transaction does not show: what
    /// it did so far is written.
    ///
    /// - Throws: What the sink throws.
    /// - Complexity: O(*n*) in the store.
    public func write<Sink: SectionSink & ~Copyable>(to sink: inout Sink) throws(Sink.Failure) {
        let numbering = SnapshotNumbering(of: self)
        try sink.begin(.counts)
        try sink.appendRecord { record in
            record.append(varint: SnapshotSection.version)
            for count in [
                numbering.labels.names.count, numbering.types.names.count,
                numbering.keys.names.count, uniqueCount, nodeCount, relationshipCount,
            ] {
                record.append(varint: UInt64(count))
            }
        }
        try sink.append(numbering.labels.names, as: .labels)
        try sink.append(numbering.types.names, as: .types)
        try sink.append(numbering.keys.names, as: .keys)
        try writeConstraints(to: &sink, numbering)
        try sink.append(bitmapOf: nodeTable, as: .nodesInUse)
        try writeNodes(to: &sink, numbering)
        try sink.append(bitmapOf: relationshipTable, as: .relationshipsInUse)
        try writeRelationships(to: &sink, numbering)
        // A store without rules can be read by programs that know of none.
        if ruleCount > 0 {
            try sink.begin(.rules)
            let rules = labelIndexes.map(\.rules.rules)
            try write(rules, of: numbering.labels, to: &sink, numbering)
        }
        if relationshipRuleCount > 0 {
            try sink.begin(.relationshipRules)
            let rules = typeRules.map { $0.rules + $0.uniqueRules }
            try write(rules, of: numbering.types, to: &sink, numbering)
        }
    }

    /// Writes the rules for each label, or each type, in one order.
    private func write<Sink: SectionSink & ~Copyable>(
        _ rules: [[NumberedRule]], of names: SnapshotNumbering.Table, to sink: inout Sink,
        _ numbering: SnapshotNumbering
    ) throws(Sink.Failure) {
        var records: [[UInt32]] = []
        for (name, rules) in rules.enumerated() {
            for rule in rules {
                records.append(
                    [
                        names[UInt32(name)], UInt32(rule.kind.rawValue),
                        UInt32(rule.type?.rawValue ?? 0), UInt32(rule.keys.count),
                    ] + rule.keys.map { numbering.keys[$0] })
            }
        }
        for rule in records.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            try sink.appendRecord { record in
                for number in rule { record.append(varint: UInt64(number)) }
            }
        }
    }

    private func writeConstraints<Sink: SectionSink & ~Copyable>(
        to sink: inout Sink, _ numbering: SnapshotNumbering
    ) throws(Sink.Failure) {
        try sink.begin(.uniqueConstraints)
        var pairs: [(label: UInt32, key: UInt32)] = []
        for (label, index) in labelIndexes.enumerated() {
            for unique in index.rules.uniques where !unique.isKey {
                pairs.append((numbering.labels[UInt32(label)], numbering.keys[unique.keys[0]]))
            }
        }
        for pair in pairs.sorted(by: <) {
            try sink.appendRecord { record in
                record.append(varint: UInt64(pair.label))
                record.append(varint: UInt64(pair.key))
            }
        }
    }

    private func writeNodes<Sink: SectionSink & ~Copyable>(
        to sink: inout Sink, _ numbering: SnapshotNumbering
    ) throws(Sink.Failure) {
        try sink.begin(.nodes)
        var writer = BlockWriter(
            heads: labelSets.all.map { head(of: $0, numbering) }, keys: numbering.keys,
            hasEnds: false)
        try nodeTable.forEachEntity { (chunk, index, packed) throws(Sink.Failure) in
            let isFull = writer.add(
                head: chunk.slot(index, NodeRecord.labelSetField), packed, nodeTable.shapes)
            if isFull { try writer.write(to: &sink) }
        }
        try writer.write(to: &sink)
    }

    /// The beginning of a shape with these labels: their count and their numbers.
    private func head(of set: LabelSet, _ numbering: SnapshotNumbering) -> [UInt8] {
        var head = BinaryBuffer()
        head.append(varint: UInt64(set.labels.count))
        // Labels of a set ascend by name, and so do their numbers.
        for label in set.labels { head.append(varint: UInt64(numbering.labels[label])) }
        return head.array()
    }

    private func writeRelationships<Sink: SectionSink & ~Copyable>(
        to sink: inout Sink, _ numbering: SnapshotNumbering
    ) throws(Sink.Failure) {
        try sink.begin(.relationships)
        let heads = types.names.indices.map { type in
            var head = BinaryBuffer()
            head.append(varint: UInt64(numbering.types[UInt32(type)]))
            return head.array()
        }
        var writer = BlockWriter(heads: heads, keys: numbering.keys, hasEnds: true)
        try relationshipTable.forEachEntity { (chunk, index, packed) throws(Sink.Failure) in
            let isFull = writer.add(
                head: chunk.slot(index, RelationshipRecord.typeField), packed,
                relationshipTable.shapes,
                ends: (
                    chunk.slot(index, RelationshipRecord.fromField),
                    chunk.slot(index, RelationshipRecord.toField)
                ))
            if isFull { try writer.write(to: &sink) }
        }
        try writer.write(to: &sink)
    }
}

extension SectionSink where Self: ~Copyable {
    mutating func begin(_ section: SnapshotSection) throws(Failure) {
        try beginSection(section.rawValue)
    }

    mutating func append(_ names: [String], as section: SnapshotSection) throws(Failure) {
        try begin(section)
        for name in names { try appendRecord { $0.append(string: name) } }
    }

    /// Appends which slots are in use, up to the last that is.
    mutating func append<Record>(
        bitmapOf table: EntityTable<Record>, as section: SnapshotSection
    ) throws(Failure) {
        try begin(section)
        let end = ((0..<table.slotCount).last { !table.isHole($0) } ?? -1) + 1
        let step = SnapshotSection.bitmapRecordWordCount * 64
        for start in stride(from: 0, to: end, by: step) {
            try appendRecord { record in
                for base in stride(from: start, to: min(start + step, end), by: 64) {
                    var word: UInt64 = 0
                    for slot in base..<min(base + 64, end) where !table.isHole(slot) {
                        word |= 1 << UInt64(slot - base)
                    }
                    record.append(word)
                }
            }
        }
    }
}
