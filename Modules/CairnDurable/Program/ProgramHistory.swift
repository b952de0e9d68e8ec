// SPDX-License-Identifier: Apache-2.0
//
// Which program wrote which part of the log: `programs/<fence LSN, 20 digits>.snap`, one file for each version.
//
//     programs/…00.snap  Scores, version 1        log   1 … 40 │ 41 … 90 │ 91 …
//     programs/…40.snap  Scores, version 2                 v1  │    v2   │  v3
//     programs/…90.snap  Scores, version 3
//
// - A file has the form of a snapshot: identity of the log, fence, one section with a self-describing value. What
//   was committed after its fence, and up to the next one's, was written by the program that it names.
// - It appears whole, after the program has opened the store and before it commits anything. Nothing is rewritten.
// - Only a file after whose fence there is nothing is ever removed: of a program that opened the store and wrote
//   nothing. What the files left say is right at every moment in between.
// - A file that cannot be read is damage, and opening is refused: to guess the version would be to read events as
//   what they are not.
// - Before the first fence, and without files, version 1 is assumed: what wrote the log before there were names.

internal import CairnFormat
package import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnSegments
internal import CairnSnapshot

/// The programs that wrote a store, in order.
package struct ProgramHistory: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        /// The last LSN before.
        let fence: LSN
        let program: StoreProgram
    }

    package static let folder: FileName = "programs"

    /// By ascending fence.
    private(set) var entries: [Entry] = []

    /// Whether a finding is about a file that names a program.
    static func isAbout(_ finding: Finding) -> Bool { finding.file.hasPrefix("\(folder)/") }

    /// The program that the store belongs to; nil for a store that none has named yet.
    var program: StoreProgram? { entries.last?.program }

    /// The version under which a transaction was written.
    func version(at commit: LSN) -> Int {
        entries.last { $0.fence < commit }?.program.version ?? StoreProgram.versionOfUnnamed
    }

    /// Takes all of the log for that of one program.
    mutating func assume(_ program: StoreProgram) {
        entries = [Entry(fence: .never, program: program)]
    }

    /// Refuses a program that the store does not belong to, and an older version of the one that it does.
    func expect(_ opening: StoreProgram) throws(DurableError) {
        guard let program,
            program.name != opening.name || program.version > opening.version
        else { return }
        throw DurableError(
            code: .doesNotFit, program: ProgramMismatch(store: program, opening: opening))
    }

    /// Refuses a log that ends before a fence: it was durable up to there when the file was made.
    func expectEnd(at last: LSN) throws(DurableError) {
        guard let fence = entries.last?.fence, last < fence else { return }
        throw Self.refusal(
            .missingSegment, SnapshotInfo(fence: SnapshotFence(fence)),
            "the log ends at LSN \(last), before this file was made, so its end was removed; restore it from a copy"
        )
    }

    /// Reads the files of a store.
    ///
    /// - Parameter identity: Of its log; nil when there is none. Then there must be no files either: the log comes
    ///   first.
    static func read(
        in store: StoreDirectory, _ identity: LogID?, _ environment: StorageEnvironment
    ) throws(DurableError) -> ProgramHistory {
        var history = ProgramHistory()
        do throws(SnapshotError) {
            let directory = try open(in: store, environment)
            let infos = try directory.list()
            for info in infos {
                guard let identity else { break }
                history.entries.append(
                    Entry(fence: info.fence.lsn, program: try read(info, in: directory, identity)))
            }
            guard history.entries.count < infos.count else { return history }
        } catch {
            throw refusal(error)
        }
        throw logIsGone(from: store)
    }

    private static func read(
        _ info: SnapshotInfo, in directory: SnapshotDirectory, _ identity: LogID
    ) throws(SnapshotError) -> StoreProgram {
        var reader = try directory.reader(info, expectedLogID: identity)
        return try ProgramFile.read(from: &reader)
    }

    /// Adds a program that has opened the store, durably, unless it is the one that the store belongs to.
    ///
    /// - Parameter last: The last LSN of the log.
    func adding(
        _ program: StoreProgram, after last: LSN, of log: LogID, in store: StoreDirectory,
        _ environment: StorageEnvironment
    ) throws(DurableError) -> ProgramHistory {
        guard program != self.program else { return self }
        var history = self
        do throws(SnapshotError) {
            let directory = try Self.open(in: store, environment)
            let fence = SnapshotFence(last)
            let isUnused = entries.last?.fence == last
            try directory.remove(isUnused ? SnapshotInfo(fence: fence) : nil)
            if isUnused { history.entries.removeLast() }
            var writer = try directory.writer(logID: log, fence: fence)
            try ProgramFile.write(program, to: &writer)
            _ = try writer.finish()
        } catch {
            throw DurableError(error)
        }
        history.entries.append(Entry(fence: last, program: program))
        return history
    }

    private static func open(
        in store: StoreDirectory, _ environment: StorageEnvironment
    ) throws(SnapshotError) -> SnapshotDirectory {
        try SnapshotDirectory.open(
            folder, in: store.root, access: store.access, environment: environment)
    }

    /// An error of a snapshot, with the name of the file that has only the form of one.
    private static func refusal(_ error: SnapshotError) -> DurableError {
        guard let fence = error.fence, error.code != .io else { return DurableError(error) }
        let isNewer =
            error.code == .unsupportedVersion
            || error.reason == .unsupportedVersion || error.reason == .unknownTag
        let verdict: Verdict =
            error.code == .foreignLog
            ? .foreignLog : isNewer ? .unsupportedVersion : .corruption
        let advice =
            isNewer ? "use the release that wrote it" : "restore it from a copy"
        return refusal(
            verdict, SnapshotInfo(fence: fence), at: error.offset,
            "the file that names the program of the store cannot be read (\(error.reason.map { "\($0)" } ?? "\(error.code)")); "
                + advice)
    }

    private static func refusal(
        _ verdict: Verdict, _ info: SnapshotInfo, at offset: UInt64? = nil, _ meaning: String
    ) -> DurableError {
        damage(
            Finding(
                verdict: verdict, file: "\(folder)/\(info)", offset: offset, lsn: info.fence.lsn,
                meaning: meaning))
    }

    /// The log was there before the files, and its last segment is never removed.
    private static func logIsGone(from store: StoreDirectory) -> DurableError {
        let names = (try? store.root.list())?.compactMap(\.name) ?? []
        let left = [folder, SnapshotDirectory.snapshotsName].filter(names.contains)
            .map { "\($0)/" }.joined(separator: " and ")
        return damage(
            Finding(
                verdict: .missingSegment, file: "log",
                meaning:
                    "the log is gone; left of the store: \(left). Restore log/ from a copy"
            ))
    }

    private static func damage(_ finding: Finding) -> DurableError {
        DurableError(LogError(code: .damaged, finding: finding, lsn: finding.lsn))
    }
}
