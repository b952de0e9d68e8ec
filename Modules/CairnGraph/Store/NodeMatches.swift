// SPDX-License-Identifier: Apache-2.0

/// The nodes that a lookup found, ascending by id, and how it found them.
public struct NodeMatches: RandomAccessCollection, Sendable {
    let slots: [UInt32]
    /// The index or the key that was used; nil when there was none.
    public let rule: SchemaRule?
    /// Whether an index, a key or a unique constraint was used; otherwise every node with the label was
    /// looked at.
    public let usesIndex: Bool

    /// 0
    public var startIndex: Int { 0 }
    /// The number of nodes that were found.
    public var endIndex: Int { slots.count }
    /// A node that was found.
    public subscript(position: Int) -> NodeID { NodeID(slot: slots[position]) }
}

extension GraphStore {
    /// The nodes with this label that the predicate says yes to, ascending by id.
    ///
    /// An index is used when its first keys are those that must have certain values, in any order, and the
    /// next is the one with a range, if there is one.
    ///
    /// - Complexity: O(log *n* + *k* log *k*) for *k* nodes found with an index, else O(*n*) in the nodes
    ///   with the label. The result says which it was.
    public func nodes(labeled label: String, where predicate: PropertyPredicate) -> NodeMatches {
        guard let label = labels.number(of: label) else {
            return NodeMatches(slots: [], rule: nil, usesIndex: false)
        }
        let index = labelIndexes[Int(label)]
        let found = index.rules.lookUp(predicate, keys, among: index.members, nodeTable)
        let rule = found.rule.flatMap { rule in
            SchemaRule(
                rule.kind, label: labels[label], keys: rule.keys.map { keys[$0] }, type: nil)
        }
        return NodeMatches(slots: found.slots, rule: rule, usesIndex: found.rule != nil)
    }
}
