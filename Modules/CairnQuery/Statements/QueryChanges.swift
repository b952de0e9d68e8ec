// SPDX-License-Identifier: Apache-2.0

/// The changes that a statement has made.
public struct QueryChanges: Hashable, Sendable {
    /// Nodes that were made.
    public internal(set) var createdNodeCount = 0
    /// Nodes that were deleted.
    public internal(set) var deletedNodeCount = 0
    /// Relationships that were made.
    public internal(set) var createdRelationshipCount = 0
    /// Relationships that were deleted.
    public internal(set) var deletedRelationshipCount = 0
    /// Properties that were given a value, or lost it.
    public internal(set) var setPropertyCount = 0
    /// Labels that were added to nodes.
    public internal(set) var addedLabelCount = 0
    /// Labels that were taken from nodes.
    public internal(set) var removedLabelCount = 0
    /// Constraints and indexes that were made or dropped.
    public internal(set) var ruleCount = 0

    /// No changes: every count is 0.
    public init() {}
}
