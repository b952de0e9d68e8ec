// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension SnapshotSection {
    var name: String { "\(self)" }

    var meaning: String {
        switch self {
        case .counts:
            """
            One record of varints: the version of these sections (2), then how many labels, types, \
            keys, unique constraints, nodes and relationships there are.
            """
        case .labels:
            """
            One record for each label that a node or a rule has: byte count, UTF-8; ascending \
            by these bytes. Its place, from 0, is the number of the label.
            """
        case .types: "The same for the types of relationships and of rules for them."
        case .keys: "The same for the keys of properties and rules."
        case .uniqueConstraints:
            """
            One record for each constraint: the number of the label, the number of the key; \
            ascending.
            """
        case .nodesInUse:
            """
            A bitmap of the ids of nodes, as 64-bit words: bit i of word w is set when id 64 w + i is in use. \
            The last word is not zero. `recordCount` counts runs of up to 512 words; the steps read word by word.
            """
        case .nodes:
            """
            The nodes in use, ascending by id, in blocks of 1 to 4096: see `block`. One record for each \
            block, or several with its parts.
            """
        case .relationshipsInUse: "The bitmap of the ids of relationships."
        case .relationships:
            """
            The same for the relationships in use: each block has where they begin and where they end, \
            too.
            """
        case .rules:
            """
            One record for each rule, ascending number by number: the number of the label, the kind \
            (1 existence, 2 type, 3 key, 4 index), the type of values (0 but for kind 2), how many \
            keys, the numbers of the keys. The section is left out when there are none.
            """
        case .relationshipRules:
            """
            The same for the rules for relationships: the number of the type stands in the place of that of the \
            label, and there is a kind more (5 unique).
            """
        }
    }

    var description: TagDescription { TagDescription(UInt64(rawValue), name, meaning) }
}

extension ColumnLimits {
    /// The bounds that a reader checks, as data.
    static let descriptions = [
        LimitDescription(
            "blockEntityCountMax", UInt64(blockEntityCountMax),
            "Nodes, or relationships, in a block; the least is 1."),
        LimitDescription(
            "columnByteCountMax", UInt64(columnByteCountMax),
            "Bytes that the texts of a column have before its last one begins."),
        LimitDescription(
            "runCountMax", UInt64(runCountMax),
            "Integers of a column that share a base and a width."),
    ]
}

extension BlockForm {
    var description: TagDescription {
        let meaning =
            switch self {
            case .whole: "The block follows."
            case .part: "A byte count and so many bytes: the beginning of a block, or more of it."
            case .lastPart:
                "A byte count and so many bytes: the last ones of the block that was begun."
            }
        return TagDescription(UInt64(rawValue), "\(self)", meaning)
    }
}

extension ColumnKind {
    var description: TagDescription {
        let meaning =
            switch self {
            case .truth: "Truth values: a bit each, 1 for true."
            case .integer: "Signed numbers of 64 bits, as integers."
            case .double: "IEEE 754 doubles: the 8 bytes of each bit pattern."
            case .text: "Texts of UTF-8."
            case .bytes: "Opaque bytes, in the form of texts."
            case .value: "Values of all other kinds, each with its tag."
            }
        return TagDescription(UInt64(rawValue), "\(self)", meaning)
    }
}

extension IntegerForm {
    var description: TagDescription {
        let meaning =
            switch self {
            case .values: "The runs have the integers."
            case .differences:
                "The first integer, then runs of what each other one is more than the one before."
            }
        return TagDescription(UInt64(rawValue), "\(self)", meaning)
    }
}

extension TextForm {
    var description: TagDescription {
        let meaning =
            switch self {
            case .incremental: "Each text, as what it adds to the beginning of the one before."
            case .dictionary:
                "The different texts, ascending, as incremental; then for each value the number of its text, from 0."
            }
        return TagDescription(UInt64(rawValue), "\(self)", meaning)
    }
}
