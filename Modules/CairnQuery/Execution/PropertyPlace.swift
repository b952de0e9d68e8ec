// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// A property of what is in a place of the row.
struct PropertyPlace: Sendable {
    /// The place of the node.
    let slot: Int
    /// The number of the key in the plan.
    let key: Int
}

extension Execution {
    /// A property of the node in a place of the row as the graph keeps it; nil where no node is there.
    @inline(__always)
    func packed(_ place: PropertyPlace) throws(QueryError) -> PackedValue? {
        guard let id = row.node(place.slot) else { return nil }
        let node = try number(of: id)
        guard let key = key(place.key) else { return PackedValue.none }
        return graph.property(key, ofNode: node)
    }
}

extension QueryValue {
    /// The value of a property; null when there is none.
    init(_ packed: PackedValue) {
        switch packed {
        case .none: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .double(let value): self = .double(value)
        case .string(let bytes): self = .string(PackedValue.text(bytes))
        case .other(let value): self = QueryValue(value)
        }
    }
}
