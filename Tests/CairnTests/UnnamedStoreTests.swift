// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnSnapshot
import CairnTesting
import SystemPackage
import Testing

@testable import Cairn

/// Stores that do not say their program: what is in them tells.
struct UnnamedStoreTests {
    private static let path: FilePath = "db"

    private let files = SimulatedFileSystem()
    private var environment: StorageEnvironment { .simulated(files) }

    /// What verify takes for the state of some other program is not refused for its version.
    @Test func aSnapshotWithoutTheSectionsOfAGraphIsOfNoNewerRelease() throws {
        try makeStore(of: [])
        try addSnapshot(upTo: .never, sections: 1...1)
        #expect(try verify().isEmpty)
        let database = try GraphDatabase.open(Self.path, environment: environment)
        #expect(database.recovery.damagedSnapshots.count == 1)
        try database.close()
    }

    /// Opening asks the snapshots before the log, so verify does.
    @Test func theSnapshotOfANewerGraphSaysMoreThanTheFirstBatch() throws {
        let ofNoGraph: [UInt8] = [0, 1, 1, 250]
        try makeStore(of: [ofNoGraph])
        #expect(try verify().isEmpty, "so far it is the store of some other program")
        try addSnapshot(upTo: LSN(rawValue: 3), sections: 1...9)
        try expectNewerRelease()
    }

    /// Opening passes over what is no graph, to an older snapshot.
    @Test func theSnapshotOfANewerGraphSaysMoreThanALaterOneOfSomethingElse() throws {
        try makeStore(of: [])
        try addSnapshot(upTo: .never, sections: 1...9)
        try addSnapshot(upTo: LSN(rawValue: 3), sections: 1...1)
        try expectNewerRelease()
    }

    /// Opening refuses the store for its version, and verify finds the same.
    private func expectNewerRelease() throws {
        let error = #expect(throws: DurableError.self) {
            try GraphDatabase.open(Self.path, environment: environment)
        }
        #expect(error?.code == .unsupportedVersion)
        #expect(try verify().contains { $0.verdict == .unsupportedVersion })
    }

    private func verify() throws -> [Finding] {
        try StoreVerifier.verify(Self.path, environment: environment).findings
    }

    /// Makes a store that does not say its program, with batches that may be of any.
    private func makeStore(of batches: [[UInt8]]) throws {
        try GraphDatabase.open(Self.path, environment: environment).close()
        for path in files.filePaths where path.string.contains("programs/") { files.remove(path) }
        let log = try WriteAheadLog.open(Self.path, environment: environment)
        for batch in batches { _ = try log.commit(batch: batch.span.bytes) }
        try log.close()
    }

    /// Adds a snapshot with the counts of a newer version in its first section and nothing in the others.
    private func addSnapshot(upTo lsn: LSN, sections: ClosedRange<UInt32>) throws {
        let root = try files.openDirectory(Self.path, creating: false)
        let snapshots = try SnapshotDirectory.open(
            in: root, access: .readWrite, environment: environment)
        let store = try StoreDirectory.openForReading(Self.path, environment)
        let logID = try #require(
            try WriteAheadLog.identity(in: store, environment: environment))
        store.release()
        var writer = try snapshots.writer(logID: logID, fence: SnapshotFence(lsn))
        for section in sections {
            try writer.beginSection(section)
            guard section == sections.lowerBound else { continue }
            try writer.appendRecord { $0.append([3, 0, 0, 0, 0, 0, 0] as [UInt8]) }
        }
        _ = try writer.finish()
    }
}
