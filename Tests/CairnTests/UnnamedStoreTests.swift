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

    /// What verify takes for the state of some other program is not refused for its version.
    @Test func aSnapshotWithoutTheSectionsOfAGraphIsOfNoNewerRelease() throws {
        let files = SimulatedFileSystem()
        try GraphDatabase.open(Self.path, environment: .simulated(files)).close()
        for path in files.filePaths where path.string.contains("programs/") { files.remove(path) }
        let root = try files.openDirectory(Self.path, creating: false)
        let snapshots = try SnapshotDirectory.open(
            in: root, access: .readWrite, environment: .simulated(files))
        let store = try StoreDirectory.openForReading(Self.path, .simulated(files))
        let logID = try #require(
            try WriteAheadLog.identity(in: store, environment: .simulated(files)))
        store.release()
        var writer = try snapshots.writer(logID: logID, fence: SnapshotFence(.never))
        try writer.beginSection(1)
        try writer.appendRecord { $0.append([3, 0, 0, 0, 0, 0, 0] as [UInt8]) }
        _ = try writer.finish()
        let found = try StoreVerifier.verify(Self.path, environment: .simulated(files))
        #expect(found.findings.isEmpty)
        let database = try GraphDatabase.open(Self.path, environment: .simulated(files))
        #expect(database.recovery.damagedSnapshots.count == 1)
        try database.close()
    }
}
