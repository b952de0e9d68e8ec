// SPDX-License-Identifier: Apache-2.0
//
// Opens a log: reads all of it, judges it, repairs the traces of a crash, and returns it ready to write.
//
// - First everything is read. Anything but a clean or a torn end is refused, and nothing is changed.
// - Repairs are durable before the log is handed on, each can be interrupted and done again:
//   temporary files removed; torn end copied to quarantine and cut; missing seal written.
// - Bytes that were read are made durable before they are called so: a read may come from the cache. After a
//   failed sync the cache can hold bytes that no later sync writes, so bytes that no durable watermark covers
//   are written once more, as they are.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments

struct LogRecovery {
    let directory: LogDirectory
    let options: LogOptions

    /// Opens the log of a store and replays the transactions committed after `fence`.
    ///
    /// - Throws: ``LogError``, or what `replay` or `judgeEnd` throws.
    func run(
        after fence: ReplayFence, _ replay: ReplayHandler, judgingEnd judgeEnd: (LSN) throws -> Void
    ) throws -> RecoveredLog {
        let writes = directory.store.access == .readWrite
        let segments = try existingOrNew(after: fence, writes: writes)
        var chain = ChainReader(
            segments, options, findsAll: false, needsKey: true,
            isArchive: directory.store.isArchive)
        var assembler = TransactionAssembler(options: options, after: fence)
        var current: SegmentName?
        var meter = try OpeningMeter(options.openingObserver, segments)
        try chain.read { frame, payload, name, offset in
            if name != current {
                try expectContinuation(name, current, fence, assembler.unfinishedLSN)
                current = name
                meter.begin(name)
            }
            if offset >= meter.due { try meter.report(offset) }
            do {
                try assembler.add(frame, payload, replay)
            } catch {
                throw unreadable(error, frame.lsn, name, offset)
            }
        }
        try meter.finish()
        var report = RecoveryReport()
        report.fence = fence
        report.transactionCount = assembler.transactionCount
        report.batchCount = assembler.batchCount
        report.checkpointLSN = assembler.checkpointLSN
        report.checkpointNanoseconds = assembler.checkpointNanoseconds
        report.abortedLSN = assembler.unfinishedLSN
        report.lastCommitNanoseconds = assembler.lastCommitNanoseconds
        let tail = try judge(chain.findings, chain.tail)
        if let current, current != tail.name { try expectEnd(assembler.unfinishedLSN, current) }
        try checkFence(fence, chain.statuses, tail)
        try judgeEnd(tail.progress.lastLSN)
        if tail.tornEnd != nil { report.verdict = .tornTail }
        return try finish(
            segments, chain.statuses, tail, report, writes: writes,
            lastCommitNanoseconds: assembler.lastCommitNanoseconds)
    }

    /// Checks that a segment whose first frame was read may follow the one before.
    @inline(never)  // Once in a segment.
    private func expectContinuation(
        _ name: SegmentName, _ before: SegmentName?, _ fence: ReplayFence, _ unfinished: LSN?
    ) throws(LogError) {
        if let before { return try expectEnd(unfinished, before) }
        guard name.baseLSN.predecessor <= fence.lsn else {
            throw LogError(code: .replayGap, lsn: name.baseLSN)
        }
    }

    private func existingOrNew(
        after fence: ReplayFence, writes: Bool
    ) throws(LogError) -> SegmentDirectory {
        if let segments = try directory.segments() {
            if writes { try directory.checkQuarantine() }
            return segments
        }
        guard fence.lsn == .never else {
            throw missing(
                "the log is gone, and only snapshots are left; restore the log from a copy")
        }
        guard writes, options.createIfMissing else {
            throw LogError(noStoreIn: directory.store)
        }
        return try directory.create(options.encryption)
    }

    /// Refuses everything but a clean end and a torn one within the limit.
    private func judge(
        _ findings: [Finding], _ tail: ChainReader.Tail?
    ) throws(LogError) -> ChainReader.Tail {
        if let finding = findings.first(where: { $0.verdict != .tornTail }) {
            throw LogError(code: .damaged, finding: finding, lsn: finding.lsn)
        }
        guard let tail else { throw missing("the log has no segment") }
        if let end = tail.tornEnd, let limit = options.tornTailByteCountMax,
            end - tail.progress.byteCount > UInt64(max(0, limit))
        {
            throw LogError(code: .tailTooLong, finding: findings.first, lsn: findings.first?.lsn)
        }
        return tail
    }

