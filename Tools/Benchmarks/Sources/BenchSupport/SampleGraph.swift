// SPDX-License-Identifier: Apache-2.0
//
// The graph that all graph workloads use, ours and the peer's: `Peers/lora_peer.py` computes the same
// numbers. Everything follows from the number of a node or a relationship.

/// A deterministic graph of people who know each other.
public struct SampleGraph: Sendable {
    /// How many nodes it has.
    public let nodeCount: Int
    /// How many relationships it has.
    public let relationshipCount: Int

    /// A graph of this size.
    public init(nodeCount: Int, relationshipCount: Int) {
        self.nodeCount = nodeCount
        self.relationshipCount = relationshipCount
    }

    /// The label of every node.
    public static let label = "Person"
    /// The type of every relationship.
    public static let type = "KNOWS"
    /// The keys of the properties, in the order of ``Person``.
    public static let keys = ["number", "name", "score", "active"]

    /// The properties of a node.
    public struct Person: Hashable, Sendable {
        /// Its number.
        public let number: Int64
        /// A name that no other has.
        public let name: String
        /// A number with a fraction.
        public let score: Double
        /// Yes or no, as good as at random.
        public let isActive: Bool
    }

    /// The node with a number from 0.
    public func person(_ index: Int) -> Person {
        let mixed = Self.mix(UInt64(index))
        return Person(
            number: Int64(index), name: "person-\(index)-\(mixed % 1_000_000)",
            score: Double(mixed >> 40) / 256, isActive: mixed & 1 == 1)
    }

    /// From which node to which a relationship leads.
    public func ends(_ index: Int) -> (from: Int, to: Int) {
        let from = Self.mix(UInt64(index) &+ 0x1_0000_0000) % UInt64(nodeCount)
        let to = Self.mix(UInt64(index) &+ 0x2_0000_0000) % UInt64(nodeCount)
        return (Int(from), Int(to))
    }

    /// The finalizer of MurmurHash3 over a number: all bits depend on all bits.
    static func mix(_ number: UInt64) -> UInt64 {
        var value = number &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        value = (value ^ (value >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        return value ^ (value >> 33)
    }
}
