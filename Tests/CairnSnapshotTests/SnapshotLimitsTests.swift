// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnTesting
import Testing

@testable import CairnSnapshot

/// What a reader refuses, in files of others whose checksums are right: just below a limit, at it, and just above.
struct SnapshotLimitsTests {
    /// The header alone: a chunk of this size would have to be written and read for each of the three.
    @Test(arguments: [-1, 0, 1])
    func aChunkOfMoreThanAWriterMakesIsNotRead(beside: Int) {
        let byteCount = Int(SnapshotFormat.payloadByteCountMax) + beside
        let chunk = SnapshotChunk(
            section: 1, number: 0, payloadByteCount: UInt32(byteCount), recordCount: 1)
        var header = BinaryBuffer()
        header.append(zeros: SnapshotFormat.ChunkHeader.byteCount)
        chunk.complete(&header, salt: salt)
        let error = failure { () throws(FormatError) in
            _ = try SnapshotChunk(from: header.bytes, at: 0, room: .max, salt: salt)
        }
        #expect(error?.code == (beside > 0 ? .limitExceeded : nil))
    }

    @Test func moreSectionsThanAWriterMakesAreNotRead() throws {
        let limit = SnapshotFormat.sectionCountMax
        let files = SimulatedFileSystem()
        let snapshots = try open(files)
        var writer = try snapshots.writer(logID: logID, fence: fence(5))
        for id in 0..<UInt32(limit) { try writer.beginSection(id) }
        _ = try writer.finish()
        let whole = try #require(files.contents(path(5)))
        #expect(error(of: whole, files, snapshots) == nil)

        // One more that is empty, as all the others are.
        var forgery = Forgery(bytes: whole)
        let entry = SnapshotFormat.IndexEntry.byteCount
        let last = Array(forgery.bytes[forgery.footerEnd - entry..<forgery.footerEnd])
        forgery.bytes.insert(contentsOf: last, at: forgery.footerEnd)
        // The trailer has moved; where the footer begins has not.
        let byteCount = SnapshotIndex.footerByteCount(sectionCount: limit + 1)
        forgery.set(UInt32(limit), at: forgery.footerEnd - entry)
        forgery.set(UInt32(limit + 1), at: forgery.footer)
        forgery.set(UInt32(byteCount), at: forgery.trailer + 8)
        forgery.repairEnd()
        #expect(error(of: forgery.bytes, files, snapshots)?.reason == .limitExceeded)
    }

    /// What a compressed chunk declares: as much as any chunk may have, one byte less, and one more.
    @Test(arguments: [-1, 0, 1])
    func aChunkThatInflatesToMoreThanAWriterMakesIsNotRead(beside: Int) {
        #expect(
            Self.code(
                inflatingTo: SnapshotFormat.payloadByteCountMax + beside,
                from: SnapshotFormat.payloadByteCountMax)
                == (beside > 0 ? .limitExceeded : nil))
    }

    @Test(arguments: [-1, 0, 1])
    func aFewBytesDoNotAskForMuchMemory(beside: Int) {
        #expect(
            Self.code(inflatingTo: 100 * SnapshotFormat.compressionRatioMax + beside, from: 100)
                == (beside > 0 ? .limitExceeded : nil))
    }

    private static func code(inflatingTo byteCount: Int, from stored: Int) -> FormatError.Code? {
        let chunk = SnapshotChunk(
            section: 1, number: 0, payloadByteCount: UInt32(stored), recordCount: 1,
            flags: SnapshotFormat.ChunkFlags.compressed)
        var payload = BinaryBuffer()
        ChunkCompression(uncompressedByteCount: byteCount, id: .zlib).append(to: &payload)
        return failure { () throws(FormatError) in
            _ = try ChunkCompression(from: payload.bytes, of: chunk, at: 0)
        }?.code
    }

    private let salt: UInt32 = 7

    private func error(
        of bytes: [UInt8], _ files: SimulatedFileSystem, _ snapshots: SnapshotDirectory
    ) -> SnapshotError? {
        files.setContents(path(5), bytes)
        return failure { () throws(SnapshotError) in
            try snapshots.verify(info(5), expectedLogID: logID)
        }
    }
}
