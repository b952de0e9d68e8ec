// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

extension MutationEvent {
    /// The format of events and of the values in them, as data.
    public static let format = FormatDescription(
        "GraphEvents",
        """
        What happened to a property graph, one event for each mutation. Numbers are varints unless \
        said otherwise; symbols are numbers of strings in the table of the batch.
        """,
        layouts: [],
        tags: [
            ("event", Tag.allCases.map(\.description))
        ] + ValueReading.tables,
        limits: GraphLimits.ofEvents,
        rules: [
            "An event begins with its tag byte; its parts follow in the order given.",
            "A varint is in its shortest form.",
            "Properties are a count, then a key (symbol) and a value for each.",
            "Properties ascend by the UTF-8 bytes of their keys, and none is null.",
            "The entries of a map ascend by the UTF-8 bytes of their keys.",
            "No two keys of one map, or of one thing, are canonically equivalent in Unicode.",
            "Names have 1 to \(GraphLimits.nameByteCountMax) bytes and are in Unicode normalization form C.",
            "A new node or relationship has the lowest id that is not in use.",
            "The labels of a new node ascend by their UTF-8 bytes.",
            "An event changes something: a label added was not there, a value set is a new one.",
        ] + GraphLimits.rules, reading: reading)
}

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
