// SPDX-License-Identifier: Apache-2.0

import CairnDurable

/// The state that Cairn keeps: a plain Swift value, and the one event that changes it.
struct Scores: DurableState, Codable {
    enum Event: DurableEvent, Codable {
        case scored(player: String, points: Int)
    }

    private(set) var totals: [String: Int] = [:]

    mutating func apply(_ event: Event) {
        switch event {
        // Wraps, because an event that traps would stop every later opening as well.
        case .scored(let player, let points): totals[player, default: 0] &+= points
        }
    }
}
