// SPDX-License-Identifier: Apache-2.0
//
// Single facts of nodes and relationships, without a ``Node`` or ``Relationship`` that has all of them.

extension GraphStore {
    /// The value of a property of a node; nil when the node has no such property, or is not there.
    ///
    /// - Complexity: O(*n*) in the properties of the node, none of which is built.
    public func property(_ key: String, of id: NodeID) -> Value? {
        guard let slot = liveSlot(of: id), let key = keys.number(of: key) else { return nil }
        return property(key, ofNode: slot)
    }

    /// The value of a property of a relationship; nil when the relationship has no such property, or is not there.
    ///
    /// - Complexity: O(*n*) in the properties of the relationship, none of which is built.
    public func property(_ key: String, of id: RelationshipID) -> Value? {
        guard let slot = liveSlot(of: id), let key = keys.number(of: key) else { return nil }
        return property(key, ofRelationship: slot)
    }

    /// Whether a node bears a label; false when it is not there.
    public func hasLabel(_ label: String, _ id: NodeID) -> Bool {
        guard let slot = liveSlot(of: id), let label = labels.number(of: label) else {
            return false
        }
        return hasLabel(label, node: slot)
    }

    /// The number of relationships of some types that a node has, a loop once; none when there is no such node.
    ///
    /// - Complexity: O(*d*) in the relationships of the node in this direction, none of which is built.
    public func degree(of id: NodeID, direction: Direction, types: Set<String>) -> Int {
        guard let slot = liveSlot(of: id) else { return 0 }
        let numbers = types.compactMap { self.types.number(of: $0) }
        guard !numbers.isEmpty else { return 0 }
        return degree(ofNode: slot, direction, types: .several(numbers))
    }

    /// The number of relationships of some types that a node has in a direction, a loop once.
    package func degree(
        ofNode node: UInt32, _ direction: Direction, types: RelationshipTypes
    ) -> Int {
        withUnsafePointer(to: self) { store in
            GraphAccess(store).degree(ofNode: node, direction, types: types)
        }
    }
}
