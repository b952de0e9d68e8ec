// SPDX-License-Identifier: Apache-2.0

/// The bounds of blocks and columns in a snapshot.
package enum ColumnLimits {
    /// The largest number of nodes, or of relationships, in a block.
    package static let blockEntityCountMax = 4096
    /// A writer ends a block when the weight of its entities reaches this: 8 for each property, and the bytes of texts
    /// and of values that have no column of numbers.
    package static let blockWeightMax = 1 << 18
    /// The most bytes that the texts of a column have together, without the last: texts that repeat others take hardly
    /// any room in a file, and as much as they have in memory.
    package static let columnByteCountMax = 1 << 18
    /// The largest number of integers that share a base and a width.
    package static let runCountMax = 128
    /// A block of more bytes is written in parts of so many.
    package static let partByteCountMax = 1 << 20
}
