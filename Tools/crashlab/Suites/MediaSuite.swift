// SPDX-License-Identifier: Apache-2.0
//
// Disks that lie: a write that is lost or goes to the wrong place, a sync that reports its failure only the
// next time, a read that stops short. What such a disk acknowledged may be gone; but what is recovered is
// still the state after some number of whole transactions, or it is refused.

import CairnDurable
import CairnIO
import CairnTesting
import SystemPackage

struct MediaSuite: Suite {
    static let name = "media"
    static let summary = "writes lost or misdirected, syncs that fail later, reads that stop short"

    static let faults: [(name: String, action: FaultRule.Action)] = [
        ("lost", .silently(.lost)), ("misdirected+512", .silently(.misdirected(by: 512))),
        ("misdirected-512", .silently(.misdirected(by: -512))),
        ("misdirected+64", .silently(.misdirected(by: 64))),
        ("misdirected-64", .silently(.misdirected(by: -64))), ("short", .silently(.short)),
        ("reported-later", .fail(.ioError, doing: .reportedLater)),
    ]

    func run(_ effort: Effort, in laboratory: Laboratory) throws -> Figures {
        let items = ErrorSuite.configurations.flatMap { configuration in
            Workload.all(upToLength: 1).map { (configuration, $0) }
        }
        let starts = try Dictionary(
            uniqueKeysWithValues: ErrorSuite.configurations.map { ($0, try laboratory.start($0)) })
        return try forEach(items, effort) { configuration, workload in
            var figures = Figures()
            do {
                let files = starts[configuration]!.0.copy
                let session = Session(files, configuration, laboratory, starts[configuration]!.1)
                for step in workload.steps { try session.perform(step) }
                for call in stride(from: 0, to: files.callCount, by: effort.callStride) {
                    for fault in Self.faults {
                        do {
                            try attempt(
                                call, fault, configuration, workload, starts[configuration]!,
                                laboratory, &figures)
                        } catch {
                            figures.found(
                                violation(
                                    error, configuration, workload, call, fault.name, laboratory))
                        }
                    }
                }
            } catch {
                figures.found(violation(error, configuration, workload, 0, "lost", laboratory))
            }
            return figures
        }
    }

    private func violation(
        _ error: any Error, _ configuration: Configuration, _ workload: Workload, _ call: Int,
        _ fault: String, _ laboratory: Laboratory
    ) -> Violation {
        var line = Reproduction(Self.name, configuration, workload, "\(call)/\(fault)")
        line.bug = laboratory.bug?.name ?? ""
        return Violation(reason: "\(error)", reproduction: line)
    }

    func reproduce(_ reproduction: Reproduction, in laboratory: Laboratory) throws {
        let words = reproduction.detail.split(separator: "/").map(String.init)
        guard words.count == 2, let call = Int(words[0]),
            let fault = Self.faults.first(where: { $0.name == words[1] })
        else { throw Complaint("no such fault: \(reproduction.detail)") }
        var figures = Figures()
        try attempt(
            call, fault, reproduction.configuration, reproduction.workload,
            try laboratory.start(reproduction.configuration), laboratory, &figures)
    }

    private func attempt(
        _ call: Int, _ fault: (name: String, action: FaultRule.Action),
        _ configuration: Configuration, _ workload: Workload,
        _ start: (SimulatedFileSystem, Journal), _ laboratory: Laboratory,
        _ figures: inout Figures
    ) throws {
        let files = start.0.copy
        files.setFaults(FaultPlan([FaultRule(.call(call), fault.action)]))
        let session = Session(files, configuration, laboratory, start.1)
        for step in workload.steps + [.append, .append] {
            // What a session finds wrong after such a fault is judged below, as is what it recovers.
            try? session.perform(step)
        }
        let faulty = files.faultyOperations
        guard !faulty.isEmpty else { return }
        // Calls that the fault means nothing to went on as if there were none.
        let isRead = faulty[0].kind == .read
        guard (fault.name == "short") == isRead, isRead || faulty[0].kind.isMutating else { return }
        figures["silent faults"] += 1
        let known = session.journal
        session.die()
        for choice in [CrashChoice.onlySynced, .everythingWritten] {
            let image = files.crashImage(choice)
            guard let store = try? laboratory.open(image, configuration, seed: 860) else {
                figures["refused"] += 1
                continue
            }
            let state = store.read { $0 }
            if isRead {
                guard known.transactionCount(of: state) != nil else {
                    throw Complaint(known.complaint(about: state))
                }
            } else if !known.digests.contains(state.digest) {
                throw Complaint("a state that was never there: \(state.numbers)")
            }
            figures[known.transactionCount(of: state) == nil ? "shorter" : "whole"] += 1
        }
    }
}
