//! State of your own on a simulated disk that crashes at every operation. In a test, `#expect` takes the place of `print`.

import CairnDurable
import CairnIO
import CairnTesting

struct Scores: DurableState, Codable {
    var points: [String: Int] = [:]

    enum Event: DurableEvent, Codable { case scored(player: String, points: Int) }

    mutating func apply(_ event: Event) {
        switch event {
        case .scored(let player, let points): self.points[player, default: 0] += points
        }
    }
}

// The workload says what it attempts and what was acknowledged. The check opens what a crash left, at each operation
// and with each choice of what the disk had kept, and compares.
let report = try CrashEnumeration<Int>("scores") { environment, journal in
    let scores = try Durable<Scores>.open("scores", environment: environment)
    for points in 1...3 {
        journal.attempt(points)
        try scores.commit(.scored(player: "ada", points: points))
        journal.acknowledge()
    }
} check: { environment, journal in
    let scores = try Durable<Scores>.open("scores", environment: environment)
    let sum = scores.read { $0.points["ada"] ?? 0 }
    guard journal.possibleOutcomes.contains(where: { $0.reduce(0, +) == sum }) else {
        throw CrashFinding("ada has \(sum) points of \(journal.attempted)")
    }
}.run()
print(report.imageCount > 100 ? "every crash was survived" : "too few crashes")

// Prints: every crash was survived
