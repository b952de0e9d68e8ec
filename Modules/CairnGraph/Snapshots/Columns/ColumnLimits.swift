// SPDX-License-Identifier: Apache-2.0

package import CairnFormat

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

    /// The bounds that a reader checks, as data.
    package static let descriptions = [
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

/// The way a block lies in the records of its section. The numbers are on disk and never change.
package enum BlockForm: UInt8, CaseIterable {
    case whole = 0
    case part = 1
    case lastPart = 2

    package var description: TagDescription {
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

    package var description: TagDescription {
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

/// The form of a column of integers. The numbers are on disk and never change.
package enum IntegerForm: UInt8, CaseIterable {
    case values = 0
    case differences = 1

    package var description: TagDescription {
        let meaning =
            switch self {
            case .values: "The runs have the integers."
            case .differences:
                "The first integer, then runs of what each other one is more than the one before."
            }
        return TagDescription(UInt64(rawValue), "\(self)", meaning)
    }
}

/// The form of a column of texts. The numbers are on disk and never change.
package enum TextForm: UInt8, CaseIterable {
    case incremental = 0
    case dictionary = 1

    package var description: TagDescription {
        let meaning =
            switch self {
            case .incremental: "Each text, as what it adds to the beginning of the one before."
            case .dictionary:
                "The different texts, ascending, as incremental; then for each value the number of its text, from 0."
            }
        return TagDescription(UInt64(rawValue), "\(self)", meaning)
    }
}
