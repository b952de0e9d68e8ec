// SPDX-License-Identifier: Apache-2.0

package import CairnCodec
internal import CairnFormat
public import CairnIO
package import CairnLSN
internal import CairnSegments

extension WriteAheadLog {
    /// Checks all of a log without changing a byte, and continues after damage.
    ///
    /// The files must be at rest. Those of a log that is being written are not: half of a record may be there,
    /// and truncation may take a segment away or use its file again, all of which would look like damage.
    ///
    /// An encrypted log is checked without its keys, too: all but what is inside its payloads. Its batches are then not
    /// visited.
    ///
    /// - Parameters:
    ///   - store: The directory of the store, opened by the caller.
    ///   - options: The options of the log.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - visit: Takes each committed batch that could be read, in order; what it throws
    ///     becomes a finding.
    /// - Throws: ``LogError`` with code `.inUse` while a log is open for writing in `store`, or begins to be
    ///   meanwhile, `.encryption` for keys that are not those of the log, or `.io`, also for a clean log beside which
    ///   `quarantine` is no directory: opening refuses that.
    public static func verify(
        in store: StoreDirectory, options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system, _ visit: ReplayHandler = { _, _ in }
    ) throws(LogError) -> LogVerification {
        let found = try verify(
            in: store, options: options, environment: environment, noting: { _ in }, visit)
        if found.verdict == .clean { try checkQuarantine(of: store, environment) }
        return found
    }

    /// Refuses a store that opening would refuse for what stands in the place of `quarantine/`.
    package static func checkQuarantine(
        of store: StoreDirectory, _ environment: StorageEnvironment
    ) throws(LogError) {
        try LogDirectory(store: store, environment: environment).checkQuarantine()
    }

    /// Checks all of a log; see the other method.
    ///
    /// - Parameters:
    ///   - logID: The log that the segments must belong to; nil for that of the first one.
    ///   - needsKey: Refuses encrypted segments without keys; otherwise their transactions are checked and counted, and
    ///     not visited.
    ///   - resuming: Whether frames behind damage within a segment are visited, too; the findings are the same.
    ///   - note: Takes each intact frame, before what it completes is visited.
    package static func verify(
        in store: StoreDirectory, options: LogOptions, environment: StorageEnvironment,
        of logID: LogID? = nil, needsKey: Bool = false, resuming: Bool = false,
        noting note: (FrameHeader) -> Void, _ visit: ReplayHandler
    ) throws(LogError) -> LogVerification {
        let epoch = try restingEpoch(of: store)
        let directory = LogDirectory(store: store, environment: environment)
        guard let segments = try directory.segments() else {
            return LogVerification(
                findings: [.noStore(in: store)], segments: [], transactionCount: 0,
                lastCommitNanoseconds: 0)
        }
        // One list for both judges: opening ends at what is met first, and that must be first here, too.
        let found = FindingList(resumes: resuming)
        var chain = ChainReader(
            segments, options, findsAll: true, needsKey: needsKey, of: logID,
            isArchive: store.isArchive, noted: found)
        var assembler = TransactionAssembler(options: options, after: ReplayFence())
        var current: SegmentName?
        do {
            try chain.read { frame, payload, name, offset in
                // No transaction continues in another segment: after damage, start with none.
                if current != name, let before = current, let begin = assembler.unfinishedLSN {
                    assembler.forget()
                    if !found.isDamaged(before.segment) {
                        found.append(Self.unfinished(begin, in: before))
                    }
                }
                current = name
                if found.takeNewPiece() { assembler.forget() }
                note(frame)
                do {
                    try assembler.add(frame, payload, visit)
                } catch {
                    assembler.forget()
                    // Behind a gap every frame of a cut transaction is out of place: say it once.
                    guard !found.isDamaged(name.segment) else { return }
                    // Another way of compressing is no damage.
                    let isNewer = (error as? CodecError)?.code == .unknownCompression
                    found.append(
                        Finding(
                            verdict: isNewer ? .unsupportedVersion : .corruption,
                            file: "log/\(name)", segment: name.segment,
                            offset: offset, lsn: frame.lsn,
                            meaning: (error as? TransactionAssembler.Defect)?.rawValue ?? "\(error)"
                        ))
                }
            }
            // The later segments hold no frame.
            if let current, let tail = chain.tail, current != tail.name,
                let begin = assembler.unfinishedLSN, !found.isDamaged(current.segment)
            {
                found.append(Self.unfinished(begin, in: current))
            }
        } catch {
            guard store.restingEpoch == epoch else { throw LogError(code: .inUse) }
            throw error as? LogError ?? LogError(code: .io)
        }
        // A reading beside a writer proves nothing.
        guard store.restingEpoch == epoch else { throw LogError(code: .inUse) }
        return LogVerification(
            findings: found.all, segments: chain.statuses, isReadToTheEnd: found.isReadToTheEnd,
            transactionCount: assembler.transactionCount,
            lastCommitNanoseconds: assembler.lastCommitNanoseconds)
    }

    /// - Throws: ``LogError`` with code `.inUse` when a writer is at work in the store.
    @discardableResult
    static func restingEpoch(of store: StoreDirectory) throws(LogError) -> Int {
        guard let epoch = store.restingEpoch else { throw LogError(code: .inUse) }
        return epoch
    }

    private static func unfinished(_ begin: LSN, in name: SegmentName) -> Finding {
        Finding(
            verdict: .corruption, file: "log/\(name)", segment: name.segment, lsn: begin,
            meaning: "a transaction does not end in the segment in which it begins")
    }
}
