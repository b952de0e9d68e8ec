// SPDX-License-Identifier: Apache-2.0

/// Numbers of one type, such as the embedding of a text.
public enum Vector: Sendable {
    /// Of 32-bit floating-point numbers.
    case float32([Float])
    /// Of 64-bit floating-point numbers.
    case float64([Double])
    /// Of 8-bit integers.
    case int8([Int8])

    /// The type of the elements. The numbers are on disk and never change.
    public enum ElementType: UInt8, Hashable, Sendable, CaseIterable {
        /// 32-bit floating-point numbers.
        case float32 = 0
        /// 64-bit floating-point numbers.
        case float64 = 1
        /// 8-bit integers.
        case int8 = 2

        package var byteCount: Int {
            switch self {
            case .float32: 4
            case .float64: 8
            case .int8: 1
            }
        }
    }

    /// The type of the elements.
    public var elementType: ElementType {
        switch self {
        case .float32: .float32
        case .float64: .float64
        case .int8: .int8
        }
    }

    /// The number of elements.
    public var count: Int {
        switch self {
        case .float32(let elements): elements.count
        case .float64(let elements): elements.count
        case .int8(let elements): elements.count
        }
    }
}

extension Vector: Hashable {
    /// True when both have the same elements, compared by their bits: a NaN equals itself, -0 is not 0.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        switch (lhs, rhs) {
        case (.float32(let left), .float32(let right)):
            left.count == right.count
                && zip(left, right).allSatisfy { $0.bitPattern == $1.bitPattern }
        case (.float64(let left), .float64(let right)):
            left.count == right.count
                && zip(left, right).allSatisfy { $0.bitPattern == $1.bitPattern }
        case (.int8(let left), .int8(let right)): left == right
        default: false
        }
    }

    /// Feeds the bits of the elements into `hasher`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(elementType)
        switch self {
        case .float32(let elements): for element in elements { hasher.combine(element.bitPattern) }
        case .float64(let elements): for element in elements { hasher.combine(element.bitPattern) }
        case .int8(let elements): hasher.combine(elements)
        }
    }
}
