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

/// The way a block lies in the records of its section. The numbers are on disk and never change.
package enum BlockForm: UInt8, CaseIterable {
    case whole = 0
    case part = 1
    case lastPart = 2
}

/// The kind of the values in a column. The numbers are on disk and never change.
package enum ColumnKind: UInt8, CaseIterable {
    case truth = 1
    case integer = 2
    case double = 3
    case text = 4
    case bytes = 5
    case value = 6

    /// The kind of the column that has values with this tag; nil for null, which no property is.
    init?(_ tag: Value.Tag) {
        switch tag {
        case .null: return nil
        case .false, .true: self = .truth
        case .int: self = .integer
        case .double: self = .double
        case .string: self = .text
        case .bytes: self = .bytes
        default: self = .value
        }
    }

    /// The tag that stands for the kind in a shape of the store; that of `false` for both truth values. Nil where each
    /// value has its own.
    var shapeTag: Value.Tag? {
        switch self {
        case .truth: .false
        case .integer: .int
        case .double: .double
        case .text: .string
        case .bytes: .bytes
        case .value: nil
        }
    }
}

/// The form of a column of integers. The numbers are on disk and never change.
package enum IntegerForm: UInt8, CaseIterable {
    case values = 0
    case differences = 1
}

/// The form of a column of texts. The numbers are on disk and never change.
package enum TextForm: UInt8, CaseIterable {
    case incremental = 0
    case dictionary = 1
}
