// SPDX-License-Identifier: Apache-2.0

import CairnDurable

/// The example of the README.
struct Scores: DurableState, Codable, Hashable {
    var points: [String: Int] = [:]

    enum Event: DurableEvent, Codable {
        case scored(player: String, points: Int)
    }

    struct Negative: Error {}

    func validate(_ event: Event) throws {
        if case .scored(_, let points) = event, points < 0 { throw Negative() }
    }

    mutating func apply(_ event: Event) {
        switch event {
        case .scored(let player, let points): self.points[player, default: 0] += points
        }
    }
}
