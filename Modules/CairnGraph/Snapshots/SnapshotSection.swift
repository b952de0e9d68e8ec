// SPDX-License-Identifier: Apache-2.0
//
// The sections of a snapshot of a store, and what holds across them.
//
// - Equal graphs give equal bytes, whatever happened to them before. So names are numbered by their
//   order, only names in use are there, lists are sorted, and holes behind the last thing in use are
//   left out: they mean nothing, because the lowest id that is not in use is given out next.
// - Which ids are in use is a bitmap. A hole thus costs a bit, and a reader makes at most 8 records for a byte of
//   input.
// - Nodes and relationships are in blocks, by column: see ``Block``. What repeats itself takes hardly any room, so
//   what a reader makes of it is bounded by ``ColumnLimits``.
// - Records are read as they come. Counts are checked against what was read, never believed before.

package import CairnFormat

/// A section of a snapshot. The numbers are on disk and never change.
///
/// The numbers 1 to 255 are for graphs: an unknown one among them is refused, because something of the
/// graph would be missing. Others are left to programs that store more in the same snapshot.
package enum SnapshotSection: UInt32, CaseIterable {
    case counts = 1
    case labels = 2
    case types = 3
    case keys = 4
    case uniqueConstraints = 5
    case nodesInUse = 6
    case nodes = 7
    case relationshipsInUse = 8
    case relationships = 9
    case rules = 10
    case relationshipRules = 11

    /// The version of the sections, in the first of them.
    package static let version: UInt64 = 2

    /// The number of 64-bit words of a bitmap that make up one record; the last has fewer.
    static let bitmapRecordWordCount = 512

    package var name: String { "\(self)" }

    package var meaning: String {
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

    package var description: TagDescription { TagDescription(UInt64(rawValue), name, meaning) }
}
