// SPDX-License-Identifier: Apache-2.0
//
// What the shipped code says of the files of a store, on a simulated disk: opening is `recover`, verifying
// is `strict`, and what verifying hands out on its way is `salvage`.

import CairnCodec
import CairnDurable
import CairnFormat
import CairnFormats
import CairnIO
import CairnInterpreter
import CairnLSN
import CairnLog
import CairnSegments
import CairnSnapshot
import CairnTesting
import CairnZlib
import SystemPackage

/// Opens and verifies stores with the code that ships.
struct ProductionStore {
    private let files: SimulatedFileSystem
    private let paths: [String: FilePath]
    /// The segments by their names.
    private let segments: [SegmentName]
    /// The files of programs by their fences.
    private let programs: [(path: String, fence: LSN)]
    private static let root: FilePath = "/store"

    init(_ set: [SetFile]) throws {
        files = SimulatedFileSystem()
        segments = set.compactMap { file in
            file.path.split(separator: "/").last.flatMap { FileName(String($0)) }
                .flatMap(SegmentName.init)
        }
        programs = set.compactMap { file in
            let parts = file.path.split(separator: "/")
            guard parts.count == 2, parts[0] == "programs", file.bytes != nil,
                let fence = FileName(String(parts[1])).flatMap(SnapshotDirectory.fenceInName)
            else { return nil }
            return (file.path, fence)
        }.sorted { $0.fence < $1.fence }
        paths = Dictionary(
            set.map { ($0.path, Self.root.appending($0.path)) }, uniquingKeysWith: { $1 })
        _ = try files.openDirectory(Self.root, creating: true)
        for file in set {
            guard let path = paths[file.path] else { continue }
            for folder in SetPaths.folders(above: file.path)
                + (file.bytes == nil ? [file.path] : [])
            {
                _ = try files.openDirectory(Self.root.appending(folder), creating: true)
            }
            if let bytes = file.bytes { files.setContents(path, bytes) }
        }
        // Whether a directory without a lock file is that of another program is asked for the sake of people who name
        // the wrong one. A reader of sets was told what it is.
        if !paths.keys.contains("LOCK") { files.setContents(Self.root.appending("LOCK"), []) }
    }

    /// Gives a file of the store another content.
    func replace(_ path: String, _ bytes: [UInt8]) {
        guard let path = paths[path] else { preconditionFailure("there is no \(path)") }
        files.setContents(path, bytes)
    }

    /// What comes of the store in each of the modes, and the value of one that opens.
    func outcomes(
        _ modes: [ReadingMode]
    ) throws -> (outcomes: [ReadingMode: SetOutcome], value: JSON?) {
        var outcomes: [ReadingMode: SetOutcome] = [:]
        var value: JSON?
        if modes.contains(.recover) { (outcomes[.recover], value) = try opened() }
        if modes != [.recover] {
            let verified = try verified()
            if modes.contains(.salvage) { outcomes[.salvage] = verified }
            if modes.contains(.strict) { outcomes[.strict] = strict(verified) }
        }
        return (outcomes, value)
    }

    private var options: LogOptions {
        var options = LogOptions()
        options.access = .readOnly
        options.decompressors = [ZlibBatchCompressor()]
        return options
    }

    /// What a log alone gives; a value without a snapshot if there is none.
    private final class Gathered {
        var transactions: [JSON] = []
        var batches: [JSON] = []
        var count = 0

        func add(_ batch: RawSpan, _ transaction: ReplayedTransaction) {
            batches.append(.string(batch.array().hex))
            count += transaction.batchIndex == 0 ? 1 : 0
            guard transaction.batchIndex == transaction.batchCount - 1 else { return }
            transactions.append(
                .members(
                    ("first", .number(Int128(transaction.lsns.first.rawValue))),
                    ("last", .number(Int128(transaction.lsns.last.rawValue))),
                    ("nanoseconds", .number(Int128(transaction.commitNanoseconds))),
                    ("batches", .array(batches))))
            batches = []
        }
    }

