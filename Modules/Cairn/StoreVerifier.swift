// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
public import CairnDurable
internal import CairnFormat
internal import CairnGraph
public import CairnIO
public import CairnLSN
public import CairnLog
public import CairnSegments
public import CairnSnapshot
public import SystemPackage

/// The findings of a check of a store.
public struct Verification: Sendable {
    /// The program that the store belongs to; nil when it does not say, or that cannot be read.
    public let program: StoreProgram?
    /// Everything found, the log first; empty when the store is clean.
    public let findings: [Finding]
    /// The segments that could be read.
    public let segments: [SegmentStatus]
    /// The snapshots there are.
    public let snapshots: [SnapshotInfo]
    /// Committed transactions that could be read.
    public let transactionCount: UInt64
    /// The latest commit time in the log, in nanoseconds since 1970; 0 when there is none.
    public let lastCommitNanoseconds: UInt64
    /// Whether another process had the store open for writing meanwhile. What it was just writing does not count.
    public let isLive: Bool
    /// Whether all that is encrypted was decrypted, and seen to be written by a holder of the key.
    public let isDecrypted: Bool

    /// Whether a segment is encrypted. Without its key only what is in the clear of it was checked.
    public var isEncrypted: Bool { segments.contains { $0.keyID != nil } }

    /// The gravest of the findings; `.clean` when there is none.
    public var verdict: Verdict { Finding.gravest(of: findings) }
}

extension Verification {
    fileprivate func with(_ findings: [Finding]) -> Verification {
        Verification(
            program: program, findings: findings, segments: segments, snapshots: snapshots,
            transactionCount: transactionCount, lastCommitNanoseconds: lastCommitNanoseconds,
            isLive: isLive, isDecrypted: isDecrypted)
    }
}

/// Checks a store without changing a byte.
public enum StoreVerifier {
    /// Reads every segment and every snapshot of the store at `path`, and goes on behind damage. Of a graph every
    /// event and every snapshot is decoded. An encrypted store is checked without its keys, too: all but what is inside
    /// its payloads; see ``Verification/isEncrypted``. What the store of another program says is known to that program alone:
    /// its batches and snapshots are checked to be whole.
    ///
    /// A store that another process writes is read several times, and only what is found again in the same place counts.
    ///
    /// - Throws: `LogError` with code `.io`, also for a clean store in which `quarantine` is no directory, because opening
    ///   refuses that; or `.encryption` for keys that are not those of the store.
    public static func verify(
        _ path: FilePath, options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system
    ) throws -> Verification {
        let store = try openReadOnly(path, environment)
        defer { store.release() }
        var last: Verification?
        let findings = try WriteAheadLog.confirmed(beside: store) {
            let found = try verify(store, options, environment)
            last = found
            return found.findings
        }
        guard let last else { preconditionFailure("a store is read at least once") }
        return last.with(findings)
    }

    private static func verify(
        _ store: StoreDirectory, _ options: LogOptions, _ environment: StorageEnvironment
    ) throws -> Verification {
        var (contents, programFinding) = try readProgram(store, environment)
        let identity = try? WriteAheadLog.identity(in: store, environment: environment)
        let directory = try SnapshotDirectory.open(
            in: store.root, access: .readOnly, environment: environment,
            options: options)
        try contents.look(at: directory, of: identity)
        let log = try WriteAheadLog.verify(
            in: store, options: options, environment: environment, noting: { _ in }
        ) { batch, _ in
            contents.look(at: batch)
            var reader = try BatchReader(batch)
            if contents.isGraph {
                while try reader.nextEvent(MutationEvent.self) != nil {}
            } else {
                while try reader.nextBytes() != nil {}
            }
        }
        var findings = log.findings
        if let programFinding {
            // Of a store whose log is gone, it says more than that there is none.
            findings = (programFinding.file == "log" ? [] : findings) + [programFinding]
        }
        let snapshots = try directory.list()
        var newestIntact: LSN?
        for snapshot in snapshots {
            if let finding = try verify(
                snapshot, in: directory, identity, isGraph: contents.isGraph, isLive: store.isLive)
            {
                findings.append(finding)
            } else {
                newestIntact = snapshot.fence.lsn
            }
        }
        findings += judgeReach(log, newestIntact)
        if let end = log.segments.last?.lastLSN, log.verdict == .clean || log.verdict == .tornTail,
            let finding = try? StoreProgram.judgeEnd(of: store, at: end, environment: environment)
        {
            findings.append(finding)
        }
        // It keeps nothing from being read, so it hides no damage.
        if findings.isEmpty { try WriteAheadLog.checkQuarantine(of: store, environment) }
        return Verification(
            program: contents.program, findings: findings, segments: log.segments,
            snapshots: snapshots,
            transactionCount: log.transactionCount,
            lastCommitNanoseconds: log.lastCommitNanoseconds, isLive: store.isLive,
            isDecrypted: options.encryption != nil)
    }

