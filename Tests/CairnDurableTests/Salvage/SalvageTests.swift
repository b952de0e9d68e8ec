// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnTesting
import SystemPackage
import Testing

struct SalvageTests {
    private static func options(_ byteCount: Int = 500) -> LogOptions {
        var options = LogOptions()
        options.segmentByteCount = byteCount
        return options
    }

    /// 60 commits of which a snapshot has the first 20 and, if wanted, another one the first 40.
    private func store(
        snapshots: Int = 2, segmentByteCount: Int = 500
    ) throws -> (SimulatedFileSystem, commits: [LSN]) {
        let files = SimulatedFileSystem()
        let account = try Durable<Account>.open(
            "store", options: Self.options(segmentByteCount), environment: .simulated(files),
            checkpoints: .manual)
        var commits: [LSN] = []
        for number in 1...60 {
            let receipt = try account.commit(.deposited(number))
            commits.append(try #require(receipt).commitLSN)
            if number == 20, snapshots > 0 { try account.checkpoint() }
            if number == 40, snapshots > 1 { try account.checkpoint() }
        }
        try account.close()
        return (files, commits)
    }

    private func salvage(
        _ files: SimulatedFileSystem, into path: FilePath? = "new",
        _ change: (inout SalvageOptions) -> Void = { _ in }
    ) throws -> SalvageReport {
        var choices = SalvageOptions()
        change(&choices)
        return try Durable<Account>.salvage(
            "store", into: path, choices: choices, environment: .simulated(files, seed: 3))
    }

    private func balance(_ path: FilePath, _ files: SimulatedFileSystem) throws -> Int {
        try Durable<Account>.open(path, environment: .simulated(files, seed: 4)).read(\.balance)
    }

    private func segments(_ files: SimulatedFileSystem) -> [FilePath] {
        files.filePaths(startingWith: "store/log/").filter { $0.string.hasSuffix(".wal") }
    }

    private func sum(_ count: Int) -> Int { count * (count + 1) / 2 }

    @Test func aWholeStoreIsRecoveredAsItIs() throws {
        let (files, commits) = try store()
        let contents = files.contentHash(of: "store")
        let report = try salvage(files)
        #expect(report.isComplete && report.lastLSN == commits.last)
        #expect(try balance("new", files) == sum(60))
        #expect(files.contentHash(of: "store") == contents)
        let again = try Durable<Account>.open("new", environment: .simulated(files, seed: 8))
        try again.commit(.deposited(1))
        try again.close()
        #expect(try balance("new", files) == sum(60) + 1)
        #expect(
            try StoreRestore.ancestors("new", environment: .simulated(files)).first?.logID
                == report.logID)
    }

    @Test func upToTheFirstLossIsRecoveredAndTheRestIsTold() throws {
        let (files, commits) = try store(snapshots: 0)
        let path = segments(files)[2]
        let name = try #require(path.lastComponent?.string)
        files.flipBit(path, 8 * 100)
        let report = try salvage(files)
        let base = try #require(UInt64(name.dropFirst(11).prefix(20)))
        let kept = commits.count { $0.rawValue < base }
        #expect(report.lost.count == 1 && report.lost.first?.first.rawValue == base)
        #expect(report.appliedCount == UInt64(kept))
        let last = try #require(report.lost.first?.last)
        #expect(report.leftBehind == commits.filter { $0 > last })
        #expect(report.unfit.isEmpty && !report.isComplete)
        #expect(try balance("new", files) == sum(kept))
    }

    @Test func behindALossIsAppliedOnlyWhenAsked() throws {
        let (files, commits) = try store(snapshots: 0)
        files.remove(segments(files)[2])
        let report = try salvage(files) { $0.goesBehindLosses = true }
        let lost = try #require(report.lost.first)
        let values = zip(1..., commits).filter { !lost.contains($0.1) }.map(\.0)
        #expect(report.leftBehind.isEmpty && report.lost.count == 1)
        #expect(try balance("new", files) == values.reduce(0, +))
    }

