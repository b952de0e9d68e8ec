// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnIO
import CairnLSN
import CairnTesting
import SystemPackage
import Testing

@testable import CairnSnapshot

/// A file that remembers the longest read it was asked for.
final class MeasuringFile: VirtualFile {
    private let bytes: [UInt8]
    private let longest = Locked(0)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var longestReadByteCount: Int { longest.withLock { $0 } }

    func byteCount() throws(StorageError) -> UInt64 { UInt64(bytes.count) }

    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(StorageError) {
        let count = output.freeCapacity
        longest.withLock { $0 = max($0, count) }
        let start = Int(min(offset, UInt64(bytes.count)))
        for byte in bytes[start..<start + min(count, bytes.count - start)] { output.append(byte) }
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) { try refuse() }
    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) { try refuse() }
    func truncate(to byteCount: UInt64) throws(StorageError) { try refuse() }
    func sync() throws(StorageError) { try refuse() }
    func close() throws(StorageError) {}

    private func refuse() throws(StorageError) {
        throw StorageError(code: .readOnly, operation: .write, path: "measured")
    }
}

struct SnapshotHostileInputTests {
    let intact: [UInt8]

    init() throws { intact = try bytes(of: .small(), at: 5) }

    /// Reads a file of which all checksums are right; no read may be longer than the file.
    private func failure(_ forgery: Forgery) -> SnapshotError? {
        let file = MeasuringFile(forgery.bytes)
        let error = CairnSnapshotTests.failure { () throws(SnapshotError) in
            var reader = try SnapshotReader(file, expectedFence: fence(5), expectedLogID: logID)
            try reader.verify()
        }
        #expect(file.longestReadByteCount <= forgery.bytes.count)
        return error
    }

    private static let large: [UInt32] = [0, 1, 1000, 65 << 20, 1 << 31, .max]

    @Test func chunkLengthsAreBoundedBeforeTheyAreUsed() {
        for value in Self.large {
            var forgery = Forgery(bytes: intact)
            forgery.set(value, at: 48 + 8)
            forgery.repairChunkHeader(at: 48)
            forgery.repairEnd()
            #expect(failure(forgery)?.code == .damaged, "payload \(value)")
        }
    }

    @Test func chunkFieldsMustAgreeWithTheIndex() {
        for (offset, value) in [(0, 2), (4, 1), (12, 0), (12, 2), (12, 4), (12, .max)]
            as [(Int, UInt32)]
        {
            var forgery = Forgery(bytes: intact)
            forgery.set(value, at: 48 + offset)
            forgery.repairChunkHeader(at: 48)
            forgery.repairEnd()
            #expect(failure(forgery)?.code == .damaged, "field at \(offset): \(value)")
        }
    }

