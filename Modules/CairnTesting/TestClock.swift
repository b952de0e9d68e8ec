// SPDX-License-Identifier: Apache-2.0

public import CairnIO

/// A clock that stands still until a test moves it.
public final class TestClock: TimeSource {
    private struct Hands: Sendable {
        var wall: UInt64
        var monotonic: UInt64
        var step: UInt64

        mutating func advance(by nanoseconds: UInt64) {
            wall &+= nanoseconds
            monotonic &+= nanoseconds
        }
    }

    private let hands: Locked<Hands>

    /// A clock that shows the given times, in nanoseconds.
    ///
    /// - Parameters:
    ///   - wallNanoseconds: The time of day at the start, in nanoseconds since 1970.
    ///   - monotonicNanoseconds: The monotonic clock at the start, in nanoseconds.
    ///   - step: How far both hands move on after each reading; 0 for not at all.
    public init(
        wallNanoseconds: UInt64 = 1_000_000_000_000_000_000, monotonicNanoseconds: UInt64 = 0,
        step: UInt64 = 0
    ) {
        hands = Locked(Hands(wall: wallNanoseconds, monotonic: monotonicNanoseconds, step: step))
    }

    /// The time of day.
    public func wallNanoseconds() -> UInt64 { read(\.wall) }

    /// The time that never goes back.
    public func monotonicNanoseconds() -> UInt64 { read(\.monotonic) }

    /// Moves both hands on.
    public func advance(nanoseconds: UInt64) {
        hands.withLock { $0.advance(by: nanoseconds) }
    }

    /// Sets the time of day, also back. The other hand stays.
    public func setWall(nanoseconds: UInt64) {
        hands.withLock { $0.wall = nanoseconds }
    }

    private func read(_ hand: KeyPath<Hands, UInt64>) -> UInt64 {
        hands.withLock { hands in
            defer { hands.advance(by: hands.step) }
            return hands[keyPath: hand]
        }
    }
}