    @Test func whatRestsOnALossIsNamed() throws {
        let files = SimulatedFileSystem()
        let nest = try Durable<Pairs>.open(
            "store", options: Self.options(400), environment: .simulated(files),
            checkpoints: .manual)
        var commits: [LSN] = []
        for number in 0..<30 {
            let receipt = try nest.commit(
                number % 10 == 9 ? .needed(number - 9) : .made(number))
            commits.append(try #require(receipt).commitLSN)
        }
        try nest.close()
        files.remove(segments(files)[0])
        var choices = SalvageOptions()
        choices.goesBehindLosses = true
        let report = try Durable<Pairs>.salvage(
            "store", into: nil, choices: choices, environment: .simulated(files))
        #expect(report.unfit.map(\.lsn) == [commits[9]], "number 9 needs number 0, which is lost")
        #expect(report.leftBehind == Array(commits[10...]))
        choices.leavesOutUnfit = true
        let whole = try Durable<Pairs>.salvage(
            "store", into: "new", choices: choices, environment: .simulated(files))
        #expect(whole.unfit.count == 1 && whole.leftBehind.isEmpty)
        let made = try Durable<Pairs>.open("new", environment: .simulated(files, seed: 5)).read(
            \.made)
        #expect(made.isSuperset(of: (10..<29).filter { $0 % 10 != 9 }))
    }

    @Test func aDamagedSnapshotIsReplacedByTheOneBefore() throws {
        let (files, commits) = try store()
        let newest = try #require(files.filePaths(startingWith: "store/snapshots/").last)
        files.flipBit(newest, 8 * 60)
        let report = try salvage(files)
        #expect(report.damagedSnapshots.count == 1)
        #expect(report.snapshot?.lsn == commits[19])
        #expect(report.isComplete)
        #expect(try balance("new", files) == sum(60))
    }

    @Test func withoutTheLogTheNewestSnapshotIsWhatIsLeft() throws {
        let (files, commits) = try store()
        for path in segments(files) { files.remove(path) }
        let report = try salvage(files)
        #expect(report.snapshot?.lsn == commits[39] && report.appliedCount == 0)
        #expect(report.lostFrom == LSN(rawValue: commits[39].rawValue + 1))
        #expect(try balance("new", files) == sum(40))
    }

    /// One record is lost, not all that the segment has behind it.
    @Test func behindDamageWithinASegmentReadingGoesOn() throws {
        let (files, commits) = try store(snapshots: 0, segmentByteCount: 64 << 20)
        let path = segments(files)[0]
        files.flipBit(path, 8 * 1_000)
        let report = try salvage(files)
        let kept = commits.count { $0 <= report.lastLSN }
        #expect(kept > 3 && kept < 58)
        #expect(report.lost.count == 1 && report.lostFrom == nil && !report.isComplete)
        #expect(report.lost.first?.contains(commits[kept]) == true)
        #expect(report.leftBehind == Array(commits[(kept + 1)...]))
        #expect(try balance("new", files) == sum(kept))
        // A second damage, some records later.
        files.flipBit(path, 8 * 2_000)
        let twice = try salvage(files, into: "newer") { $0.goesBehindLosses = true }
        #expect(twice.lost.count == 2 && twice.leftBehind.isEmpty)
        let values = zip(1..., commits).filter { pair in
            !twice.lost.contains { $0.contains(pair.1) }
        }
        #expect(values.count == 58)
        #expect(try balance("newer", files) == values.map(\.0).reduce(0, +))
    }

    /// Each byte of a log changed in turn: what the records that still hold say is recovered, and nothing else.
    @Test func exactlyWhatHoldsIsRecoveredWhateverByteIsDamaged() throws {
        for byteCount in [500, 64 << 20] {
            let (files, commits) = try store(snapshots: 0, segmentByteCount: byteCount)
            var lossCount = 0
            for path in segments(files) {
                let end = try #require(files.contents(path)?.lastIndex { $0 != 0 })
                for byte in stride(from: SegmentLayout.headerByteCount, through: end, by: 7) {
                    files.flipBit(path, byte * 8 + byte % 8)
                    let report = try salvage(files, into: nil) { $0.goesBehindLosses = true }
                    files.flipBit(path, byte * 8 + byte % 8)
                    let place: Comment = "\(path), byte \(byte)"
                    let gone = commits.filter { lsn in
                        report.lost.contains { $0.contains(lsn) } || lsn > report.endLSN
                    }
                    #expect(gone.count <= 1, place)
                    #expect(Int(report.appliedCount) == 60 - gone.count, place)
                    lossCount += gone.count
                }
            }
            #expect(lossCount > 100)
        }
    }

    @Test func damageAtTheEndIsALossOfUnknownLength() throws {
        let (files, commits) = try store(snapshots: 0, segmentByteCount: 64 << 20)
        let path = segments(files)[0]
        let end = try #require(files.contents(path)?.lastIndex { $0 != 0 })
        files.flipBit(path, 8 * (end - 12))
        let report = try salvage(files)
        #expect(report.lastLSN <= commits[59] && !report.isComplete)
        #expect(report.lostFrom != nil || report.lost.count == 1)
    }

    @Test func theProgramIsAssumedOnlyWhenAsked() throws {
        let (files, _) = try store(snapshots: 0)
        files.flipBit(try #require(files.programPaths.first), 8 * 50)
        #expect(throws: DurableError.self) { try salvage(files) }
        #expect(try salvage(files) { $0.assumesProgram = true }.isComplete)
        #expect(try balance("new", files) == sum(60))
    }
}

/// Numbers of which some need others.
private struct Pairs: DurableState, Codable {
    var made: Set<Int> = []

    enum Event: DurableEvent, Codable {
        case made(Int)
        case needed(Int)
    }

    struct Missing: Error {}

    func validate(_ event: Event) throws {
        if case .needed(let number) = event, !made.contains(number) { throw Missing() }
    }

    mutating func apply(_ event: Event) {
        if case .made(let number) = event { made.insert(number) }
    }
}
