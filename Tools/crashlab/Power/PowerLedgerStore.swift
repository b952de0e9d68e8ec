// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnTesting
import Foundation
import SystemPackage

/// A ledger under one of the workloads, with one of the old bugs or with none.
final class PowerLedgerStore: PowerStore {
    let system: String
    private let workload: PowerWorkload
    private let folder: FilePath
    private let environment: StorageEnvironment
    private let store = Locked<Durable<PowerLedger>?>(nil)
    private let failure = Locked<String?>(nil)

    /// - Parameter root: The directory that `folder` is below for a bug that knows the paths of the laboratory.
    init(
        _ workload: PowerWorkload, in folder: FilePath, system: String, bug: Bug?,
        root: FilePath? = nil
    ) {
        self.workload = workload
        self.folder = folder
        self.system = system
        var environment = StorageEnvironment.system
        if let root {
            environment.fileSystem = RootedFileSystem(environment.fileSystem, root: root)
        }
        if let lie = bug?.lie {
            environment.fileSystem = InterceptedFileSystem(environment.fileSystem, Liar(lie))
        }
        self.environment = environment
    }

    func open() throws -> [PowerLane] {
        let opened = try Durable<PowerLedger>.open(
            folder, options: workload.options, environment: environment, checkpoints: .manual)
        store.withLock { $0 = opened }
        return opened.read(\.lanes)
    }

    func close() { try? store.withLock { $0.take() }?.close() }

    func write(boot: UInt64, to console: PowerConsole) throws {
        switch workload {
        case .checkpoint: try writeAndReopen(boot, console)
        case .archive: try writeAndBackUp(boot, console)
        default: try writeBesides(boot, console)
        }
    }

    /// Callers beside one another, each on a thread of its own, until all of them were told of a failure.
    private func writeBesides(_ boot: UInt64, _ console: PowerConsole) throws {
        guard let store = store.withLock({ $0 }) else { throw Complaint("not open") }
        let running = Locked(workload.laneCount - 1)
        for lane in 1..<max(1, workload.laneCount) {
            let thread = Thread { [self] in
                do { try writeLane(lane, of: store, boot, console) } catch {
                    failure.withLock { $0 = "\(error)" }
                }
                running.withLock { $0 -= 1 }
            }
            thread.stackSize = 1 << 20
            thread.start()
        }
        if workload == .torn { PowerWriteback.begin(in: folder.appending("log")) }
        do { try writeLane(0, of: store, boot, console) } catch {
            failure.withLock { $0 = $0 ?? "\(error)" }
            while running.withLock({ $0 }) > 0 { usleep(1_000) }
            throw error
        }
    }

    private func writeLane(
        _ lane: Int, of store: Durable<PowerLedger>, _ boot: UInt64, _ console: PowerConsole
    ) throws {
        var number = Self.count(of: lane, in: store)
        while true {
            if let failure = failure.withLock({ $0 }) { throw Complaint(failure) }
            number += UInt64(workload.eventCount)
            try commit(lane, upTo: number, of: store, boot)
            guard number / UInt64(workload.eventCount) % workload.commitsPerSync == 0 else {
                usleep(UInt32.random(in: 0...3_000))
                continue
            }
            if workload.commitsPerSync > 1 { try store.sync() }
            console.acknowledge(system, lane: lane, number)
            if lane == 0, let interval = workload.checkpointInterval, number % interval == 0 {
                try store.checkpoint()
            }
        }
    }

    private static func count(of lane: Int, in store: Durable<PowerLedger>) -> UInt64 {
        store.read { $0.lanes.count > lane ? $0.lanes[lane].count : 0 }
    }

    private func commit(
        _ lane: Int, upTo last: UInt64, of store: Durable<PowerLedger>, _ boot: UInt64
    ) throws {
        let first = last - UInt64(workload.eventCount) + 1
        try store.commit(
            contentsOf: (first...last).map { number in
                PowerLedger.Event(
                    lane: lane, number: number, boot: boot, byteCount: workload.byteCount(number))
            })
    }

    private func writeAndReopen(_ boot: UInt64, _ console: PowerConsole) throws {
        while true {
            guard let store = store.withLock({ $0 }) else { throw Complaint("not open") }
            var number = Self.count(of: 0, in: store)
            for _ in 0..<40 {
                number += 1
                try commit(0, upTo: number, of: store, boot)
                console.acknowledge(system, lane: 0, number)
                if number % workload.checkpointInterval! == 0 { try store.checkpoint() }
            }
            try store.close()
            _ = try open()
        }
    }

    /// Lane 1 counts what the newest backup must have: it is acknowledged when the call that made it has returned.
    private func writeAndBackUp(_ boot: UInt64, _ console: PowerConsole) throws {
        guard let store = store.withLock({ $0 }) else { throw Complaint("not open") }
        let backups = folder.removingLastComponent().appending("backups")
        var number = Self.count(of: 0, in: store)
        while true {
            number += 1
            try commit(0, upTo: number, of: store, boot)
            console.acknowledge(system, lane: 0, number)
            if number % workload.checkpointInterval! == 0 { try store.checkpoint() }
            if number % 40 == 0 {
                _ = try store.backup(to: backups)
                console.acknowledge(system, lane: 1, number)
            }
        }
    }
}