    /// Opens the store as a program does, and its log once more for what is handed out.
    private func opened() throws -> (outcome: SetOutcome, value: JSON?) {
        let before = files.contentHash
        var outcome: SetOutcome?
        var loaded: SnapshotFence?
        do {
            let store = try Durable<OpaqueState>.open(
                Self.root, options: options, environment: .simulated(files))
            loaded = store.recovery.snapshotFence
            outcome = opened(store.recovery.log.repair)
        } catch let error where error.code == .doesNotFit {
            // What lies in a batch is not of the set: the log alone decides.
            loaded = newestReadableSnapshot()
        } catch {
            outcome = try Self.outcome(error)
            loaded = newestReadableSnapshot()
        }
        let gathered = Gathered()
        do {
            let log = try WriteAheadLog.open(
                Self.root, options: options, environment: .simulated(files),
                after: ReplayFence(loaded?.lsn ?? .never)
            ) { gathered.add($0, $1) }
            outcome =
                outcome ?? programBeyond(log.status.nextLSN.predecessor)
                ?? opened(log.recovery.repair)
        } catch {
            outcome = try outcome ?? Self.outcome(error)
        }
        precondition(files.contentHash == before, "reading wrote something")
        var whole = outcome ?? SetOutcome(Outcome(delivered: 0))
        whole.outcome.delivered = Self.refusesBeforeTheLog(whole) ? 0 : gathered.count
        guard whole.outcome.error == nil else { return (whole, nil) }
        let snapshot: JSON = loaded.map { .number(Int128($0.lsn.rawValue)) } ?? .null
        return (
            whole,
            .members(
                ("program", program()), ("snapshot", snapshot),
                ("transactions", .array(gathered.transactions)))
        )
    }

    /// The program that a log must reach and does not. Opening asks that behind the last event, to which it did not come
    /// where one does not fit.
    private func programBeyond(_ end: LSN) -> SetOutcome? {
        guard let last = programs.last, last.fence > end else { return nil }
        return SetOutcome(
            Outcome(error: Verdict.missingSegment.errorClass, at: 0, delivered: 0),
            file: last.path)
    }

    private func opened(_ repair: TailRepair?) -> SetOutcome {
        SetOutcome(
            Outcome(delivered: 0, truncateTo: repair.map { Int($0.offset) }),
            file: repair.flatMap { name(of: $0.segment) })
    }

    /// Opening does not tell which snapshot it had loaded when it refuses the log.
    private func newestReadableSnapshot() -> SnapshotFence? {
        let environment = StorageEnvironment.simulated(files)
        guard
            let store = try? StoreDirectory.open(
                Self.root, access: .readOnly, createIfMissing: false, environment: environment)
        else { return nil }
        defer { store.release() }
        let identity = try? WriteAheadLog.identity(in: store, environment: environment)
        let snapshots = try? SnapshotDirectory.open(
            in: store.root, access: .readOnly, environment: environment,
            decompressors: options.decompressors)
        let infos = (try? snapshots?.list()) ?? []
        return infos.reversed().first {
            (try? snapshots?.verify($0, expectedLogID: identity)) != nil
        }?.fence
    }

    /// Programs and snapshots are judged before anything of the log is handed out; whether it reaches as far as
    /// they say, behind its end.
    private static func refusesBeforeTheLog(_ outcome: SetOutcome) -> Bool {
        let isOther = ["programs/", "snapshots/"].contains {
            outcome.file?.hasPrefix($0) ?? false
        }
        return isOther && outcome.outcome.error != Verdict.missingSegment.errorClass
    }

    /// The program that the store says it belongs to.
    private func program() -> JSON {
        let program = try? StoreProgram.read(Self.root, environment: .simulated(files))
        guard let program else { return .null }
        return .members(
            ("name", .string(program.name)), ("version", .number(Int128(program.version))))
    }

