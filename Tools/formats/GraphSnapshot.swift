// SPDX-License-Identifier: Apache-2.0

package import CairnGraph

extension GraphStore {
    /// The format of the sections of a snapshot, as data. Values are as in ``MutationEvent/format``.
    package static let format = FormatDescription(
        "GraphSnapshot",
        """
        A property graph, as sections of a snapshot. Numbers are varints unless said otherwise. Equal \
        graphs give equal bytes.
        """,
        layouts: [],
        tags: [
            ("section", SnapshotSection.allCases.map(\.description))
        ] + columnTables + ValueReading.tables,
        limits: ColumnLimits.descriptions + GraphLimits.ofSnapshots,
        rules: [
            "The version in the section counts is 2; another one is unsupported.",
            "A section with a number from 1 to 255 that is not listed is unsupported.",
            "The counts are those of the records in the other sections.",
            "Every name is borne by something, and none is there twice.",
            "Names are in Unicode normalization form C.",
            "Every number of a name is below its count; both ends of a relationship are in use.",
            "No two nodes with the label of a constraint have the same value of its key.",
            "Every node agrees with every rule, and so does every relationship with the rules for its type.",
            "Nodes and relationships lie in blocks, by column: values of one key and one kind together, in the order of "
                + "the entities that have them; a shape says which columns that are for an entity.",
            "A block of more than \(ColumnLimits.partByteCountMax) bytes is written in parts of so many, so that no value "
                + "is too long.",
            "Cairn ends a block behind \(ColumnLimits.blockEntityCountMax) entities, or when the weight of its entities "
                + "has reached \(ColumnLimits.blockWeightMax): 8 for each property, and the bytes of texts, of opaque "
                + "bytes, and of values that have no column of their own. A reader checks neither.",
        ] + GraphLimits.rules, reading: reading)
}
