// SPDX-License-Identifier: Apache-2.0

/// A rule that the store keeps: no two nodes with this label have equal values of this property.
///
/// Nodes without the property are not concerned. Values are compared as ``Value`` compares them.
public struct UniqueConstraint: Hashable, Sendable {
    /// The label of the nodes concerned.
    public let label: String
    /// The key of the property.
    public let key: String

    /// A constraint, which is not part of any store yet.
    public init(label: String, key: String) {
        self.label = label
        self.key = key
    }
}

extension UniqueConstraint: Comparable {
    /// By label, then by key, by their UTF-8 bytes.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        if lhs.label.hasSameUTF8(as: rhs.label) { return lhs.key.utf8Precedes(rhs.key) }
        return lhs.label.utf8Precedes(rhs.label)
    }
}
