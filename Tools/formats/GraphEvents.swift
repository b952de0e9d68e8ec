// SPDX-License-Identifier: Apache-2.0

package import CairnGraph

extension MutationEvent {
    /// The format of events and of the values in them, as data.
    package static let format = FormatDescription(
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
