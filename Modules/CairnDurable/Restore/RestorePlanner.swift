// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnSegments
internal import CairnSnapshot

/// Reads a store to find out what of its past can be restored.
struct RestorePlanner {
    private let source: StoreDirectory
    private let snapshots: SnapshotDirectory
    private let options: LogOptions
    private let environment: StorageEnvironment

    init(
        _ source: StoreDirectory, _ snapshots: SnapshotDirectory, _ options: LogOptions,
        _ environment: StorageEnvironment
    ) {
        self.options = options
        self.source = source
        self.snapshots = snapshots
        self.environment = environment
    }

    func plan(_ target: RestoreTarget) throws -> RestorePlan {
        guard let logID = try WriteAheadLog.identity(in: source, environment: environment),
            let firstLSN = try WriteAheadLog.firstLSN(in: source, environment: environment)
        else { throw LogError(noStoreIn: source) }
        let judged = try judgeSnapshots(logID)
        let commits = try readCommits()
        let last = commits.last?.lsn ?? firstLSN.predecessor
        // A snapshot that the log does not reach is of no moment that can be proven.
        let intact = judged.intact.filter {
            $0.fence.lsn >= firstLSN.predecessor && $0.fence.lsn <= last
        }
        let starts =
            (firstLSN == .first ? [LSN.never] : []) + intact.map(\.fence.lsn)
        guard let earliest = starts.first else {
            throw LogError(code: .replayGap, lsn: firstLSN)
        }
        let latest = max(last, intact.last?.fence.lsn ?? .never)
        let wanted = try moment(target, commits, earliest, latest)
        guard let start = starts.last(where: { $0 <= wanted }) else {
            throw DurableError(code: .outOfReach, lsn: earliest)
        }
        let needed = commits.filter { $0.lsn > start && $0.lsn <= wanted }
        func time(_ lsn: LSN) -> UInt64? { commits.last { $0.lsn == lsn }?.nanoseconds }
        return RestorePlan(
            source: source.root.path, logID: logID,
            earliest: .init(lsn: earliest, nanoseconds: time(earliest)),
            latest: .init(lsn: latest, nanoseconds: time(latest)),
            moment: .init(lsn: wanted, nanoseconds: time(wanted)),
            snapshot: start == .never ? nil : SnapshotFence(start),
            transactionCount: UInt64(needed.count),
            leftOutCount: UInt64(commits.count { $0.lsn > wanted }),
            byteCount: needed.reduce(intact.first { $0.fence.lsn == start }?.byteCount ?? 0) {
                $0 + $1.byteCount
            }, damagedSnapshots: judged.damaged)
    }

    private struct Commit {
        let lsn: LSN
        let nanoseconds: UInt64
        let byteCount: UInt64
    }

    /// The last commit that a target includes.
    private func moment(
        _ target: RestoreTarget, _ commits: [Commit], _ earliest: LSN, _ latest: LSN
    ) throws -> LSN {
        switch target {
        case .latest: return latest
        case .lsn(let lsn):
            guard lsn >= earliest, lsn <= latest || lsn == LSN(rawValue: .max) else {
                throw DurableError(code: .outOfReach, lsn: lsn < earliest ? earliest : latest)
            }
            return max(commits.last { $0.lsn <= lsn }?.lsn ?? earliest, earliest)
        case .time(let time):
            // No commit has an earlier time than the one before.
            let found = commits.last { $0.nanoseconds <= time }?.lsn
            if let found, found >= earliest { return found }
            // Between the beginning of the log and its first commit nothing happened.
            guard earliest == .never || found != nil else {
                throw DurableError(code: .outOfReach, lsn: earliest)
            }
            guard earliest == .never else { throw DurableError(code: .outOfReach, lsn: earliest) }
            return .never
        }
    }

    private func judgeSnapshots(
        _ logID: LogID
    ) throws -> (intact: [SnapshotSummary], damaged: [SnapshotFence]) {
        var intact: [SnapshotSummary] = []
        var damaged: [SnapshotFence] = []
        for info in try snapshots.list() {
            do throws(SnapshotError) {
                intact.append(try snapshots.verify(info, expectedLogID: logID))
            } catch {
                if error.code == .notFound { continue }
                guard error.code == .damaged || error.code == .notASnapshot else { throw error }
                damaged.append(info.fence)
            }
        }
        return (intact, damaged)
    }

    /// The commits of the log, in order.
    private func readCommits() throws -> [Commit] {
        var commits: [Commit] = []
        var gathered: UInt64 = 0
        let findings = try WriteAheadLog.frames(
            in: source, options: options, environment: environment, needsKey: true
        ) { frame, payload in
            gathered += UInt64(frame.frameByteCount)
            guard frame.kind == .transaction || frame.kind == .transactionCommit else {
                return true
            }
            var reader = ByteReader(payload)
            let time = try reader.integer(UInt64.self)
            commits.append(
                Commit(lsn: frame.lastLSN, nanoseconds: time, byteCount: gathered))
            gathered = 0
            return true
        }
        guard let finding = findings.first(where: { $0.verdict != .tornTail }) else {
            return commits
        }
        throw LogError(code: .damaged, finding: finding, lsn: finding.lsn)
    }
}
