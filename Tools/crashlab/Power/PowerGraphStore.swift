// SPDX-License-Identifier: Apache-2.0

import Cairn
import CairnDurable
import CairnGraph
import CairnIO
import SystemPackage

/// A graph that goes through power cuts: a chain of nodes that each commit makes longer by one.
final class PowerGraphStore: PowerStore {
    let system: String
    private let folder: FilePath
    private let database = Locked<GraphDatabase?>(nil)

    init(in folder: FilePath, system: String) {
        self.folder = folder
        self.system = system
    }

    func open() throws -> [PowerLane] {
        let opened = try GraphDatabase.open(
            folder, options: PowerWorkload.graph.options, checkpoints: .manual)
        database.withLock { $0 = opened }
        return [opened.read(Self.lane)]
    }

    func close() { try? database.withLock { $0.take() }?.close() }

    private static func lane(of graph: borrowing GraphStore) -> PowerLane {
        var lane = PowerLane()
        var previous: NodeID?
        for id in graph.nodeIDs {
            guard case .int(let number)? = graph.property("number", of: id),
                case .int(let boot)? = graph.property("boot", of: id)
            else {
                lane.note("node-without-number")
                continue
            }
            lane.append(UInt64(number), boot: UInt64(boot))
            if previous != nil, graph.degree(of: id, direction: .incoming, types: ["NEXT"]) != 1 {
                lane.note("node-\(number)-stands-alone")
            }
            previous = id
        }
        if graph.relationshipCount != max(0, graph.nodeCount - 1) {
            lane.note("\(graph.relationshipCount)-relationships-of-\(graph.nodeCount)-nodes")
        }
        return lane
    }

    func write(boot: UInt64, to console: PowerConsole) throws {
        guard let database = database.withLock({ $0 }) else { throw Complaint("not open") }
        var (number, last) = database.read { graph in
            var last: NodeID?
            for id in graph.nodeIDs { last = id }
            return (UInt64(graph.nodeCount), last)
        }
        while true {
            number += 1
            try database.write { graph in
                let node = try graph.createNode(
                    labels: ["Entry"],
                    properties: ["number": .int(Int64(number)), "boot": .int(Int64(boot))])
                if let last { try graph.createRelationship("NEXT", from: last, to: node) }
                last = node
            }
            console.acknowledge(system, lane: 0, number)
            if number % PowerWorkload.graph.checkpointInterval! == 0 { try database.checkpoint() }
        }
    }
}
