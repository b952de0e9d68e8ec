// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnIO
import CairnLSN
import CairnTesting
import SystemPackage
import Testing

@testable import CairnSnapshot

struct SnapshotDamageTests {
    let files = SimulatedFileSystem()
    let snapshots: SnapshotDirectory
    let intact: [UInt8]
    // Made once: it is needed for every bit of the file.
    let place = path(5)

    init() throws {
        snapshots = try open(files)
        try snapshots.write(.small(), at: 5)
        intact = try #require(files.contents(place))
    }

    /// What reading all of `bytes` as the snapshot at 5 fails with.
    private func failure(_ bytes: [UInt8]) -> SnapshotError? {
        files.setContents(place, bytes)
        return CairnSnapshotTests.failure { () throws(SnapshotError) in
            try snapshots.verify(info(5), expectedLogID: logID)
        }
    }

    private func expectDamage(_ bytes: [UInt8], _ what: @autoclosure () -> String) {
        let error = failure(bytes)
        #expect(error?.code == .damaged, Comment(rawValue: what()))
        #expect(error?.offset != nil && error?.reason != nil, Comment(rawValue: what()))
        #expect(error?.fence == fence(5), Comment(rawValue: what()))
    }

    @Test func intactFileIsRead() {
        #expect(failure(intact) == nil)
    }

    @Test func everyTruncationIsRefused() {
        for count in 0..<intact.count {
            expectDamage(Array(intact.prefix(count)), "cut at \(count)")
            // The size survived, the data did not. Without the magic it is not even a snapshot.
            let zeros = [UInt8](repeating: 0, count: intact.count - count)
            let error = failure(intact.prefix(count) + zeros)
            #expect(error?.code == (count < 7 ? .notASnapshot : .damaged), "zeros from \(count)")
        }
    }

    @Test func everyBitFlipIsRefused() {
        for bit in 0..<intact.count * 8 {
            var bytes = intact
            bytes[bit / 8] ^= 1 << (bit % 8)
            expectDamage(bytes, "bit \(bit)")
        }
    }

    @Test func openingAloneChecksEveryByte() {
        for bit in stride(from: 0, to: intact.count * 8, by: 3) {
            files.setContents(place, intact)
            files.flipBit(place, bit)
            let error = CairnSnapshotTests.failure { () throws(SnapshotError) in
                _ = try snapshots.reader(info(5), expectedLogID: logID)
            }
            #expect(error?.code == .damaged, "bit \(bit)")
        }
    }

    @Test func everyByteValueIsRefusedAtEveryPlace() {
        for index in intact.indices {
            for change: UInt8 in [0xff, 0x0f, 0xaa] {
                var bytes = intact
                bytes[index] ^= change
                let code = failure(bytes)?.code
                #expect(code == .damaged || code == .notASnapshot, "byte \(index) ^ \(change)")
            }
        }
    }

    @Test func leftoverBytesAreRefused() {
        for count in [1, 24, 100] {
            expectDamage(intact + [UInt8](repeating: 0, count: count), "\(count) zeros")
            expectDamage(intact + intact.suffix(count), "\(count) bytes of the end again")
            expectDamage(intact + intact, "twice")
        }
        // A second trailer that is right but for its place.
        var forgery = Forgery(bytes: intact + intact.suffix(24))
        forgery.repairEnd()
        expectDamage(forgery.bytes, "two trailers")
    }

    @Test func partsOfOtherSnapshotsNeverFit() throws {
        // Same sections, other fence or log: only the salt keeps the chunks apart.
        for other in [
            try bytes(of: .small(1), at: 6), try bytes(of: .small(1), at: 5, logID: otherLogID),
        ] {
            #expect(other.count == intact.count)
            var forgery = Forgery(bytes: intact)
            let chunks = SnapshotFormat.Header.byteCount..<forgery.footer
            forgery.bytes.replaceSubrange(chunks, with: other[chunks])
            forgery.repairEnd()
            expectDamage(forgery.bytes, "foreign chunks")
            expectDamage(Array(intact[..<48] + other[48...]), "foreign body")
        }
    }

    @Test func otherFilesAreNoSnapshots() {
        #expect(failure([UInt8](repeating: 0, count: 500))?.code == .notASnapshot)
        #expect(failure(Array("SQLite format 3\u{0}".utf8))?.code == .notASnapshot)
    }

    @Test func newerVersionIsUnsupportedAndNotDamaged() {
        let error = failure(newerVersion(of: intact))
        #expect(error?.code == .unsupportedVersion)
        #expect(error?.offset == 8)
    }

    @Test func newerMinorVersionIsRead() throws {
        var forgery = Forgery(bytes: intact)
        forgery.set(UInt16(9), at: 10)
        forgery.repairHeader()
        forgery.repairEnd()
        #expect(failure(forgery.bytes) == nil)
        let summary = try snapshots.verify(info(5), expectedLogID: logID)
        #expect(summary.version == FormatVersion(major: 1, minor: 9))
    }

    @Test func unknownChunkFlagIsUnsupported() {
        var forgery = Forgery(bytes: intact)
        forgery.set(UInt32(8), at: 48 + 16)
        forgery.repairChunkHeader(at: 48)
        forgery.repairEnd()
        #expect(failure(forgery.bytes)?.code == .unsupportedVersion)
    }

    @Test func snapshotOfAnotherLogIsRefused() throws {
        let foreign = try bytes(of: .small(), at: 5, logID: otherLogID)
        #expect(failure(foreign)?.code == .foreignLog)
        let summary = try snapshots.verify(info(5), expectedLogID: nil)
        #expect(summary.logID == otherLogID)
    }

    @Test func renamedSnapshotIsRefused() throws {
        #expect(failure(try bytes(of: .small(), at: 6))?.code == .wrongName)
    }

    @Test func changeAfterOpeningIsNoticed() throws {
        let footer = Forgery(bytes: intact).footer
        for bit in stride(from: 48 * 8, to: footer * 8, by: 5) {
            files.setContents(place, intact)
            var reader = try snapshots.reader(info(5), expectedLogID: logID)
            files.flipBit(place, bit)
            do throws(SnapshotError) {
                try reader.verify()
                Issue.record("bit \(bit) passed")
            } catch {
                #expect(error.code == .damaged)
            }
        }
        files.setContents(place, intact)
        var reader = try snapshots.reader(info(5), expectedLogID: logID)
        files.truncate(place, to: 60)
        #expect(throws: SnapshotError.self) { try reader.verify() }
    }
}
