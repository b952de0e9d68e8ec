// SPDX-License-Identifier: Apache-2.0

/// The direction of relationships, seen from a node.
public enum Direction: Hashable, Sendable, CaseIterable {
    /// Those that start there.
    case outgoing
    /// Those that end there.
    case incoming
    /// Both; one that starts and ends there counts once.
    case both
}
