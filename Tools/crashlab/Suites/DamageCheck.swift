// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnSnapshot
import CairnTesting
import SystemPackage

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

    /// Opens for reading and for writing after a file was damaged that holds nothing of the state.
    ///
    /// - Throws: ``Complaint`` when that costs anything, or changes what lies in quarantine.
    func checkHarmless(_ files: SimulatedFileSystem) throws {
        guard case .whole = try outcome(files) else {
            throw Complaint("for reading, a file without any state matters")
        }
        let written = files.copy
        let quarantine = files.otherFiles.filter { $0.string.contains("/quarantine/") }
        do {
            let store = try laboratory.open(written, fixture.configuration, seed: 873)
            let state = store.read { $0 }
            guard state.digest == fixture.journal.digests.last else {
                throw Complaint("for writing, a file without any state matters: \(state.numbers)")
            }
        } catch let complaint as Complaint {
            throw complaint
        } catch {
            throw Complaint("a file without any state keeps the store from opening: \(error)")
        }
        for path in quarantine where written.contents(path) != files.contents(path) {
            throw Complaint("\(path) was changed")
        }
    }

    /// True when the damage of a snapshot is found by reading that snapshot.
    func isTold(_ files: SimulatedFileSystem, snapshot name: String) throws -> Bool {
        let environment = laboratory.environment(files, seed: 871)
        let root = try environment.fileSystem.openDirectory(Laboratory.storePath, creating: false)
        let snapshots = try SnapshotDirectory.open(
            in: root, access: .readOnly, environment: environment,
            encryption: fixture.configuration.keys(seed: 871))
        guard let info = try snapshots.list().first(where: { "\($0)" == name }) else { return true }
        do {
            try snapshots.verify(info, expectedLogID: nil)
            return false
        } catch {
            return true
        }
    }
}
