// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnTesting
import SystemPackage
import Testing

/// Each of 1,000 moments of a store that has checkpoints, an archive and backups: as it was, from wherever it is taken.
struct ThousandMomentsTests {
    /// The log of a store goes back to its first checkpoint; the archive has all.
    private static let firstCheckpoint = 40
    private static let momentCount = firstCheckpoint + 1_000

    private struct Past {
        let files = SimulatedFileSystem()
        /// By commit: its LSN, and the state after it.
        var moments: [(lsn: LSN, points: [String: Int])] = []
        /// The number of moments that the last backup has.
        var backedUpCount = 0
        /// The last LSN that the archive has.
        var archived = LSN.never

        init() throws {
            var options = LogOptions()
            options.segmentByteCount = 2_000
            var checkpoints = CheckpointOptions.manual
            checkpoints.generations = 100
            checkpoints.archive = DirectoryArchive("archive", environment: .simulated(files))
            let store = try Durable<Scores>.open(
                "scores", options: options, environment: .simulated(files),
                checkpoints: checkpoints)
            for number in 0..<ThousandMomentsTests.momentCount {
                let receipt = try store.commit(
                    .scored(player: "p\(number % 7)", points: number))
                moments.append((try #require(receipt).commitLSN, store.read(\.points)))
                if (number + 1) % ThousandMomentsTests.firstCheckpoint == 0 {
                    try store.checkpoint()
                }
                // Each later one shares the files of the ones before.
                guard number % 300 == 250 else { continue }
                let backup = try store.backup(to: "backups")
                #expect((backup.sharedByteCount > 0) == (number > 250))
                backedUpCount = number + 1
            }
            try store.close()
            archived = try StoreRestore.plan(
                from: "archive", to: .latest, environment: .simulated(files)
            ).latest.lsn
            #expect(archived >= moments[ThousandMomentsTests.momentCount - 200].lsn)
        }
    }

    @Test func eachIsRestoredFromTheStoreItsArchiveAndItsBackups() throws {
        let past = try Past()
        for (number, moment) in past.moments.enumerated() {
            let isInStore = number >= Self.firstCheckpoint - 1
            if isInStore { try expect(moment, from: "scores", past) }
            guard number % 10 == 0 else { continue }
            if moment.lsn <= past.archived { try expect(moment, from: "archive", past) }
            if isInStore, number < past.backedUpCount { try expect(moment, from: "backups", past) }
        }
    }

    private func expect(
        _ moment: (lsn: LSN, points: [String: Int]), from source: FilePath, _ past: Past
    ) throws {
        let environment = StorageEnvironment.simulated(past.files, seed: 5)
        let into = FilePath("\(source)-\(moment.lsn.rawValue)")
        let restored = try Durable<Scores>.restore(
            from: source, to: .lsn(moment.lsn), into: into, environment: environment)
        #expect(restored.plan.moment.lsn == moment.lsn)
        let opened = try Durable<Scores>.open(into, environment: environment)
        #expect(opened.read(\.points) == moment.points, "\(source), LSN \(moment.lsn)")
        try opened.close()
        for path in past.files.filePaths(startingWith: "\(into)/") { past.files.remove(path) }
    }
}
