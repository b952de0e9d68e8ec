//! A Swift value that survives crashes: its changes are events in a log, a checkpoint shortens the log.

import CairnDurable

struct Scores: DurableState, Codable {
    var points: [String: Int] = [:]

    enum Event: DurableEvent, Codable { case scored(player: String, points: Int) }

    mutating func apply(_ event: Event) {
        switch event {
        case .scored(let player, let points): self.points[player, default: 0] += points
        }
    }
}

let scores = try Durable<Scores>.open("durable-value")
try scores.commit(.scored(player: "ada", points: 3))  // durable on return
// Decides on the newest state; no other writer comes between.
let prize = try scores.commit { state in
    let points = state.points["ada", default: 0] * 2
    return (events: [.scored(player: "eve", points: points)], result: points)
}.value
print("the prize is \(prize)")
try scores.checkpoint()
try scores.close()

let reopened = try Durable<Scores>.open("durable-value")
print(reopened.read { $0.points.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" } })
try reopened.close()

// Prints: the prize is 6
// Prints: ["ada 3", "eve 6"]
