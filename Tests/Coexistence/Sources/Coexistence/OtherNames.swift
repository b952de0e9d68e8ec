// SPDX-License-Identifier: Apache-2.0
//
// Names of other libraries, used where the umbrella module is imported, too. Each of them was a name of Cairn once.

import Cairn
import CairnFormat
import CairnIO
import Foundation
import Logging
import Metrics
import NIOCore
import Synchronization
import SystemPackage
import _NIOFileSystem

/// The README's example beside a logger.
struct Scores: DurableState, Codable {
    enum Event: DurableEvent, Codable { case scored(player: String, points: Int) }
    var points: [String: Int] = [:]

    mutating func apply(_ event: Event) {
        switch event {
        case .scored(let player, let points): self.points[player, default: 0] += points
        }
    }
}

struct OtherNames {
    let mirror = Mirror(reflecting: 1)
    let recorder: Recorder
    let buffer = ByteBuffer(string: "bytes")
    let error: IOError
    let entry: DirectoryEntry
    let logger = Logger(label: "scores")
    let files = FileSystem.shared

    func commit(to scores: Durable<Scores>) throws {
        logger.info("\(mirror.children.count) and \(buffer.readableBytes)")
        try scores.commit(.scored(player: "ada", points: 3))
    }
}
