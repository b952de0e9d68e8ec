// SPDX-License-Identifier: Apache-2.0

import CairnTesting
import Foundation
import Testing

/// The memory that opening takes follows the graph, not the log: a process of its own replays a short and
/// a long log that end in graphs of the same size.
struct RecoveryMemoryTests {
    /// A list whose descriptions differ from round to round, and do not compress well.
    private static func list(round: UInt64) -> String {
        var random = SplitMix64(seed: round)
        return (0..<400).map { number in
            let noise = (0..<100).map { _ in String(random.next(), radix: 36) }.joined()
            return "Package: package-\(number)\nVersion: \(round)\nDescription: \(noise)\n\n"
        }.joined()
    }

    /// Imports as many rounds, all in one list, where each stanza replaces the one of the same name before, and
    /// returns what `status` says, and the size of the log. An import of its own for each round would replay all
    /// those before it each time.
    private func replay(rounds: Range<UInt64>, _ scratch: Scratch) throws -> (peak: Int, log: Int) {
        let list = try scratch.write(rounds.map(Self.list).joined(), to: "list")
        // A transaction for each round: within one, only the last of several changes would be recorded.
        _ = try Tool.output("import", "dpkg", list, "--into", scratch["db"], "--batch", "400")
        let status = try Tool.json("status", scratch["db"], "--json")
        let recovery = try #require(status["recovery"] as? [String: Any])
        let segments = try #require(status["segments"] as? [[String: Any]])
        #expect(status["nodes"] as? Int == 400)
        return (
            try #require(recovery["peakMemoryBytes"] as? Int),
            segments.compactMap { $0["byteCount"] as? Int }.reduce(0, +)
        )
    }

    @Test func replayingTenTimesAsMuchTakesNoMoreMemory() throws {
        let scratch = try Scratch()
        let short = try replay(rounds: 0..<5, scratch)
        let long = try replay(rounds: 5..<50, scratch)
        print("replay: \(short.log) bytes of log at \(short.peak), \(long.log) at \(long.peak)")
        #expect(long.log > 9 * short.log)
        // A replay that kept the log would need what the log has grown by, at the least.
        #expect(long.peak - short.peak < (long.log - short.log) / 4)
    }
}
