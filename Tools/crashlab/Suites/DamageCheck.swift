// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnSnapshot
import CairnTesting

/// Opens a damaged store and says what became of it.
struct DamageCheck {
    let laboratory: Laboratory
    let fixture: Fixture

    /// Opens for reading, so that nothing is changed and the damage can be taken back.
    ///
    /// - Throws: ``Complaint`` for a state that was never there.
    func outcome(_ files: SimulatedFileSystem) throws -> DamageOutcome {
        let store: Durable<Ledger>
        do {
            store = try laboratory.open(
                files, fixture.configuration, seed: 870, access: .readOnly)
        } catch {
            return .refused
        }
        let state = store.read { $0 }
        let journal = fixture.journal
        if state.digest == journal.digests.last, state.count == journal.counts.last {
            return store.recovery.damagedSnapshots.isEmpty ? .whole : .told
        }
        guard
            journal.digests.indices.contains(where: {
                journal.digests[$0] == state.digest && journal.counts[$0] == state.count
            })
        else { throw Complaint("a state that was never there: \(state.numbers)") }
        return .shorter
    }

    /// True when the damage of a snapshot is found by reading that snapshot.
    func isTold(_ files: SimulatedFileSystem, snapshot name: String) throws -> Bool {
        let environment = laboratory.environment(files, seed: 871)
        let root = try environment.fileSystem.openDirectory(Laboratory.storePath, creating: false)
        let snapshots = try SnapshotDirectory.open(
            in: root, access: .readOnly, environment: environment)
        guard let info = try snapshots.list().first(where: { "\($0)" == name }) else { return true }
        do {
            try snapshots.verify(info, expectedLogID: nil)
            return false
        } catch {
            return true
        }
    }
}