    private func name(of segment: SegmentID) -> String? {
        segments.first { $0.segment == segment }.map { "log/\($0)" }
    }

    /// Verifies the log; the file, the place and the verdict of the gravest finding, or the first torn end.
    private func verified() throws -> SetOutcome {
        let before = files.contentHash
        let found: LogVerification
        do {
            let store = try StoreDirectory.open(
                Self.root, access: .readOnly, createIfMissing: false,
                environment: .simulated(files))
            defer { store.release() }
            found = try WriteAheadLog.verify(
                in: store, options: options, environment: .simulated(files))
        } catch {
            return try Self.outcome(error)
        }
        precondition(files.contentHash == before, "verifying wrote something")
        let delivered = Int(found.transactionCount)
        let gravest = found.findings.first { $0.verdict == found.verdict }
        guard let gravest else { return SetOutcome(Outcome(delivered: delivered)) }
        return Self.outcome(gravest, delivered)
    }

    /// The verdict of verifying, and what is handed out up to the first finding.
    private func strict(_ verified: SetOutcome) -> SetOutcome {
        var outcome = verified
        let gathered = Gathered()
        _ = try? WriteAheadLog.open(
            Self.root, options: options, environment: .simulated(files),
            after: ReplayFence(segments.first?.baseLSN.predecessor ?? .never)
        ) { gathered.add($0, $1) }
        outcome.outcome.delivered = gathered.count
        return outcome
    }

    private static func outcome(_ finding: Finding, _ delivered: Int = 0) -> SetOutcome {
        SetOutcome(
            Outcome(
                error: finding.verdict.errorClass, at: finding.offset.map { Int($0) } ?? 0,
                delivered: delivered), file: finding.file)
    }

    /// - Throws: An error that is none of the set.
    private static func outcome(_ error: any Error) throws -> SetOutcome {
        switch error {
        case let error as DurableError:
            switch error.underlying {
            case .log(let cause): return try outcome(cause)
            case .snapshot(let cause): return try outcome(cause)
            case .recorder, .archive, nil: throw error
            }
        case let error as LogError:
            if let finding = error.finding { return outcome(finding) }
            if let cause = error.cause, cause.code == .notEmpty { return try outcome(cause) }
            if error.code == .replayGap {
                return SetOutcome(
                    Outcome(error: Verdict.missingSegment.errorClass, at: 0, delivered: 0))
            }
            throw error
        case let error as StorageError where error.code == .notEmpty:
            // People are told whose files those are; for a reader of sets they are not there.
            return SetOutcome(
                Outcome(error: Verdict.missingSegment.errorClass, at: 0, delivered: 0),
                file: "\(LogFiles.folder)")
        case let error as SnapshotError:
            let verdict: Verdict =
                error.code == .foreignLog
                ? .foreignLog
                : error.code == .unsupportedVersion || error.code == .unknownCompression
                    ? .unsupportedVersion : .corruption
            return SetOutcome(
                Outcome(
                    error: verdict.errorClass, at: error.offset.map { Int($0) }, delivered: 0),
                file: error.fence.map { "snapshots/\(SnapshotInfo(fence: $0))" })
        default: throw error
        }
    }
}

/// A state that believes everything and keeps nothing.
private struct OpaqueState: OpensAnyStore {
    static let passesOverDamagedPrograms = false

    struct Event: DurableEvent {
        func encode(into encoder: inout EventEncoder) {}
        init(from decoder: inout EventDecoder) throws(FormatError) {
            _ = try decoder.bytes.take(decoder.bytes.remaining)
        }
    }

    init() {}
    mutating func replay(_ event: Event) {}
    func write<Sink: SectionSink & ~Copyable>(to sink: inout Sink) throws(Sink.Failure) {}

    init<Source: SectionSource & ~Copyable>(from source: inout Source) throws(Source.Failure) {
        for id in source.sectionIDs {
            try source.forEachRun(of: id) { (run) throws(FormatError) in
                _ = try run.take(run.remaining)
            }
        }
    }
}
