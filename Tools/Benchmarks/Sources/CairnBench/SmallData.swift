// SPDX-License-Identifier: Apache-2.0
//
// Small transactions that ours and the peers commit alike: `Peers/small.cc` and the peers in Python have
// the same names and the same keys.

internal import BenchSupport
internal import CairnCodec
internal import CairnDurable
internal import CairnFormat
internal import CairnGraph

/// The state of the README: players and their points.
struct Scores: DurableState, Codable {
    var points: [String: Int] = [:]

    enum Event: DurableEvent, Codable {
        case scored(player: String, points: Int)
    }

    mutating func apply(_ event: Event) {
        switch event {
        case .scored(let player, let points): self.points[player, default: 0] += points
        }
    }
}

/// Names and rows, made before anything is measured.
enum SmallData {
    /// The names of 1,000 players, all of one length.
    static let players = (0..<1000).map { number in
        let digits = "\(number)"
        return "player-" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// The points of every event.
    static let points = 3

    /// The player that readers look up.
    static let readPlayer = "ada"

    /// Nanoseconds between two reads. Without a pause a reader does a million reads until it meets the
    /// next commit, and no percentile shows that it waits for each.
    static let readPause: UInt64 = 20_000

    /// Bytes of the batch of one event of ``Scores``.
    static var eventByteCount: Int {
        byteCount(Scores.Event.scored(player: players[0], points: points))
    }

    /// The two properties of a node.
    static func properties(_ number: Int) -> Properties {
        [
            "number": .int(Int64(number)),
            "name": .string(players[number % players.count]),
        ]
    }

    /// Bytes of the batch that creates one such node, a few ten thousand nodes into a run.
    static var nodeByteCount: Int {
        byteCount(
            MutationEvent.nodeCreated(
                NodeID(rawValue: 50_000), labels: [SampleGraph.label],
                properties: properties(50_000)))
    }

    private static func byteCount(_ event: some EventEncodable) -> Int {
        var builder = BatchBuilder()
        builder.append(event)
        var buffer = BinaryBuffer()
        builder.encode(into: &buffer)
        return buffer.count
    }
}
