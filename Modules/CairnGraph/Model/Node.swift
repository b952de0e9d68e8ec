// SPDX-License-Identifier: Apache-2.0

/// A node as it was when it was read.
///
/// It holds its own properties, as bytes; later changes of the store do not show.
public struct Node: Sendable {
    /// The id, which names the node in its store.
    public let id: NodeID
    /// Its labels, ascending by their UTF-8 bytes.
    public let labels: [String]
    let list: PropertyList
    let keys: [String]

    /// Its properties.
    ///
    /// - Complexity: O(*n*) in the properties; ``subscript(_:)`` is faster for one of them.
    public var properties: Properties { list.properties(keys: keys) }

    /// The value of one property; nil when it has none of that key.
    public subscript(key: String) -> Value? { list.value(of: key, keys: keys) }

    /// Whether it bears this label.
    public func hasLabel(_ label: String) -> Bool { labels.contains(label) }
}

extension Node: Equatable {
    /// True when id, labels and properties are equal.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.id == rhs.id && lhs.labels == rhs.labels && lhs.properties == rhs.properties
    }
}
