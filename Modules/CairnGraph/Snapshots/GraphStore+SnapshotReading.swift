// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

extension GraphStore {
    /// Reads the store that ``write(to:)`` wrote.
    ///
    /// Everything is checked: names, numbers, order, references, counts and constraints. No transaction
    /// is open and no recorder is set.
    ///
    /// - Throws: What the source throws, and its failure for a `FormatError`: `.unsupportedVersion`
    ///   (of the sections, or an unknown one), `.nonCanonical` (wrong order, or something that nothing
    ///   uses), `.invalidReference`, `.duplicate` (a constraint that is there twice or violated),
    ///   `.invalidValue` (a name, a null property, a count), `.limitExceeded`, `.truncated` (records
    ///   are missing) or `.trailingBytes` (there are too many).
    /// - Complexity: O(*n*) in the store.
    public init<Source: SectionSource & ~Copyable>(
        from source: inout Source
    ) throws(Source.Failure) {
        var loader = SnapshotLoader()
        if let error = SnapshotLoader.defect(ofSections: source.sectionIDs) {
            throw source.failure(error)
        }
        try source.forEachRun(of: SnapshotSection.counts.rawValue) { reader throws(FormatError) in
            try loader.readCounts(&reader)
        }
        try source.forEachRun(of: SnapshotSection.labels.rawValue) { reader throws(FormatError) in
            try loader.readLabels(&reader)
        }
        try source.forEachRun(of: SnapshotSection.types.rawValue) { reader throws(FormatError) in
            try loader.readTypes(&reader)
        }
        try source.forEachRun(of: SnapshotSection.keys.rawValue) { reader throws(FormatError) in
            try loader.readKeys(&reader)
        }
        try source.forEachRun(
            of: SnapshotSection.uniqueConstraints.rawValue
        ) { reader throws(FormatError) in
            try loader.readConstraints(&reader)
        }
        try source.forEachRun(
            of: SnapshotSection.nodesInUse.rawValue
        ) { reader throws(FormatError) in
            try loader.nodesInUse.read(&reader)
        }
        loader.makeNodeSlots()
        try source.forEachRun(of: SnapshotSection.nodes.rawValue) { reader throws(FormatError) in
            try loader.readNodes(&reader)
        }
        try source.forEachRun(
            of: SnapshotSection.relationshipsInUse.rawValue
        ) { reader throws(FormatError) in
            try loader.relationshipsInUse.read(&reader)
        }
        loader.makeRelationshipSlots()
        try source.forEachRun(
            of: SnapshotSection.relationships.rawValue
        ) { reader throws(FormatError) in
            try loader.readRelationships(&reader)
        }
        loader.makeRecords()
        try source.forEachRun(of: SnapshotSection.rules.rawValue) { reader throws(FormatError) in
            try loader.readRules(&reader)
        }
        if source.sectionIDs.contains(SnapshotSection.rules.rawValue), loader.store.ruleCount == 0 {
            throw source.failure(FormatError(code: .nonCanonical, offset: 0))
        }
        try source.forEachRun(
            of: SnapshotSection.relationshipRules.rawValue
        ) { reader throws(FormatError) in
            try loader.readRelationshipRules(&reader)
        }
        if source.sectionIDs.contains(SnapshotSection.relationshipRules.rawValue),
            loader.store.relationshipRuleCount == 0
        {
            throw source.failure(FormatError(code: .nonCanonical, offset: 0))
        }
        do throws(FormatError) {
            self = try loader.finish()
        } catch {
            throw source.failure(error)
        }
    }
}
