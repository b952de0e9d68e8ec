// SPDX-License-Identifier: Apache-2.0

import CairnContainer
import CairnDurable
import CairnIO
import CairnLog
import CairnTesting
import SystemPackage

/// A small state.
struct Scores: DurableState, Codable, Hashable {
    var points: [String: Int] = [:]

    enum Event: DurableEvent, Codable {
        case scored(player: String, points: Int)
    }

    mutating func apply(_ event: Event) {
        switch event {
        case .scored(let player, let points): self.points[player, default: 0] += points
        }
    }

    /// How often the one player has scored.
    var count: Int { points["count"] ?? 0 }

    static let one = Event.scored(player: "count", points: 1)

    /// Opens scores in a container, with segments so small that they are rotated often.
    static func open(
        _ files: any VirtualFileSystem, seed: UInt64 = 1, segmentByteCount: Int = 400,
        access: FileAccess = .readWrite, mirror: (any WalMirror)? = nil
    ) throws -> Durable<Scores> {
        var options = LogOptions()
        options.segmentByteCount = segmentByteCount
        options.access = access
        return try Durable<Scores>.open(
            container: "scores.cairn", options: options,
            environment: .over(files, seed: seed), mirror: mirror)
    }
}

extension StorageEnvironment {
    /// Over any file system, with the clock and the random numbers of tests.
    static func over(_ files: any VirtualFileSystem, seed: UInt64 = 1) -> StorageEnvironment {
        var environment = StorageEnvironment.simulated(SimulatedFileSystem(), seed: seed)
        environment.fileSystem = files
        return environment
    }
}
