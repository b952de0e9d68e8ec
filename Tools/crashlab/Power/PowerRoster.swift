// SPDX-License-Identifier: Apache-2.0

import CairnTesting
import Foundation
import SystemPackage

/// The stores of one process in a machine that goes through power cuts.
struct PowerRoster {
    let stores: [(store: any PowerStore, folder: FilePath)]

    /// The old bugs that can lose something in a power cut alone, and the workload that gives them the occasion.
    static let bugs: [(name: String, workload: PowerWorkload)] = [
        ("ack-before-sync", .group), ("syncCoversLater", .group),
        ("old-segment-not-synced", .rotation), ("new-segment-not-synced", .rotation),
        ("segment-entry-not-synced", .rotation), ("snapshot-not-synced", .checkpoint),
        ("snapshot-entry-not-synced", .checkpoint), ("truncatesOneTooMany", .checkpoint),
        ("repairInPlace", .torn), ("torn-end-not-cut", .torn),
    ]

    /// Every workload of `names`, below `root`; those that are there no directory for get one, durably.
    init(_ names: [String], in root: FilePath) throws {
        stores = try names.map { name in
            guard let workload = PowerWorkload(rawValue: name) else {
                throw Complaint("there is no workload \(name)")
            }
            let own = try Self.directory("cairn-\(name)", in: root)
            let (system, folder) = ("cairn/\(name)", own.appending("store"))
            return switch workload {
            case .graph: (PowerGraphStore(in: folder, system: system), folder)
            case .archive: (PowerArchive(in: own, system: system), folder)
            case .control:
                (
                    PowerLedgerStore(
                        .control, in: folder, system: system,
                        bug: Bug.all.first { $0.name == "ack-before-sync" }), folder
                )
            default: (PowerLedgerStore(workload, in: folder, system: system, bug: nil), folder)
            }
        }
    }

    /// One store with an old bug in it, which is on in the whole process from now on.
    init(bug name: String, in root: FilePath) throws {
        guard let entry = Self.bugs.first(where: { $0.name == name }),
            let bug = Bug.all.first(where: { $0.name == name })
        else { throw Complaint("no power cut is known to show the bug \(name)") }
        try bug.activate()
        let own = try Self.directory("bug-\(name)", in: root)
        let store = PowerLedgerStore(
            entry.workload, in: bug.isInCode ? own.appending("store") : "/store",
            system: "bug/\(name)", bug: bug, root: bug.isInCode ? nil : own)
        stores = [(store, own.appending("store"))]
    }

    private static func directory(_ name: String, in root: FilePath) throws -> FilePath {
        let path = root.appending(name)
        if mkdir(path.string, 0o700) == 0 {
            let descriptor = open(root.string, O_RDONLY)
            defer { close(descriptor) }
            guard descriptor >= 0, fsync(descriptor) == 0 else {
                throw Complaint("\(root): errno \(errno)")
            }
        } else if errno != EEXIST {
            throw Complaint("\(path): errno \(errno)")
        }
        return path
    }
}
