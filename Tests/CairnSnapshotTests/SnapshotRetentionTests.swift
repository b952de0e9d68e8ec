// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnIO
import CairnLSN
import CairnSnapshot
import CairnTesting
import SystemPackage
import Testing

struct SnapshotRetentionTests {
    let files = SimulatedFileSystem()
    let snapshots: SnapshotDirectory

    init() throws {
        snapshots = try open(files)
    }

    private func write(_ fences: UInt64...) throws {
        for lsn in fences { try snapshots.write(.small(UInt8(lsn)), at: lsn) }
    }

    private func list() throws -> [UInt64] { try snapshots.list().map(\.fence.lsn.rawValue) }

    private func truncationFence() throws -> UInt64? {
        try snapshots.truncationFence(logID: logID)?.lsn.rawValue
    }

    @Test func listIsInTheOrderOfFences() throws {
        try write(100, 9, 10)
        #expect(try list() == [9, 10, 100])
    }

    @Test func olderGenerationsGoAndTheChangeIsDurable() throws {
        try write(1, 2, 3, 4, 5)
        #expect(try snapshots.retain(logID: logID, generations: 3).removed == [info(1), info(2)])
        #expect(try snapshots.retain(logID: logID).removed == [info(3)])
        #expect(try snapshots.retain(logID: logID).removed == [])
        #expect(try open(files.crashImage(.onlySynced)).list() == [info(4), info(5)])
    }

    @Test func damagedGenerationsDoNotCount() throws {
        try write(1, 2, 3, 4)
        files.flipBit(path(4), 1000)
        #expect(try truncationFence() == 2)
        #expect(try snapshots.retain(logID: logID).removed == [info(1)])
        files.truncate(path(3), to: 100)
        #expect(try truncationFence() == nil)
        #expect(try snapshots.retain(logID: logID).removed == [])
        #expect(try list() == [2, 3, 4])
    }

    @Test func truncationNeedsTwoGenerationsAndStopsAtTheOlder() throws {
        #expect(try truncationFence() == nil)
        try write(5)
        #expect(try truncationFence() == nil)
        try write(8)
        #expect(try truncationFence() == 5)
        try write(9)
        #expect(try truncationFence() == 8)
    }

    @Test func foreignAndNewerSnapshotsNeitherCountNorGo() throws {
        try write(3)
        try snapshots.write(.small(), at: 1, logID: otherLogID)
        try snapshots.write(.small(), at: 7, logID: otherLogID)
        files.setContents(path(8), newerVersion(of: try bytes(of: .small(), at: 8)))
        files.setContents(path(2), newerVersion(of: try bytes(of: .small(), at: 2)))
        #expect(try truncationFence() == nil)
        try write(4, 5)
        #expect(try truncationFence() == 4)
        #expect(try snapshots.retain(logID: logID).removed == [info(3)])
        #expect(try list() == [1, 2, 4, 5, 7, 8])
    }

    @Test func snapshotThatCannotBeReadDoesNotCount() throws {
        try write(1, 2, 3)
        let rule = FaultRule(.matching(.read, suffix: "3.snap"), .fail(.ioError), .forever)
        files.setFaults(FaultPlan([rule]))
        #expect(try truncationFence() == 1)
        #expect(try snapshots.retain(logID: logID).removed == [])
    }

    @Test func unknownFilesAreIgnoredAndNeverRemoved() throws {
        try write(1, 2)
        let digits = "00000000000000000003"
        let names = [
            "3.snap", "\(digits).snap2", "\(digits).Snap", "\(digits)", "0\(digits).snap",
            "+0000000000000000003.snap", "99999999999999999999.snap", "\(digits).snap.creating",
            "\(digits).snap.0123456789abcde.creating", "\(digits).snap.0123456789ABCDEF.creating",
            "\(digits).snap.0123456789abcdef.making", "\(digits).snap.+123456789abcdef.creating",
            "\(digits).snap.0123456789abcdef.damaged", "\(digits).snap.0123456789abcdef.creating.x",
            "note.txt",
        ]
        let magic = Array("CAIRNSNP".utf8)
        for name in names { files.setContents(path(name), magic) }
        // The name of a temporary file, but foreign content.
        let foreign = "\(digits).snap.00000000000000aa.creating"
        files.setContents(path(foreign), Array("my thesis".utf8))
        let before = files.filePaths
        #expect(try list() == [1, 2])
        #expect(try snapshots.retain(logID: logID) == SnapshotRetention())
        #expect(files.filePaths == before)
    }

    @Test func leftoversGoButNotFilesBeingWritten() throws {
        try write(1)
        let magic = Array("CAIRNSNP".utf8)
        let contents: [[UInt8]] = [
            [], [0x43], magic, magic + [1, 2], [0, 0, 0, 0, 0, 0, 0, 0, 5],
        ]
        for (index, content) in contents.enumerated() {
            files.setContents(
                path("00000000000000000007.snap.000000000000000\(index).creating"),
                content)
        }
        var writer = try snapshots.writer(logID: logID, fence: fence(2))
        try writer.write(.small())
        #expect(try snapshots.retain(logID: logID).leftoverCount == contents.count)
        _ = try writer.finish()
        #expect(try list() == [1, 2])
        #expect(files.filePaths.count == 2)
    }

    @Test func crashDuringRetentionKeepsTheNewest() throws {
        try write(1, 2, 3, 4)
        let start = files.crashImage(.onlySynced)
        var index = 0
        while true {
            let files = start.crashImage(.onlySynced)
            files.setFaults(.crash(atOperation: index))
            let finished = (try? open(files).retain(logID: logID)) != nil
            for choice in (0..<16).map({ CrashChoice.subset($0) }) + [.everythingWritten] {
                let image = try open(files.crashImage(choice))
                #expect(
                    try image.truncationFence(logID: logID)?.lsn.rawValue == 3, "\(index) \(choice)"
                )
                #expect(try image.read(4) == .small(4), "\(index) \(choice)")
            }
            if finished { break }
            index += 1
        }
        #expect(index >= 3)
    }

    @Test func failedDirectorySyncEndsAllPromises() throws {
        try write(1, 2, 3)
        let rule = FaultRule(.matching(.syncDirectory, suffix: "snapshots"), .fail(.ioError))
        files.setFaults(FaultPlan([rule]))
        let first = failure { () throws(SnapshotError) in _ = try snapshots.write(.small(), at: 4) }
        #expect(first?.code == .io)
        #expect(try list() == [1, 2, 3])
        let written = failure { () throws(SnapshotError) in
            try snapshots.write(.small(), at: 5)
        }
        let retained = failure { () throws(SnapshotError) in try snapshots.retain(logID: logID) }
        let fence = failure { () throws(SnapshotError) in
            _ = try snapshots.truncationFence(logID: logID)
        }
        #expect([written?.code, retained?.code, fence?.code] == [.poisoned, .poisoned, .poisoned])
        #expect(try snapshots.read(3) == .small(3))
        #expect(try open(files).truncationFence(logID: logID)?.lsn.rawValue == 2)
    }

    @Test func fenceIsGivenOutOnlyAfterASync() throws {
        try write(1, 2)
        let again = try open(files)
        let rule = FaultRule(.matching(.syncFile, suffix: "1.snap"), .fail(.ioError))
        files.setFaults(FaultPlan([rule]))
        let error = failure { () throws(SnapshotError) in
            _ = try again.truncationFence(logID: logID)
        }
        #expect(error?.code == .io)
        #expect(
            failure { () throws(SnapshotError) in _ = try again.truncationFence(logID: logID) }?
                .code == .poisoned)
    }
}
