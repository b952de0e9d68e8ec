// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnIO
import CairnLSN
import CairnTesting
import SystemPackage
import Testing

@testable import CairnSnapshot

/// A reader that reads a file once finds all that one finds which reads it twice.
struct SnapshotStreamingTests {
    /// A snapshot of three sections, one of them empty, one of several chunks.
    private static func file() throws -> [UInt8] {
        let files = SimulatedFileSystem()
        let root = try files.openDirectory("/store", creating: true)
        let directory = try SnapshotDirectory.open(
            in: root, access: .readWrite, environment: .simulated(files))
        var writer = try directory.writer(
            logID: LogID(high: 1, low: 2), fence: SnapshotFence(LSN(rawValue: 7)))
        try writer.beginSection(1)
        for number in 0..<3 {
            try writer.appendRecord { $0.append([UInt8(number), 1, 2, 3, 4, 5, 6, 7]) }
        }
        try writer.beginSection(4)
        try writer.beginSection(9)
        try writer.appendRecord { $0.append(zeros: 40) }
        _ = try writer.finish()
        let path = try #require(files.filePaths.first { $0.string.hasSuffix(".snap") })
        return try #require(files.contents(path))
    }

    private func read(_ bytes: [UInt8], _ sections: [UInt32]) -> SnapshotError? {
        do throws(SnapshotError) {
            var reader = try SnapshotReader(
                streaming: ReadOnlyBytes(bytes), expectedFence: nil, expectedLogID: nil)
            for section in sections {
                try reader.forEachRun(of: section) { run throws(FormatError) in
                    _ = try run.take(run.remaining)
                }
            }
            try reader.finish()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [[], [1], [9, 1], [1, 4, 9], [9, 4, 1], [1, 1, 9], [5]] as [[UInt32]])
    func anyOrderOfSectionsHasTheDigest(_ sections: [UInt32]) throws {
        #expect(read(try Self.file(), sections) == nil)
    }

    @Test(arguments: [[], [9, 1]] as [[UInt32]]) func everyFlippedBitIsFound(
        _ sections: [UInt32]
    ) throws {
        let bytes = try Self.file()
        for bit in 0..<bytes.count * 8 {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(read(changed, sections) != nil, "bit \(bit)")
        }
    }

    /// Everything but the digest is right.
    @Test func aDigestThatIsWrongIsFoundBehindEverything() throws {
        var bytes = try Self.file()
        let trailer = bytes.count - SnapshotFormat.Trailer.byteCount
        let end = trailer - SnapshotFormat.FooterEnd.byteCount
        bytes[end] ^= 1
        let salt = CRC32C.checksum(of: Array(bytes[16..<40]).span.bytes)
        let footer = Int(bytes[trailer]) | Int(bytes[trailer + 1]) << 8
        let sum = CRC32C.checksum(of: Array(bytes[footer..<end + 4]).span.bytes, seed: salt)
        for index in 0..<4 {
            bytes[end + 4 + index] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(index)))
        }
        let error = read(bytes, [1, 9])
        #expect(error?.code == .damaged && error?.offset == UInt64(end))
    }
}

/// A file in memory that can only be read.
private final class ReadOnlyBytes: VirtualFile {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func byteCount() throws(StorageError) -> UInt64 { UInt64(bytes.count) }

    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(StorageError) {
        guard offset < UInt64(bytes.count) else { return }
        for byte in bytes[Int(offset)...].prefix(output.freeCapacity) { output.append(byte) }
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) { throw refusal }
    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) { throw refusal }
    func truncate(to byteCount: UInt64) throws(StorageError) { throw refusal }
    func sync() throws(StorageError) {}
    func close() throws(StorageError) {}

    private var refusal: StorageError {
        StorageError(code: .readOnly, operation: .write, path: "")
    }
}
