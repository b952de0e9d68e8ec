// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnTesting
import Foundation
import SystemPackage

/// A ledger whose writer makes backups of it: what they say after a cut is lane 1.
final class PowerArchive: PowerStore {
    let system: String
    private let root: FilePath
    private let store: PowerLedgerStore

    /// - Parameter root: Where the store, its backups and the copy that they are restored into lie side by side.
    init(in root: FilePath, system: String) {
        self.root = root
        self.system = system
        store = PowerLedgerStore(.archive, in: root.appending("store"), system: system, bug: nil)
    }

    func open() throws -> [PowerLane] {
        let lanes = try store.open()
        return [lanes.first ?? PowerLane(), try archived()]
    }

    func close() { store.close() }

    func write(boot: UInt64, to console: PowerConsole) throws {
        try store.write(boot: boot, to: console)
    }

    /// Checks every byte of every backup, and restores the newest one.
    private func archived() throws -> PowerLane {
        let backups = root.appending("backups")
        let names = try? FileManager.default.contentsOfDirectory(atPath: backups.string)
        let newest = (names ?? []).filter { $0.hasSuffix(".backup") }.max()
        guard let newest else { return PowerLane() }
        var lane = PowerLane()
        let findings = try StoreBackup.verify(backups)
        if findings.isEmpty {
            let copy = root.appending("restored")
            try? FileManager.default.removeItem(atPath: copy.string)
            _ = try Durable<PowerLedger>.restore(from: backups.appending(newest), into: copy)
            let restored = try Durable<PowerLedger>.open(
                copy, options: PowerWorkload.archive.options, checkpoints: .manual)
            lane = restored.read { $0.lanes.first ?? PowerLane() }
            try restored.close()
            try FileManager.default.removeItem(atPath: copy.string)
        }
        for finding in findings { lane.note("backup: \(finding)") }
        return lane
    }
}
