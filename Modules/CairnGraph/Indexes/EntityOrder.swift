// SPDX-License-Identifier: Apache-2.0

/// An index for callers that want nodes, or relationships, in the order of values, not of ids.
package struct EntityOrder: Sendable {
    private let index: OrderedIndex
    private let table: Table
    /// The sort keys of the values that all of them have in the first keys of the index.
    private let prefix: [UInt8]
    /// How many entities the whole index has.
    package var count: Int { index.count }

    private enum Table: Sendable {
        case nodes(EntityTable<NodeRecord>)
        case relationships(EntityTable<RelationshipRecord>)
    }

    init(_ index: OrderedIndex, _ table: EntityTable<NodeRecord>, prefix: [UInt8]) {
        self.index = index
        self.table = .nodes(table)
        self.prefix = prefix
    }

    init(_ index: OrderedIndex, _ table: EntityTable<RelationshipRecord>, prefix: [UInt8]) {
        self.index = index
        self.table = .relationships(table)
        self.prefix = prefix
    }

    /// The kinds of values in the order of an index; their numbers are those of sort keys.
    package enum Kind: UInt8, Sendable {
        /// No value, behind the first key of an index.
        case missing = 1
        case bool = 2
        case number = 3
        case string = 4
        /// Bytes, times, points, vectors, lists and maps.
        case other = 5
    }

    /// The entities whose value is of a kind, in the order of the index; of those with the same value, that of the
    /// following keys, then of ids.
    package func numbers(_ kind: Kind, descending: Bool) -> EntityOrderNumbers {
        let end = kind == .other ? 255 : kind.rawValue + 1
        return walk(prefix + [kind.rawValue], prefix + [end], descending)
    }

    /// The entities whose value is in the range that a predicate on this property alone has.
    package func numbers(
        where predicate: PropertyPredicate, descending: Bool
    ) -> EntityOrderNumbers {
        let range = predicate.sortKeys(predicate.keys)
        return walk(prefix + range.lowerBound.key, prefix + range.upperBound.key, descending)
    }

    private func walk(
        _ low: [UInt8], _ high: [UInt8], _ descending: Bool
    ) -> EntityOrderNumbers {
        let bounds = (SortKeyBound(key: low), SortKeyBound(key: high))
        let range = bounds.0..<Swift.max(bounds.0, bounds.1)
        let walk =
            switch table {
            case .nodes(let table): index.walk(in: range, isDescending: descending, table)
            case .relationships(let table): index.walk(in: range, isDescending: descending, table)
            }
        return EntityOrderNumbers(walk: walk)
    }
}

/// Nodes, or relationships, by number, in the order of an index.
package struct EntityOrderNumbers: Sequence, IteratorProtocol, Sendable {
    var walk: OrderedWalk

    /// The next one; nil behind the last.
    package mutating func next() -> UInt32? { walk.next() }

    /// Some of the next ones, fewer than `count` only at the end, instead of what is in the array.
    package mutating func next(upTo count: Int, _ numbers: inout [UInt32]) {
        numbers.removeAll(keepingCapacity: true)
        while numbers.count < count, let slot = walk.next() { numbers.append(slot) }
    }
}

extension GraphStore {
    /// The order of the first index of a label whose keys begin with those of `values`, in this order, and go on with `key`; nil
    /// when there is none.
    package func order(
        ofLabel label: UInt32, _ values: [(key: UInt32, value: Value)], by key: UInt32
    ) -> EntityOrder? {
        let wanted = values.map(\.key) + [key]
        let found = labelIndexes[Int(label)].rules.ordered.first { $0.keys.starts(with: wanted) }
        return found.map { index in
            EntityOrder(index, nodeTable, prefix: values.flatMap(\.value.sortKey))
        }
    }

    /// The same of the relationships of a type.
    package func order(
        ofType type: UInt32, _ values: [(key: UInt32, value: Value)], by key: UInt32
    ) -> EntityOrder? {
        let wanted = values.map(\.key) + [key]
        let found = typeRules[Int(type)].ordered.first { $0.keys.starts(with: wanted) }
        return found.map { index in
            EntityOrder(index, relationshipTable, prefix: values.flatMap(\.value.sortKey))
        }
    }