    /// Reads the records of the log at `path` in order; see `WriteAheadLog.records(in:from:options:environment:_:)`.
    @discardableResult
    public static func records(
        _ path: FilePath, from lsn: LSN = .first, options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system, _ visit: (LogRecord) throws -> Bool
    ) throws -> [Finding] {
        let store = try openReadOnly(path, environment)
        defer { store.release() }
        return try WriteAheadLog.records(
            in: store, from: lsn, options: options, environment: environment, visit)
    }

    static func openReadOnly(
        _ path: FilePath, _ environment: StorageEnvironment
    ) throws(LogError) -> StoreDirectory {
        do throws(StorageError) {
            return try StoreDirectory.openForReading(path, environment)
        } catch {
            throw LogError(error)
        }
    }

    /// The program of a store, or why that cannot be read.
    private static func readProgram(
        _ store: StoreDirectory, _ environment: StorageEnvironment
    ) throws -> (StoreContents, Finding?) {
        do throws(DurableError) {
            let program = try StoreProgram.read(in: store, environment: environment)
            return (StoreContents(program: program), nil)
        } catch {
            // Without a log that can be read, the log itself says so.
            guard error.code != .io else { throw error.log ?? error }
            let finding = error.finding.flatMap {
                $0.file.hasPrefix("programs/") || $0.file == "log" ? $0 : nil
            }
            return (StoreContents(program: nil), finding)
        }
    }

    private static func verify(
        _ snapshot: SnapshotInfo, in directory: SnapshotDirectory, _ identity: LogID?,
        isGraph: Bool, isLive: Bool
    ) throws -> Finding? {
        do throws(SnapshotError) {
            var reader = try directory.streamingReader(snapshot, expectedLogID: identity)
            let decodes = isGraph && reader.isReadable
            if decodes { _ = try GraphStore(from: &reader) }
            if decodes { try reader.finish() } else { try reader.verify() }
            return nil
        } catch {
            // A writer drops snapshots that newer ones stand in for.
            if error.code == .notFound, isLive { return nil }
            guard error.code != .io, error.code != .encryption else { throw error }
            let verdict: Verdict =
                switch error.code {
                case .foreignLog: .foreignLog
                case .unsupportedVersion, .unknownCompression: .unsupportedVersion
                default: .corruption
                }
            return Finding(
                verdict: verdict, file: "snapshots/\(snapshot)", offset: error.offset,
                lsn: snapshot.fence.lsn, meaning: error.description)
        }
    }

    /// Checks that the log continues where the newest intact snapshot ends.
    private static func judgeReach(
        _ log: LogVerification, _ newestIntact: LSN?
    ) -> [Finding] {
        guard let first = log.segments.first, let last = log.segments.last else { return [] }
        let fence = newestIntact ?? .never
        if first.name.baseLSN.predecessor > fence {
            return [
                Finding(
                    verdict: .missingSegment, file: "log/\(first.name)",
                    segment: first.name.segment, lsn: first.name.baseLSN,
                    meaning:
                        "the log begins after LSN \(fence), where the newest intact snapshot ends, so "
                        + "the transactions in between are lost; restore a snapshot or a segment")
            ]
        }
        // Damage explains an early end; it was found already.
        if last.lastLSN < fence, log.verdict == .clean || log.verdict == .tornTail {
            return [
                Finding(
                    verdict: .missingSegment, file: "log/\(last.name)", segment: last.name.segment,
                    offset: last.byteCount, lsn: last.lastLSN,
                    meaning:
                        "the log ends before LSN \(fence), where the newest snapshot ends, so its "
                        + "end was removed; restore it from a copy")
            ]
        }
        return []
    }
}
