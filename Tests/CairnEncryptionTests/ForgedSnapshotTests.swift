// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnEncryption
import CairnFormat
import CairnIO
import CairnLSN
import CairnSnapshot
import CairnTesting
import SystemPackage
import Testing

/// Attacks on snapshots by someone without the key, who repairs every checksum.
struct ForgedSnapshotTests {
    private static let log = LogID(high: 1, low: 2)

    /// A snapshot of sections with one record for each chunk.
    private static func snapshot(
        _ keys: EncryptionKeys?, sections: [[UInt8]] = [[1, 2, 3], [4, 5]], fence: UInt64 = 9
    ) throws -> [UInt8] {
        let files = SimulatedFileSystem()
        let environment = StorageEnvironment.simulated(files)
        let root = try files.openDirectory("notes", creating: true)
        var writer = try SnapshotDirectory.open(
            in: root, access: .readWrite, environment: environment, encryption: keys
        ).writer(logID: log, fence: SnapshotFence(LSN(rawValue: fence)))
        for (id, records) in sections.enumerated() {
            try writer.beginSection(UInt32(id))
            for record in records {
                try writer.appendRecord { buffer in
                    buffer.append([UInt8](repeating: record, count: 1 << 20))
                }
            }
        }
        _ = try writer.finish()
        let path = try #require(files.paths(in: "snapshots").first)
        return try #require(files.contents(path))
    }

    /// The records that a reader gets, one byte for each.
    private static func read(
        _ bytes: [UInt8], _ keys: EncryptionKeys?, fence: UInt64 = 9
    ) throws -> [UInt8] {
        let files = SimulatedFileSystem()
        let root = try files.openDirectory("notes", creating: true)
        _ = try root.createDirectory("snapshots")
        let info = SnapshotInfo(fence: SnapshotFence(LSN(rawValue: fence)))
        files.setContents(FilePath("notes/snapshots/\(info)"), bytes)
        var reader = try SnapshotDirectory.open(
            in: root, access: .readOnly, environment: .simulated(files), encryption: keys
        ).reader(info, expectedLogID: log)
        if keys == nil {
            try reader.verify()
            return []
        }
        var records: [UInt8] = []
        for id in reader.sectionIDs {
            try reader.forEachRun(of: id) { run throws(FormatError) in
                while !run.isAtEnd { records.append(try run.take(1 << 20).array()[0]) }
            }
        }
        return records
    }

    private static func isFound(_ bytes: [UInt8]) throws -> Bool {
        // Every checksum holds.
        _ = try read(bytes, nil)
        do {
            let records = try read(bytes, Keys.keys())
            Issue.record("read as \(records)")
            return false
        } catch let error as SnapshotError {
            return error.code == .damaged && error.reason == .notAuthentic
        }
    }

    @Test func whatWasNotChangedIsRead() throws {
        let bytes = try Self.snapshot(Keys.keys())
        #expect(try Self.read(ForgedSnapshot(bytes).write(), Keys.keys()) == [1, 2, 3, 4, 5])
        #expect(ForgedSnapshot(bytes).write() == bytes)
    }

    @Test func chunksReordered() throws {
        var forged = try ForgedSnapshot(Self.snapshot(Keys.keys()))
        forged.swapPayloads(0, 1)
        #expect(try Self.isFound(forged.write()))
        forged = try ForgedSnapshot(Self.snapshot(Keys.keys()))
        forged.swapPayloads(1, 3)
        #expect(try Self.isFound(forged.write()))
    }

    @Test func aChunkOfAnotherSnapshotWithTheSameKey() throws {
        var forged = try ForgedSnapshot(Self.snapshot(Keys.keys()))
        let other = try ForgedSnapshot(Self.snapshot(Keys.keys(seed: 2), fence: 8))
        forged.chunks[1].payload = other.chunks[1].payload
        #expect(try Self.isFound(forged.write()))
        // Of the same fence, made another time.
        let again = try ForgedSnapshot(Self.snapshot(Keys.keys(seed: 3)))
        forged.chunks[1].payload = again.chunks[1].payload
        #expect(try Self.isFound(forged.write()))
    }

    @Test func theLastChunksAndSectionsCutOff() throws {
        let bytes = try Self.snapshot(Keys.keys())
        for (section, count) in [(UInt32(1), 1), (1, 2), (0, 1)] {
            var forged = ForgedSnapshot(bytes)
            for _ in 0..<count {
                let last = try #require(forged.chunks.lastIndex { $0.section == section })
                forged.chunks.remove(at: last)
            }
            #expect(try Self.isFound(forged.write()), "section \(section), \(count) chunks")
        }
        var forged = ForgedSnapshot(bytes)
        forged.sections.append(7)
        #expect(try Self.isFound(forged.write()))
    }

    @Test func aPlainChunkAmongEncryptedOnes() throws {
        var forged = try ForgedSnapshot(Self.snapshot(Keys.keys()))
        forged.chunks[2].flags = 0
        forged.chunks[2].payload = [UInt8](repeating: 6, count: 1 << 20)
        // The index counts its bytes, and is found first.
        #expect(try Self.isFound(forged.write()))
        forged = try ForgedSnapshot(Self.snapshot(Keys.keys()))
        forged.chunks[2].flags = 0
        #expect(try Self.isFound(forged.write()))
    }

    @Test func aSnapshotWithoutItsKeyRecordIsNoPlainOne() throws {
        var forged = try ForgedSnapshot(Self.snapshot(Keys.keys()))
        forged.chunks.removeLast()
        forged.sections.removeLast()
        for index in forged.chunks.indices { forged.chunks[index].flags = 0 }
        let error = #expect(throws: SnapshotError.self) {
            try Self.read(forged.write(), Keys.keys())
        }
        #expect(error?.encryption?.code == .notEncrypted)
    }

    @Test func aKeyRecordOfAnotherKey() throws {
        let error = #expect(throws: SnapshotError.self) {
            try Self.read(Self.snapshot(Keys.keys()), Keys.keys(Keys.second))
        }
        #expect(error?.encryption?.code == .wrongKey)
        #expect(error?.encryption?.file == "snapshots/00000000000000000009.snap")
        // The ID of another key in the record does not make it the right one.
        var forged = try ForgedSnapshot(Self.snapshot(Keys.keys()))
        let last = forged.chunks.count - 1
        withUnsafeBytes(of: Keys.second.id.rawValue.littleEndian) { id in
            forged.chunks[last].payload.replaceSubrange(8..<16, with: id)
        }
        let second = #expect(throws: SnapshotError.self) {
            try Self.read(forged.write(), Keys.keys(Keys.second))
        }
        #expect(second?.encryption?.code == .wrongKey)
    }
}
