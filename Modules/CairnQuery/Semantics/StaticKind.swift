// SPDX-License-Identifier: Apache-2.0

/// The kind of the values of an expression, as far as it is known before anything runs.
indirect enum StaticKind: Hashable, Sendable {
    /// Nothing.
    case any
    case null
    case boolean
    case integer
    case float
    case string
    case list(StaticKind)
    case map
    case node
    case relationship
    case path
    case temporal
    case duration

    /// The narrowest kind of values of both kinds.
    func joined(with other: StaticKind) -> StaticKind {
        if self == other || other == .null { return self }
        if self == .null { return other }
        if case .list(let left) = self, case .list(let right) = other {
            return .list(left.joined(with: right))
        }
        return .any
    }

    /// The kind of the elements of a list.
    var element: StaticKind {
        if case .list(let element) = self { element } else { .any }
    }

    /// Whether a value of this kind may be of one of the kinds of a set.
    func mayBe(_ kinds: KindSet) -> Bool { kinds.contains(set) }

    private var set: KindSet {
        switch self {
        case .any, .null: []
        case .boolean: .boolean
        case .integer: .integer
        case .float: .float
        case .string: .string
        case .list: .list
        case .map: .map
        case .node: .node
        case .relationship: .relationship
        case .path: .path
        case .temporal: .temporal
        case .duration: .duration
        }
    }
}

/// Kinds of values that an operation takes.
struct KindSet: OptionSet, Sendable {
    let rawValue: UInt16

    static let boolean = KindSet(rawValue: 1)
    static let integer = KindSet(rawValue: 2)
    static let float = KindSet(rawValue: 4)
    static let string = KindSet(rawValue: 8)
    static let list = KindSet(rawValue: 16)
    static let map = KindSet(rawValue: 32)
    static let node = KindSet(rawValue: 64)
    static let relationship = KindSet(rawValue: 128)
    static let path = KindSet(rawValue: 256)
    static let temporal = KindSet(rawValue: 512)
    static let duration = KindSet(rawValue: 1024)

    static let number: KindSet = [.integer, .float]
    static let entity: KindSet = [.node, .relationship]
    static let any = KindSet(rawValue: 2047)
}
