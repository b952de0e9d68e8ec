// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnTesting
import Testing

@testable import CairnSnapshot

/// What a reader refuses, in files of others whose checksums are right: just below a limit, at it, and just above.
struct SnapshotLimitsTests {
    @Test func aChunkOfMoreThanAWriterMakesIsNotRead() throws {
        let limit = SnapshotFormat.payloadByteCountMax
        for byteCount in [limit - 1, limit, limit + 1] {
            let files = SimulatedFileSystem()
            let snapshots = try open(files)
            var writer = try snapshots.writer(logID: logID, fence: fence(5))
            try writer.beginSection(1)
            let records = [UInt8](repeating: 0, count: byteCount)
            try writer.appendChunk(records.span.bytes, recordCount: 1)
            _ = try writer.finish()
            let error = failure { () throws(SnapshotError) in
                try snapshots.verify(info(5), expectedLogID: logID)
            }
            #expect(error?.reason == (byteCount > limit ? .limitExceeded : nil), "\(byteCount)")
        }
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

    private func error(
        of bytes: [UInt8], _ files: SimulatedFileSystem, _ snapshots: SnapshotDirectory
    ) -> SnapshotError? {
        files.setContents(path(5), bytes)
        return failure { () throws(SnapshotError) in
            try snapshots.verify(info(5), expectedLogID: logID)
        }
    }
}
