// SPDX-License-Identifier: Apache-2.0

public import CairnIO

/// A small generator with a 64-bit state: the same seed gives the same numbers everywhere.
///
/// The algorithm is SplitMix64 (Steele, Lea and Flood, 2014). Not for secrets.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator whose numbers follow from `seed`.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return Self.mixed(state)
    }

    /// Spreads the bits of a number over all others.
    static func mixed(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// A `RandomnessSource` whose numbers follow from a seed.
public final class SeededRandomness: RandomnessSource {
    private let generator: Locked<SplitMix64>

    /// A source whose numbers follow from `seed`.
    public init(seed: UInt64) {
        generator = Locked(SplitMix64(seed: seed))
    }

    /// The next 64 bits.
    public func next() -> UInt64 {
        generator.withLock { $0.next() }
    }
}