    /// The nodes with this label in the order of a property, found one by one as they are asked for; nil when no index
    /// has this order.
    ///
    /// Of nodes with the same value, those come first that come first by the following keys of the index, then by id.
    /// Nodes without the property are left out, unless `values` names properties: behind those, a property that is
    /// missing counts as null and comes first.
    ///
    /// ```swift
    /// try graph.create(.index(label: "Package", keys: ["section", "size"]))
    /// let largest = graph.nodes(
    ///     labeled: "Package", orderedBy: "size", descending: true, having: ["section": "libs"])?.prefix(10)
    /// ```
    ///
    /// - Parameters:
    ///   - label: The label.
    ///   - key: The property that the nodes are in the order of, which is that of ``Value``.
    ///   - descending: Whether the nodes come in the opposite order.
    ///   - values: Properties that all of the nodes have. An index is used whose first keys are these, in any order, and
    ///     whose next one is `key`.
    /// - Complexity: O(log *n*), and O(1) for each node that is gone through.
    public func nodes(
        labeled label: String, orderedBy key: String, descending: Bool = false,
        having values: Properties = [:]
    ) -> OrderedNodes? {
        guard let label = labels.number(of: label) else { return nil }
        return walk(labelIndexes[Int(label)].rules, key, descending, values, nodeTable)
            .map(OrderedNodes.init(walk:))
    }

    /// The relationships of this type in the order of a property, found one by one as they are asked for; nil when no
    /// index has this order.
    ///
    /// Of relationships with the same value, those come first that come first by the following keys of the index, then by
    /// id. Relationships without the property are left out, unless `values` names properties: behind those, a property
    /// that is missing counts as null and comes first.
    ///
    /// - Parameters:
    ///   - type: The type.
    ///   - key: The property that the relationships are in the order of, which is that of ``Value``.
    ///   - descending: Whether the relationships come in the opposite order.
    ///   - values: Properties that all of the relationships have. An index is used whose first keys are these, in any
    ///     order, and whose next one is `key`.
    /// - Complexity: O(log *n*), and O(1) for each relationship that is gone through.
    public func relationships(
        typed type: String, orderedBy key: String, descending: Bool = false,
        having values: Properties = [:]
    ) -> OrderedRelationships? {
        guard let type = types.number(of: type) else { return nil }
        return walk(typeRules[Int(type)], key, descending, values, relationshipTable)
            .map(OrderedRelationships.init(walk:))
    }

    /// A walk over the first index that has the order of a property behind those of `values`.
    private func walk<Record>(
        _ rules: RuleIndexes, _ key: String, _ descending: Bool, _ values: Properties,
        _ table: EntityTable<Record>
    ) -> OrderedWalk? {
        guard let last = keys.number(of: key) else { return nil }
        var known: Set<UInt32> = []
        for name in values.keys {
            guard let number = keys.number(of: name) else { return nil }
            known.insert(number)
        }
        guard let index = rules.index(behind: known, by: last) else { return nil }
        let prefix = index.keys.prefix(known.count).flatMap { (values[keys[$0]] ?? .null).sortKey }
        let range = SortKeyBound(key: prefix)..<SortKeyBound(key: prefix + [255])
        return index.walk(in: range, isDescending: descending, table)
    }
}

/// Nodes in the order of an index; see ``GraphStore/nodes(labeled:orderedBy:descending:having:)``.
public struct OrderedNodes: Sequence, IteratorProtocol, Sendable {
    var walk: OrderedWalk

    /// The next node; nil behind the last.
    public mutating func next() -> NodeID? { walk.next().map(NodeID.init(slot:)) }
}

/// Relationships in the order of an index; see ``GraphStore/relationships(typed:orderedBy:descending:having:)``.
public struct OrderedRelationships: Sequence, IteratorProtocol, Sendable {
    var walk: OrderedWalk

    /// The next relationship; nil behind the last.
    public mutating func next() -> RelationshipID? { walk.next().map(RelationshipID.init(slot:)) }
}
