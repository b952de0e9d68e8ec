// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting
import SystemPackage
import Testing

struct SilentFaultTests {
    private func file(
        _ action: FaultRule.Action, _ kind: SimulatedOperation.Kind
    ) throws -> (SimulatedFileSystem, any VirtualFile) {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try directory.sync()
        try file.writeDurably([1, 2, 3, 4], at: 0)
        files.setFaults(FaultPlan([FaultRule(.matching(kind), action)]))
        return (files, file)
    }

    @Test func aLostWriteIsNowhere() throws {
        let (files, file) = try file(.silently(.lost), .write)
        try file.write([9], at: 0)
        #expect(files.contents("/d/a") == [1, 2, 3, 4])
        #expect(files.faultyOperations.count == 1)
    }

    @Test func aMisdirectedWriteIsElsewhere() throws {
        let (files, file) = try file(.silently(.misdirected(by: 2)), .writeDurably)
        try file.writeDurably([9], at: 0)
        #expect(files.crashImage(.onlySynced).contents("/d/a") == [1, 2, 9, 4])
    }

    @Test func aShortReadStopsHalfWay() throws {
        let (_, file) = try file(.silently(.short), .read)
        let reads = try (0..<2).map { _ in
            try [UInt8](unsafeUninitializedCapacity: 4) { buffer, count in
                let raw = UnsafeMutableRawBufferPointer(buffer)
                var output = OutputRawSpan(buffer: raw, initializedCount: 0)
                try file.read(into: &output, at: 0)
                count = output.finalize(for: raw)
            }
        }
        #expect(reads == [[1, 2], [1, 2, 3, 4]])
    }

    @Test func aRevertedSyncShowsTheOldBytes() throws {
        let (files, file) = try file(.fail(.ioError, doing: .reverted), .syncFile)
        try file.write([9], at: 0)
        #expect(throws: StorageError.self) { try file.sync() }
        #expect(files.contents("/d/a") == [1, 2, 3, 4])
        #expect(files.pendingEffectCount == 0)
    }

    @Test func anErrorReportedLaterComesWithTheNextSync() throws {
        let (files, file) = try file(.fail(.ioError, doing: .reportedLater), .syncFile)
        try file.write([9], at: 0)
        try file.sync()
        #expect(files.crashImage(.onlySynced).contents("/d/a") == [1, 2, 3, 4])
        #expect(throws: StorageError.self) { try file.sync() }
        try file.sync()
        #expect(files.crashImage(.onlySynced).contents("/d/a") == [1, 2, 3, 4])
    }

    @Test func unreadableBytesCannotBeRead() throws {
        let (files, directory) = try makeFileSystem()
        let file = try directory.createFile("a")
        try file.write(repeated(1, 2000), at: 0)
        files.makeUnreadable("/d/a", 512..<1024)
        func read(_ offset: UInt64, _ count: Int) throws {
            _ = try [UInt8](unsafeUninitializedCapacity: count) { buffer, count in
                let raw = UnsafeMutableRawBufferPointer(buffer)
                var output = OutputRawSpan(buffer: raw, initializedCount: 0)
                try file.read(into: &output, at: offset)
                count = output.finalize(for: raw)
            }
        }
        try read(0, 512)
        try read(1024, 100)
        #expect(throws: StorageError.self) { try read(500, 13) }
    }
}
