// SPDX-License-Identifier: Apache-2.0

/// What formulas compute with, and what a format is read into.
package enum DynamicValue: Hashable, Sendable {
    /// Nothing, also the result of what cannot be computed.
    case none
    case bool(Bool)
    case int(Int128)
    case bytes([UInt8])
    /// Text, as its UTF-8.
    case text([UInt8])
    case list([DynamicValue])
    case object(Object)

    /// Named values in order.
    package struct Object: Hashable, Sendable {
        /// The members; those that are not shown are there for formulas only.
        package var members: [Member] = []

        /// One member.
        package struct Member: Hashable, Sendable {
            package let name: String
            package var value: DynamicValue
            package let isShown: Bool

            /// Whether it is shown makes no difference.
            package static func == (left: Self, right: Self) -> Bool {
                left.name == right.name && left.value == right.value
            }

            package func hash(into hasher: inout Hasher) {
                hasher.combine(name)
                hasher.combine(value)
            }
        }

        /// The value of a name.
        package subscript(name: String) -> DynamicValue? {
            members.index(of: name).map { members[$0].value }
        }
    }

    /// A number; none if it is out of bounds.
    static func exact(_ result: (partialValue: Int128, overflow: Bool)) -> Self {
        result.overflow ? .none : .int(result.partialValue)
    }

    /// Whether this counts as true.
    var isTrue: Bool { self == .bool(true) }

    var int: Int128? { if case .int(let value) = self { value } else { nil } }
    var list: [DynamicValue]? { if case .list(let value) = self { value } else { nil } }

    /// The bytes of bytes or text.
    var raw: [UInt8]? {
        switch self {
        case .bytes(let bytes), .text(let bytes): bytes
        default: nil
        }
    }

    package static func text(_ string: String) -> Self { .text(Array(string.utf8)) }

    /// -1, 0 or 1; nil for what has no order.
    func compared(to other: DynamicValue) -> Int? {
        switch (self, other) {
        case (.int(let left), .int(let right)): return left < right ? -1 : left == right ? 0 : 1
        case (.bytes(let left), .bytes(let right)), (.text(let left), .text(let right)):
            if left == right { return 0 }
            return left.lexicographicallyPrecedes(right) ? -1 : 1
        case (.list(let left), .list(let right)):
            for (first, second) in zip(left, right) {
                guard let order = first.compared(to: second) else { return nil }
                if order != 0 { return order }
            }
            return left.count < right.count ? -1 : left.count == right.count ? 0 : 1
        default: return nil
        }
    }
}

extension [DynamicValue.Object.Member] {
    /// Where the first member of that name is.
    func index(of name: String) -> Int? {
        // Pointers, because nothing else is fast without optimization, and this is asked most of all.
        withUnsafeBufferPointer { members in
            guard let first = members.baseAddress else { return nil }
            var index = 0
            while index < members.count {
                if first[index].name == name { return index }
                index += 1
            }
            return nil
        }
    }
}
