// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnLog
import CairnTesting
import SystemPackage
import Testing

/// The copies of torn ends: complete, or not there.
@Suite struct LogQuarantineTests {
    static let transactions = (0..<4).map { Transaction.small($0) }

    /// A log with a torn end. Nothing closed it, so nothing proves that the end was durable.
    private func tornLog() throws -> SimulatedFileSystem {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files)
        for transaction in Self.transactions { try log.commit(transaction) }
        let image = files.copy()
        try log.close()
        let path = try #require(image.segmentPaths.last)
        let content = try #require(image.contents(path))
        image.setContents(path, content + [UInt8](repeating: 0xa5, count: 300))
        return image
    }

    private func quarantine(_ files: SimulatedFileSystem) -> [String] {
        files.filePaths.map(\.string).filter { $0.contains("/quarantine/") }
    }

    private func operationCount() throws -> Int {
        let files = try tornLog()
        let before = files.operationCount
        let (log, replayed) = try openLog(files)
        let count = files.operationCount - before
        #expect(replayed.transactions == Self.transactions)
        #expect(quarantine(files).count == 1)
        try log.close()
        return count
    }

    @Test func aFailedCopyLeavesNothingBehind() throws {
        for index in 0..<(try operationCount()) {
            let files = try tornLog()
            files.setFaults(.fail(.noSpace, atOperation: files.operationCount + index))
            let opened = try? openLog(files).log
            try opened?.close()
            #expect(
                quarantine(files).allSatisfy { !$0.hasSuffix(".creating") }, "operation \(index)")
            files.setFaults(FaultPlan())
            let (log, replayed) = try openLog(files, seed: 2)
            #expect(replayed.transactions == Self.transactions, "operation \(index)")
            #expect(quarantine(files).allSatisfy { !$0.hasSuffix(".creating") })
            #expect((1...2).contains(quarantine(files).count), "operation \(index)")
            try log.close()
        }
    }

    /// What a crash left of a copy is gone after the next opening; files of others stay.
    @Test func aCrashLeavesNothingForGood() throws {
        for index in 0..<(try operationCount()) {
            let files = try tornLog()
            files.setFaults(.crash(atOperation: files.operationCount + index))
            _ = try? openLog(files)
            let image = files.crashImage(.everythingWritten)
            let others = ["notes.creating", "1-1.wal.3.0123456789abcdef.creating"]
            let root = try image.openDirectory(storePath, creating: false)
            if (try? root.openDirectory("quarantine")) == nil {
                _ = try root.createDirectory("quarantine")
            }
            for name in others {
                image.setContents(FilePath("/store/quarantine/\(name)"), [1])
            }
            let (log, replayed) = try openLog(image, seed: 2)
            try log.close()
            #expect(replayed.transactions == Self.transactions, "operation \(index)")
            let left = quarantine(image).filter { $0.hasSuffix(".creating") }.sorted()
            #expect(left == others.map { "/store/quarantine/\($0)" }.sorted(), "operation \(index)")
            for name in others {
                #expect(image.contents(FilePath("/store/quarantine/\(name)")) == [1])
            }
        }
    }
}
