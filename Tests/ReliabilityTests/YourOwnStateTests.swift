// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnTesting
import Testing

/// The example of Docs/Reliability.md: a state of one's own under every crash.
struct YourOwnStateTests {
    struct Scores: DurableState, Codable {
        var points: [String: Int] = [:]

        enum Event: DurableEvent, Codable { case scored(player: String, points: Int) }

        mutating func apply(_ event: Event) {
            guard case .scored(let player, let points) = event else { return }
            self.points[player, default: 0] += points
        }
    }

    // begin of the example
    @Test func scoresSurviveEveryCrash() throws {
        let report = try CrashEnumeration<Int>("scores") { environment, journal in
            let scores = try Durable<Scores>.open("scores", environment: environment)
            for points in 1...4 {
                journal.attempt(points)
                try scores.commit(.scored(player: "ada", points: points))
                journal.acknowledge()
                if points == 2 { try scores.checkpoint() }
            }
        } check: { environment, journal in
            let scores = try Durable<Scores>.open("scores", environment: environment)
            let sum = scores.read { $0.points["ada"] ?? 0 }
            guard journal.possibleOutcomes.contains(where: { $0.reduce(0, +) == sum }) else {
                throw CrashFinding("ada has \(sum) points of \(journal.attempted)")
            }
        }.run()
        #expect(report.imageCount > 500)
    }
    // end of the example

    /// The same with a program that acknowledges too early: it must be caught, and the line repeat it.
    @Test func anEarlyAcknowledgementIsCaughtAndRepeated() throws {
        let enumeration = CrashEnumeration<Int>("hasty") { environment, journal in
            let scores = try Durable<Scores>.open("scores", environment: environment)
            for points in 1...3 {
                journal.attempt(points)
                journal.acknowledge()
                try scores.commit(.scored(player: "ada", points: points))
            }
        } check: { environment, journal in
            let scores = try Durable<Scores>.open("scores", environment: environment)
            let sum = scores.read { $0.points["ada"] ?? 0 }
            guard journal.possibleOutcomes.contains(where: { $0.reduce(0, +) == sum }) else {
                throw CrashFinding("ada has \(sum) points of \(journal.attempted)")
            }
        }
        let failure = try #require(throws: CrashFailure.self) { try enumeration.run() }
        #expect(failure.reason == "ada has 0 points of [1]")
        let place = try #require(CrashPlace("\(failure.place)"))
        #expect(place == failure.place)
        #expect(throws: CrashFailure.self) { try enumeration.reproduce(place) }
    }
}