    @Test func everyFieldOfTheIndexIsChecked() {
        let footer = Forgery(bytes: intact).footer
        // Section count, reserved, then four entries of 32 bytes.
        for field in stride(from: footer, to: footer + 8 + 4 * 32, by: 4) {
            for value in Self.large {
                var forgery = Forgery(bytes: intact)
                guard forgery.get(UInt32.self, at: field) != value else { continue }
                forgery.set(value, at: field)
                forgery.repairEnd()
                let error = failure(forgery)
                // The number of a section is a name: any that keeps the order is as good, until a
                // chunk contradicts it. Two of the four have no chunks.
                let isFreeName = (field - footer - 8) % 32 == 0 && error == nil
                #expect(
                    error?.code == .damaged || isFreeName, "field at \(field - footer): \(value)")
            }
        }
    }

    /// Chunks are numbered with 32 bits through all sections; a sparse file could claim more.
    @Test(arguments: [(UInt32(1 << 31) - 1, true), (1 << 31, false), (.max, false)])
    func moreChunksThanNumbersAreRefused(chunkCount: UInt32, isFine: Bool) throws {
        let byteCount = UInt64(chunkCount) * 29
        var index = SnapshotIndex()
        var offset: UInt64 = 48
        for id in 1...2 {
            index.sections.append(
                .init(
                    id: UInt32(id), chunkCount: chunkCount, recordCount: UInt64(chunkCount),
                    byteCount: byteCount, firstOffset: offset))
            offset += byteCount
        }
        var bytes = BinaryBuffer()
        index.append(to: &bytes, at: offset, digest: 0, salt: 0)
        let footer = bytes.bytes.extracting(
            0..<SnapshotIndex.footerByteCount(sectionCount: 2))
        let sections = try? SnapshotIndex.read(footer, at: offset, salt: 0).index.sections
        #expect((sections?.count == 2) == isFine)
    }

    @Test func everyFieldOfTheTrailerIsChecked() {
        let count = UInt64(intact.count)
        for value in [0, 47, 48, count - 24, count, count + 1, 1 << 40, .max] as [UInt64] {
            var forgery = Forgery(bytes: intact)
            forgery.set(value, at: forgery.trailer)
            let salt = forgery.salt
            let trailer = forgery.bytes[forgery.trailer..<forgery.trailer + 12]
            let sum = CRC32C.checksum(of: Array(trailer).span.bytes, seed: salt)
            forgery.set(sum, at: forgery.trailer + 12)
            #expect(failure(forgery)?.code == .damaged, "footer at \(value)")
        }
        for value in Self.large {
            var forgery = Forgery(bytes: intact)
            forgery.set(value, at: forgery.trailer + 8)
            forgery.repairEnd()
            #expect(failure(forgery)?.code == .damaged, "footer of \(value) bytes")
        }
    }

    @Test func bytesThatNoSectionOwnsAreRefused() {
        for count in [1, 8, 100] {
            var forgery = Forgery(bytes: intact)
            let footer = forgery.footer
            forgery.bytes.insert(contentsOf: [UInt8](repeating: 0, count: count), at: footer)
            forgery.set(UInt64(footer + count), at: forgery.trailer)
            forgery.repairEnd()
            #expect(failure(forgery)?.reason == .invalidValue, "\(count) bytes before the footer")
        }
    }

    @Test func reservedBytesMustBeZero() {
        var forgery = Forgery(bytes: intact)
        forgery.set(UInt32(1), at: 40)
        forgery.repairHeader()
        forgery.repairEnd()
        #expect(failure(forgery)?.reason == .reservedNotZero)
    }

    @Test func swappedChunksAreRefused() throws {
        let record = [UInt8](repeating: 3, count: 1 << 20)
        let original = try bytes(of: Sample(sections: [1: [record, record]]), at: 5)
        var forgery = Forgery(bytes: original)
        #expect(failure(forgery) == nil)
        let half = (forgery.footer - 48) / 2
        let first = Array(original[48..<48 + half])
        let second = Array(original[48 + half..<48 + 2 * half])
        #expect(first != second)
        forgery.bytes.replaceSubrange(48..<48 + 2 * half, with: second + first)
        forgery.repairEnd()
        #expect(failure(forgery)?.code == .damaged)
    }

    @Test func randomBytesNeverPass() throws {
        var generator = SplitMix64(seed: 11)
        for round in 0..<2000 {
            let count = Int(generator.next() % 300)
            var bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            if round % 2 == 0 {
                bytes.replaceSubrange(0..<min(48, count), with: intact.prefix(min(48, count)))
            }
            #expect(failure(Forgery(bytes: bytes)) != nil, "seed 11, round \(round)")
        }
    }

    @Test func oneChunkIsHeldAtATime() throws {
        let record = [UInt8](repeating: 5, count: 100_000)
        let sample = Sample(sections: [1: Array(repeating: record, count: 100), 2: [record]])
        let file = MeasuringFile(try bytes(of: sample, at: 5))
        var reader = try SnapshotReader(file, expectedFence: nil, expectedLogID: nil)
        #expect(try reader.read() == sample)
        #expect(reader.summary.byteCount > 10_000_000)
        #expect(file.longestReadByteCount < SnapshotFormat.chunkByteCountTarget + 200_000)
    }
}
