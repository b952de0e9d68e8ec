// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

extension GraphStore {
    /// The format of the sections of a snapshot, as data. Values are as in ``MutationEvent/format``.
    public static let format = FormatDescription(
        "GraphSnapshot",
        """
        A property graph, as sections of a snapshot. Numbers are varints unless said otherwise. Equal \
        graphs give equal bytes.
        """,
        layouts: [],
        tags: [
            ("section", SnapshotSection.allCases.map(\.description))
        ] + ValueReading.tables,
        limits: GraphLimits.ofSnapshots,
        rules: [
            "The version in the section counts is 1; another one is unsupported.",
            "A section with a number from 1 to 255 that is not listed is unsupported.",
            "The counts are those of the records in the other sections.",
            "Every name is borne by something, and none is there twice.",
            "Names are in Unicode normalization form C.",
            "Every number of a name is below its count; both ends of a relationship are in use.",
            "No two nodes with the label of a constraint have the same value of its key.",
            "Every node agrees with every rule.",
        ] + GraphLimits.rules, reading: reading)
}
