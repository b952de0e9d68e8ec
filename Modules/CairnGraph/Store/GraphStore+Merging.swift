// SPDX-License-Identifier: Apache-2.0

extension GraphStore {
    /// Finds the node with this label that has this value of a property, or makes one; and gives it
    /// properties.
    ///
    /// Meant for a property that a unique constraint or a key makes unique; otherwise the node with the
    /// lowest id counts.
    ///
    /// - Parameters:
    ///   - label: The label of the node.
    ///   - key: The key of the property that it is found by.
    ///   - value: The value of that property; not null.
    ///   - properties: Those of a node that is there are replaced one by one, null ones are removed, others
    ///     stay.
    /// - Returns: The node, and whether it was made.
    /// - Throws: ``GraphError`` as ``createNode(labels:properties:)`` and
    ///   ``setProperties(_:of:)-(_,NodeID)``. Nothing changed then.
    /// - Complexity: That of ``node(labeled:_:equals:)``, and O(*n*) in the properties.
    @discardableResult
    public mutating func mergeNode(
        label: String, key: String, value: Value, properties: Properties = [:]
    ) throws(GraphError) -> (id: NodeID, isNew: Bool) {
        precondition(!value.isNull, "a node cannot be found by null")
        let found = node(labeled: label, key, equals: value)
        return try merge(found, label: label, [key: value], properties)
    }

    /// Finds the node with this label that has these values of some properties, or makes one; and gives it
    /// properties.
    ///
    /// Meant for properties that are a key together; otherwise the node with the lowest id counts.
    ///
    /// - Parameters:
    ///   - label: The label of the node.
    ///   - values: The properties that it is found by: at least one; none is null.
    ///   - properties: Those of a node that is there are replaced one by one, null ones are removed, others
    ///     stay.
    /// - Returns: The node, and whether it was made.
    /// - Throws: ``GraphError`` as ``createNode(labels:properties:)`` and
    ///   ``setProperties(_:of:)-(_,NodeID)``. Nothing changed then.
    /// - Complexity: That of ``nodes(labeled:where:)``, and O(*n*) in the properties.
    @discardableResult
    public mutating func mergeNode(
        label: String, matching values: Properties, properties: Properties = [:]
    ) throws(GraphError) -> (id: NodeID, isNew: Bool) {
        precondition(!values.isEmpty && !values.hasNull, "a node cannot be found by null")
        let found = nodes(labeled: label, where: .equals(values)).first
        return try merge(found, label: label, values, properties)
    }

    private mutating func merge(
        _ found: NodeID?, label: String, _ values: Properties, _ properties: Properties
    ) throws(GraphError) -> (id: NodeID, isNew: Bool) {
        guard let found, let node = node(found) else {
            let all = properties.merging(values) { $1 }
            return (try createNode(labels: [label], properties: all), true)
        }
        guard !properties.isEmpty else { return (found, false) }
        // The values that the node was found by stay, whatever the properties say.
        let all = node.properties.merging(properties) { $1 }.merging(values) { $1 }
        try setProperties(all, of: found)
        return (found, false)
    }
}
