// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnSnapshot
import CairnTesting

/// A program that works on a store, step by step, and keeps the journal.
final class Session {
    let files: SimulatedFileSystem
    let configuration: Configuration
    let laboratory: Laboratory
    let monitor: OrderingMonitor?
    private(set) var journal: Journal
    private(set) var store: Durable<Ledger>?
    /// How many transactions the state in memory must hold.
    private(set) var memoryCount = 0
    private var mirror: LedgerMirror?
    private var openingCount: UInt64 = 0
    /// The last snapshot failed. Then nothing rests on the directory of snapshots until the next one.
    private var hasFailedSnapshot = false
    private let seed: UInt64
    private let clock: TestClock

    init(
        _ files: SimulatedFileSystem, _ configuration: Configuration, _ laboratory: Laboratory,
        _ journal: Journal, monitor: OrderingMonitor? = nil, seed: UInt64 = 1,
        clock: TestClock = TestClock()
    ) {
        self.files = files
        self.configuration = configuration
        self.laboratory = laboratory
        self.journal = journal
        self.monitor = monitor
        self.seed = seed
        self.clock = clock
    }

    /// Opens the store when it is not open, and compares what it holds with the journal.
    func openedStore() throws -> Durable<Ledger> {
        if let store { return store }
        openingCount += 1
        let seed = seed &* 1000 &+ openingCount
        let mirror = LedgerMirror(
            laboratory.environment(files, seed: seed, monitor: monitor))
        let opened = try laboratory.open(
            files, configuration, seed: seed, monitor: monitor, mirror: mirror,
            clock: clock)
        let state = opened.read { $0 }
        guard let count = journal.transactionCount(of: state) else {
            throw Complaint("opened again: \(journal.complaint(about: state))")
        }
        journal.recovered(count, state)
        memoryCount = count
        self.mirror = mirror
        store = opened
        return opened
    }

    /// The process dies: what it had not handed to the system is gone, files stay as they are.
    func die() {
        store = nil
        mirror = nil
    }

    /// Takes over what another session found out about the store.
    func forget(_ journal: Journal) {
        die()
        self.journal = journal
    }

    func perform(_ step: Step) throws {
        if step == .reopen {
            _ = try openedStore()
            die()
            _ = try openedStore()
            return acknowledged()
        }
        let store = try openedStore()
        defer { if let fence = self.store?.status.log.durable.lsn { journal.saw(fence) } }
        switch step {
        case .append: try commit([24], to: store)
        case .batch: try commit([300, 280, 20, 310], to: store)
        case .abort: try abort(store)
        case .sync:
            try store.recorder.syncLogOnly()
            journal.becameDurable()
            acknowledged()
        case .rotate: try rotate(store)
        case .checkpoint:
            hasFailedSnapshot = true
            try store.checkpoint()
            hasFailedSnapshot = false
            journal.becameDurable()
            acknowledged()
        case .truncate: try truncate(store)
        case .snapshot:
            hasFailedSnapshot = true
            try snapshot(store)
        case .mirror:
            mirror?.tell(store.read { $0.count })
            try store.sync()
            journal.becameDurable()
            acknowledged()
        case .close:
            defer { die() }
            try store.close()
            journal.becameDurable()
            acknowledged()
        case .reopen: break
        }
    }

    private func acknowledged() {
        // A prepared segment holds nothing, so its entry may be lost.
        monitor?.acknowledged {
            !$0.hasSuffix(".prepared")
                && ($0.hasPrefix("/store/log")
                    || !hasFailedSnapshot && $0.hasPrefix("/store/snapshots"))
        }
    }

    func commit(_ byteCounts: [Int], to store: Durable<Ledger>) throws {
        let before = journal
        let entries = journal.entries(byteCounts.map { $0 * configuration.scale })
        journal.attempt(entries)
        do {
            guard let receipt = try store.commit(contentsOf: entries) else {
                throw Complaint("a commit of \(entries.count) entries has no receipt")
            }
            guard
                receipt.lsns.first.rawValue > before.lastLSNs.compactMap(\.self).last?.rawValue ?? 0
            else { throw Complaint("LSN \(receipt.lsns.first) was given out twice") }
            journal.committed(receipt)
            memoryCount = journal.attemptedCount
            if receipt.level == .durable { acknowledged() }
        } catch let error as DurableError {
            // Whatever was stopped before took nothing.
            if error.code == .poisoned { journal.takeBack(before) }
            throw error
        }
    }

    private func abort(_ store: Durable<Ledger>) throws {
        let before = store.status.log.nextLSN
        var entries = journal.entries([20])
        entries.append(Ledger.Event(number: Ledger.refusedNumber, byteCount: 4))
        do {
            try store.commit(contentsOf: entries)
            throw Complaint("a refused entry was committed")
        } catch is Ledger.Refused {}
        try store.recorder.arm()
        store.recorder.record(entries[0])
        store.recorder.abort()
        guard store.status.log.nextLSN == before else { throw Complaint("an abort took LSNs") }
    }

    private func rotate(_ store: Durable<Ledger>) throws {
        let count = store.status.log.segments.last?.name
        for _ in 0..<8 where store.status.log.segments.last?.name == count {
            let used = store.status.log.segments.last!.byteCount / UInt64(configuration.scale)
            try commit([used < 700 ? 420 : 40], to: store)
        }
    }

    private func snapshots() throws -> SnapshotDirectory {
        let seed = seed &* 77 &+ openingCount
        let environment = laboratory.environment(files, seed: seed, monitor: monitor)
        let root = try environment.fileSystem.openDirectory(Laboratory.storePath, creating: false)
        return try SnapshotDirectory.open(
            in: root, access: .readWrite, environment: environment,
            encryption: configuration.keys(seed: seed))
    }

    private func snapshot(_ store: Durable<Ledger>) throws {
        try store.recorder.syncLogOnly()
        journal.becameDurable()
        let fence = SnapshotFence(LSN(rawValue: store.status.log.nextLSN.rawValue - 1))
        guard fence.lsn > .never else {
            hasFailedSnapshot = false
            return
        }
        var writer = try snapshots().writer(logID: store.status.log.logID, fence: fence)
        try store.read { state in try state.write(to: &writer) }
        _ = try writer.finish()
        hasFailedSnapshot = false
        acknowledged()
    }

    private func truncate(_ store: Durable<Ledger>) throws {
        try store.recorder.syncLogOnly()
        journal.becameDurable()
        guard let fence = try snapshots().truncationFence(logID: store.status.log.logID) else {
            return
        }
        try store.recorder.truncate(upTo: fence)
    }
}
