// SPDX-License-Identifier: Apache-2.0

/// Numbers about numbers.
public enum Statistics {
    /// The middle one, or the mean of the two in the middle; nil when there are none.
    public static func median(_ numbers: [Double]) -> Double? {
        guard !numbers.isEmpty else { return nil }
        let sorted = numbers.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// Repeats something that takes long, and takes the median of how long it took.
public struct Repetition: Sendable {
    /// How long each round took, in seconds.
    public private(set) var seconds: [Double] = []

    /// Repeats `body` for at least `budget` seconds and at least `least` times.
    ///
    /// - Parameter body: Returns how many nanoseconds of it count.
    public init(budget: Double, least: Int = 1, _ body: () throws -> UInt64) rethrows {
        let start = System.now()
        repeat {
            seconds.append(Double(try body()) / 1e9)
        } while seconds.count < least || Double(System.now() - start) / 1e9 < budget
    }

    /// The median of the rounds, in seconds.
    public var median: Double { Statistics.median(seconds) ?? 0 }
}

extension ResultLine {
    /// Adds how much was done in each round of a repetition; the median counts.
    public mutating func setRates(operations: UInt64, bytes: UInt64, _ rounds: Repetition) {
        setRates(
            operations: operations, bytes: bytes, nanoseconds: UInt64(rounds.median * 1e9))
        self["rounds"] = .count(UInt64(rounds.seconds.count))
        self["first_seconds"] = rounds.seconds.first.map { .number($0) }
    }
}
