// SPDX-License-Identifier: Apache-2.0
//
// Which columns there are, and in which forms. A change of the columns begins here; the bytes are those of
// `IntegerColumn` and `TextColumn`, and the order within a block is that of `BlockWriter` and `Block`.

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
