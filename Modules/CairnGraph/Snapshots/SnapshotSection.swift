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

    /// Whether every snapshot of a graph has the section, if need be without records.
    package var isOfEveryGraph: Bool { self != .rules && self != .relationshipRules }

    /// The version of the sections, in the first of them.
    package static let version: UInt64 = 2

    /// The number of 64-bit words of a bitmap that make up one record; the last has fewer.
    static let bitmapRecordWordCount = 512
}
