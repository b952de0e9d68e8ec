// SPDX-License-Identifier: Apache-2.0

/// A property of one of several nodes that are read together: its kind, and its value or where that lies.
package struct PropertyCell: BitwiseCopyable, Sendable {
    /// The kinds of properties that a cell holds.
    package enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// There is no such property.
        case none
        case bool
        case int
        case double
        case string
        /// A value of another kind, or a text that is kept without a shape: it is read by itself.
        case other
    }

    /// The kind of the value.
    package let kind: Kind
    /// A truth value as 0 or 1, an integer, the bits of a double, or the number of bytes of a text.
    package let number: Int64
    /// The address of a text, as a number; valid while the graph is neither changed nor given up.
    package let address: UInt

    /// No property.
    package static let none = PropertyCell(.none)

    @inline(__always)
    init(_ kind: Kind, _ number: Int64 = 0) {
        self.kind = kind
        self.number = number
        address = 0
    }

    @inline(__always)
    init(_ text: UnsafeRawBufferPointer) {
        kind = .string
        number = Int64(text.count)
        address = UInt(bitPattern: text.baseAddress)
    }
}
