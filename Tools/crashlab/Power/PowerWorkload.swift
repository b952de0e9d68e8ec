// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLog

/// What is done to a store between two power cuts.
enum PowerWorkload: String, CaseIterable, Sendable {
    /// One caller, one event in each commit, the options as they are.
    case single
    /// Sixteen callers, which share syncs.
    case group
    /// Small segments, of which the next is prepared and old ones are recycled.
    case rotation
    /// A checkpoint with truncation every few commits, and the store closed and opened in between.
    case checkpoint
    /// Commits that are synced eight at a time, while the system writes back any part of them in any order: a cut
    /// leaves a torn end, and another one meets its repair.
    case torn
    /// A graph with a node and a relationship in each commit, and snapshots of it.
    case graph
    /// A backup every few commits, while others write.
    case archive
    /// ``single`` on a file system that leaves syncs out. It must lose.
    case control

    var laneCount: Int {
        switch self {
        case .group: 16
        case .rotation: 2
        default: 1
        }
    }

    var options: LogOptions {
        var options = LogOptions()
        switch self {
        case .rotation: options.segmentByteCount = 32 << 10
        case .checkpoint, .graph, .archive: options.segmentByteCount = 64 << 10
        case .torn:
            options.segmentByteCount = 256 << 10
            options.syncPolicy = .manual
        case .single, .group, .control: break
        }
        return options
    }

    /// How many commits of all callers lie between two checkpoints; nil for none.
    var checkpointInterval: UInt64? {
        switch self {
        case .rotation: 120
        case .checkpoint: 15
        case .graph: 60
        case .archive: 100
        case .torn: 240
        case .single, .group, .control: nil
        }
    }

    /// How many bytes the event of that number has, besides its numbers.
    func byteCount(_ number: UInt64) -> Int {
        let odd = Int(number &* 2_654_435_761 % 1_000)
        return switch self {
        case .single, .group, .control, .checkpoint, .archive: 20 + odd / 4
        case .rotation: 100 + odd * 2
        case .torn: 500 + odd * 5
        case .graph: 0
        }
    }

    /// How many events one commit has.
    var eventCount: Int { self == .torn ? 3 : 1 }

    /// How many commits of a caller one sync acknowledges.
    var commitsPerSync: UInt64 { self == .torn ? 8 : 1 }
}