    private func checkFence(
        _ fence: ReplayFence, _ statuses: [SegmentStatus], _ tail: ChainReader.Tail
    ) throws(LogError) {
        let first = statuses.first?.name.baseLSN ?? .first
        guard first.predecessor <= fence.lsn else {
            throw LogError(code: .replayGap, lsn: first)
        }
        guard tail.progress.lastLSN >= fence.lsn else {
            throw LogError(
                code: .damaged,
                finding: Finding(
                    verdict: .missingSegment, file: "log/\(tail.name)", segment: tail.name.segment,
                    offset: tail.progress.byteCount, lsn: tail.progress.lastLSN,
                    meaning:
                        "the log ends before LSN \(fence.lsn), up to which a snapshot was made, so "
                        + "its end was removed; restore it from a copy"))
        }
    }

    private func finish(
        _ segments: SegmentDirectory, _ statuses: [SegmentStatus], _ tail: ChainReader.Tail,
        _ found: RecoveryReport, writes: Bool, lastCommitNanoseconds: UInt64
    ) throws -> RecoveredLog {
        var report = found
        var statuses = statuses
        var encoder = SegmentEncoder(
            resuming: tail.header, at: tail.progress, limits: options.frameLimits,
            cipher: tail.cipher)
        var file: (any VirtualFile)?
        var fileByteCount: UInt64 = 0
        var preparedSegments: [FileName] = []
        if writes {
            _ = try segment { () throws(SegmentError) in try segments.removeTemporaries() }
            preparedSegments = try takePreparedSegments(segments)
        }
        if let end = tail.tornEnd {
            let offset = tail.progress.byteCount
            let copy =
                writes ? try directory.cut(tail.name, in: segments, from: offset, to: end) : nil
            report.repair = TailRepair(
                segment: tail.name.segment, offset: offset, byteCount: end - offset,
                lsn: LSN(rawValue: tail.progress.lastLSN.rawValue &+ 1),
                quarantineName: copy?.string)
        }
        if writes {
            if let unsealed = tail.unsealed {
                let status = try reseal(unsealed, segments)
                statuses = statuses.map { $0.name == status.name ? status : $0 }
                if !unsealed.hasSeal { report.resealedSegment = unsealed.name.segment }
            }
            let opened = try makeDurable(tail, segments)
            if let begin = report.abortedLSN { try abort(begin, &encoder, opened) }
            fileByteCount = try io { () throws(StorageError) in try opened.byteCount() }
            file = opened
        }
        return RecoveredLog(
            segments: segments, statuses: statuses, report: report, encoder: encoder, file: file,
            fileByteCount: fileByteCount, preparedSegments: preparedSegments,
            lastCommitNanoseconds: lastCommitNanoseconds,
            endsInDurableMark: tail.lastKind == .durableMark && report.repair == nil,
            nextBeginsSegment: options.encryption != nil && !mayContinue(tail))
    }

    /// Whether an encrypted segment may take more records. Only a new one with the current key may: where an opening goes
    /// on at the LSN at which an earlier one has lost a record, both would be genuine at this place of the file, and one
    /// could be put in the place of the other.
    private func mayContinue(_ tail: ChainReader.Tail) -> Bool {
        tail.cipher?.isCurrent == true && tail.progress.frameCount == 0 && tail.tornEnd == nil
    }

    /// Refuses a transaction that is open at the end of a segment with a successor. An abort ends a transaction that a crash
    /// left open before anything else is written, so none continues in the next segment.
    private func expectEnd(_ unfinished: LSN?, _ name: SegmentName) throws(LogError) {
        guard let unfinished else { return }
        throw damage(
            "a transaction does not end in the segment in which it begins", unfinished, name, nil)
    }

    /// The error for an intact frame that is out of place or unreadable, or the error of the handler.
    private func unreadable(
        _ error: any Error, _ lsn: LSN, _ name: SegmentName, _ offset: UInt64
    ) -> any Error {
        switch error {
        case let defect as TransactionAssembler.Defect:
            return damage(defect.rawValue, lsn, name, offset)
        case let error as CodecError where error.code == .unknownCompression:
            return LogError(
                code: .codec,
                finding: Finding(
                    verdict: .unsupportedVersion, file: "log/\(name)", segment: name.segment,
                    offset: offset, lsn: lsn, meaning: error.description), lsn: lsn, codec: error)
        case let error as CodecError: return damage(error.description, lsn, name, offset)
        default: return error
        }
    }

    private func damage(
        _ meaning: String, _ lsn: LSN, _ name: SegmentName, _ offset: UInt64?
    ) -> LogError {
        LogError(
            code: .damaged,
            finding: Finding(
                verdict: .corruption, file: "log/\(name)", segment: name.segment, offset: offset,
                lsn: lsn, meaning: meaning), lsn: lsn)
    }

    private func missing(_ meaning: String) -> LogError {
        LogError(
            code: .damaged,
            finding: Finding(verdict: .missingSegment, file: "log", meaning: meaning))
    }
}
