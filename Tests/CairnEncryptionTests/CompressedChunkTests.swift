// SPDX-License-Identifier: Apache-2.0

import CairnEncryption
import CairnFormat
import CairnIO
import CairnLSN
import CairnSnapshot
import CairnTesting
import CairnZlib
import SystemPackage
import Testing

/// Chunks that are compressed, then encrypted.
struct CompressedChunkTests {
    private static let log = LogID(high: 1, low: 2)
    private static let info = SnapshotInfo(fence: SnapshotFence(LSN(rawValue: 9)))
    private let files = SimulatedFileSystem()

    private func directory(
        _ keys: EncryptionKeys? = Keys.keys(), isCompressed: Bool = true
    ) throws -> SnapshotDirectory {
        try SnapshotDirectory.open(
            in: try files.openDirectory("notes", creating: true), access: .readWrite,
            environment: .simulated(files), encryption: keys,
            compressor: isCompressed ? ZlibBatchCompressor() : nil)
    }

    /// A snapshot of two sections with one record each.
    private func write(byteCount: Int, isCompressed: Bool = true) throws -> [UInt8] {
        var writer = try directory(isCompressed: isCompressed).writer(
            logID: Self.log, fence: Self.info.fence)
        for id in 1...2 as ClosedRange<UInt32> {
            try writer.beginSection(id)
            try writer.appendRecord { buffer in
                buffer.append((0..<byteCount).map { UInt8(truncatingIfNeeded: $0 / 16 + Int(id)) })
            }
        }
        _ = try writer.finish()
        let path = try #require(files.paths(in: "snapshots").first)
        return try #require(files.contents(path))
    }

    private func read(_ keys: EncryptionKeys? = Keys.keys()) throws(SnapshotError) -> [Int] {
        do {
            var counts: [Int] = []
            var reader = try directory(keys).reader(Self.info, expectedLogID: Self.log)
            for id in reader.sectionIDs {
                try reader.forEachRun(of: id) { run throws(FormatError) in
                    counts.append(try run.take(run.remaining).byteCount)
                }
            }
            return counts
        } catch let error as SnapshotError {
            throw error
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private func replace(_ bytes: [UInt8]) throws {
        files.setContents(try #require(files.paths(in: "snapshots").first), bytes)
    }

    @Test func recordsComeBackWithTheKeyAlone() throws {
        let bytes = try write(byteCount: 20_000)
        #expect(try read() == [20_000, 20_000])
        #expect(bytes[48 + 16] == 3)
        let other = CompressedChunkTests()
        #expect(try other.write(byteCount: 20_000, isCompressed: false).count > bytes.count * 3)
        let error = #expect(throws: SnapshotError.self) { try read(nil) }
        #expect(error?.code == .encryption)
        #expect(try directory(nil).verify(Self.info, expectedLogID: Self.log).sections.count == 3)
    }

    @Test func everyBitFlipIsFound() throws {
        let bytes = try write(byteCount: 200)
        let snapshots = try directory()
        for bit in 0..<bytes.count * 8 {
            var changed = bytes
            changed[bit / 8] ^= 1 << (bit % 8)
            try replace(changed)
            #expect(throws: SnapshotError.self, "bit \(bit)") {
                try snapshots.verify(Self.info, expectedLogID: Self.log)
            }
        }
    }

    /// Whoever has no key, and makes every checksum right, cannot say that a chunk inflates to something else.
    @Test(arguments: [0, 1, 4, 5, 30])
    func whatIsInTheClearIsCoveredByTheTag(place: Int) throws {
        let bytes = try write(byteCount: 2_000)
        var forged = ForgedSnapshot(bytes)
        #expect(forged.write() == bytes)
        forged.chunks[0].payload[place] ^= 1
        try replace(forged.write())
        _ = try directory(nil).verify(Self.info, expectedLogID: Self.log)
        let error = #expect(throws: SnapshotError.self) { try read() }
        #expect(error?.code == .damaged && error?.reason == .notAuthentic)
    }

    @Test func aCompressedChunkDoesNotPassForOneThatIsNot() throws {
        var forged = ForgedSnapshot(try write(byteCount: 2_000))
        forged.chunks[0].flags = 2
        try replace(forged.write())
        let error = #expect(throws: SnapshotError.self) { try read() }
        #expect(error?.reason == .notAuthentic)
    }
}
