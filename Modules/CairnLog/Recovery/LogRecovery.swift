// SPDX-License-Identifier: Apache-2.0
//
// Opens a log: reads all of it, judges it, repairs what a crash leaves, and hands it on ready to write.
//
// - First everything is read. Anything but a clean or a torn end is refused, and nothing is changed.
// - Repairs are durable before the log is handed on, each can be interrupted and done again:
//   temporary files removed; torn end copied to quarantine and cut; missing seal written.
// - What was read back is made durable before it is called so: a read may come from the cache. After a
//   failed sync the cache can hold bytes that no later sync writes, so what the log itself does not prove
//   is written once more, as it is.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments

/// A log that was read and, for writing, repaired.
struct RecoveredLog {
    let segments: SegmentDirectory
    let statuses: [SegmentStatus]
    let report: RecoveryReport
    let encoder: SegmentEncoder
    /// The file of the last segment; nil when opened for reading only.
    let file: (any VirtualFile)?
    /// How many bytes the file has.
    let fileByteCount: UInt64
    /// Prepared segments that are kept.
    let preparedSegments: [FileName]
    /// When the last transaction was committed, in nanoseconds since 1970.
    let lastCommitNanoseconds: UInt64
    /// True when the log ends in a durable watermark that covers everything before.
    let endsInDurableMark: Bool
}

struct LogRecovery {
    let directory: LogDirectory
    let options: LogOptions

    /// Opens the log of a store and replays what was committed after `fence`.
    ///
    /// - Throws: ``LogError``, or what `replay` or `judgeEnd` throws.
    func run(
        after fence: ReplayFence, _ replay: ReplayHandler, judgingEnd judgeEnd: (LSN) throws -> Void
    ) throws -> RecoveredLog {
        let writes = directory.store.access == .readWrite
        let segments = try existingOrNew(after: fence, writes: writes)
        var chain = ChainReader(
            segments, limits: options.frameLimits, findsAll: false,
            isArchive: directory.store.isArchive)
        var assembler = TransactionAssembler(options: options, after: fence)
        var current: SegmentName?
        try chain.read { frame, payload, name, offset in
            if name != current {
                try expectContinuation(name, current, fence, assembler.unfinishedLSN)
                current = name
            }
            do {
                try assembler.add(frame, payload, replay)
            } catch {
                throw unreadable(error, frame.lsn, name, offset)
            }
        }
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

    /// Checks that a segment, of which the first frame was read, may follow what was read before.
    @inline(never)  // Once in a segment.
    private func expectContinuation(
        _ name: SegmentName, _ before: SegmentName?, _ fence: ReplayFence, _ unfinished: LSN?
    ) throws(LogError) {
        if let before { return try expectEnd(unfinished, before) }
        #if CAIRN_REINJECTION
        if Reinjection.active == .gapAccepted { return }
        #endif
        guard name.baseLSN.predecessor <= fence.lsn else {
            throw LogError(code: .replayGap, lsn: name.baseLSN)
        }
    }

    private func existingOrNew(
        after fence: ReplayFence, writes: Bool
    ) throws(LogError) -> SegmentDirectory {
        if let segments = try directory.segments() { return segments }
        guard fence.lsn == .never else {
            throw missing(
                "the log is gone, and only snapshots are left; restore the log from a copy")
        }
        guard writes, options.createIfMissing else {
            throw LogError(
                code: .damaged,
                finding: Finding(
                    verdict: .notALog, file: ".",
                    meaning: "there is no store in \(directory.store.root.path)"))
        }
        return try directory.create()
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
        #if CAIRN_REINJECTION
        if Reinjection.active == .gapAccepted { return }
        #endif
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
            resuming: tail.header, at: tail.progress, limits: options.frameLimits)
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
            #if CAIRN_REINJECTION
            if Reinjection.active == .unfinishedLeftOpen { report.abortedLSN = nil }
            #endif
            if let begin = report.abortedLSN { try abort(begin, &encoder, opened) }
            fileByteCount = try io { () throws(StorageError) in try opened.byteCount() }
            file = opened
        }
        return RecoveredLog(
            segments: segments, statuses: statuses, report: report, encoder: encoder, file: file,
            fileByteCount: fileByteCount, preparedSegments: preparedSegments,
            lastCommitNanoseconds: lastCommitNanoseconds,
            endsInDurableMark: tail.lastKind == .durableMark && report.repair == nil)
    }

    /// The prepared segments of an earlier life that are used again; the others are removed.
    private func takePreparedSegments(_ segments: SegmentDirectory) throws(LogError) -> [FileName] {
        try segment { () throws(SegmentError) in
            let found = try segments.preparedSegments()
            let kept = options.preparesSegments ? max(1, options.recycledSegmentCountMax) : 0
            for name in found.dropFirst(kept) { try segments.removePreparedSegment(name) }
            return Array(found.prefix(kept))
        }
    }

    /// Completes a rotation that a crash interrupted: its successor is in place, the seal is not, or
    /// nothing proves yet that it is durable.
    private func reseal(
        _ unsealed: ChainReader.Unsealed, _ segments: SegmentDirectory
    ) throws(LogError) -> SegmentStatus {
        let end = unsealed.progress.byteCount
        let file = try segment { () throws(SegmentError) in
            try segments.open(unsealed.name, .readWrite)
        }
        if !unsealed.hasSeal {
            let contentEnd = try io { () throws(StorageError) in
                try Self.contentEnd(of: file, from: end)
            }
            if contentEnd > end {
                _ = try directory.cut(unsealed.name, in: segments, from: end, to: contentEnd)
            }
        }
        var encoder = SegmentEncoder(
            resuming: unsealed.header, at: unsealed.progress, limits: options.frameLimits)
        var seal = BinaryBuffer(capacity: 128)
        do { _ = try encoder.seal(into: &seal) } catch { throw LogError(error) }
        try io { () throws(StorageError) in
            try file.writeDurably(seal.bytes, at: end)
            try file.close()
        }
        return SegmentStatus(
            name: unsealed.name, lastLSN: unsealed.progress.lastLSN,
            byteCount: encoder.progress.byteCount, isSealed: true)
    }

    /// The first byte at or after `start` from which on there are only zeros.
    private static func contentEnd(of file: any VirtualFile, from start: UInt64)
        throws(StorageError) -> UInt64
    {
        let size = try file.byteCount()
        var end = start
        var offset = start
        var chunk = BinaryBuffer(capacity: 1 << 20)
        while offset < size {
            chunk.removeAll()
            try chunk.append(addingCapacity: 1 << 20) { (span) throws(StorageError) in
                try file.read(into: &span, at: offset)
            }
            guard !chunk.isEmpty else { break }
            if let last = chunk.array().lastIndex(where: { $0 != 0 }) {
                end = offset + UInt64(last) + 1
            }
            offset += UInt64(chunk.count)
        }
        return end
    }

    /// Opens the last segment for writing and makes what was read durable.
    private func makeDurable(
        _ tail: ChainReader.Tail, _ segments: SegmentDirectory
    ) throws(LogError) -> any VirtualFile {
        let file = try segment { () throws(SegmentError) in
            let file = try segments.open(tail.name, .readWrite)
            try segments.sync()
            return file
        }
        #if CAIRN_REINJECTION
        if Reinjection.active == .readBackIsDurable { return file }
        #endif
        try io { () throws(StorageError) in
            try Self.rewrite(file, from: tail.durableEnd, to: tail.progress.byteCount)
            try file.sync()
            try directory.store.root.sync()
        }
        return file
    }

    /// Writes bytes of a file once more, as they are, so that the next sync covers them; and its size.
    private static func rewrite(
        _ file: any VirtualFile, from start: UInt64, to end: UInt64
    ) throws(StorageError) {
        var offset = start
        var chunk = BinaryBuffer(capacity: Int(clamping: min(end - start, 1 << 20)))
        while offset < end {
            chunk.removeAll()
            try chunk.append(addingCapacity: Int(min(end - offset, 1 << 20))) {
                (span) throws(StorageError) in try file.read(into: &span, at: offset)
            }
            guard !chunk.isEmpty else { break }
            try file.write(chunk.bytes, at: offset)
            offset += UInt64(chunk.count)
        }
        guard start < end else { return }
        // Zeros at the end are a clean end, so nothing depends on which of the sizes a crash leaves.
        let size = try file.byteCount()
        try file.truncate(to: size + 8)
        try file.truncate(to: size)
    }

    /// Ends a transaction that a crash left without a commit.
    private func abort(
        _ begin: LSN, _ encoder: inout SegmentEncoder, _ file: any VirtualFile
    ) throws(LogError) {
        let offset = encoder.progress.byteCount
        var frame = BinaryBuffer(capacity: 64)
        do {
            try encoder.append(.transactionAbort, relatedLSN: begin, payload: RawSpan(), to: &frame)
        } catch {
            throw LogError(error)
        }
        try io { () throws(StorageError) in try file.writeDurably(frame.bytes, at: offset) }
    }

    /// Refuses a transaction that is open at the end of a segment that has a successor. An abort ends what a crash
    /// left open before anything else is written, so none goes on in the next one.
    private func expectEnd(_ unfinished: LSN?, _ name: SegmentName) throws(LogError) {
        guard let unfinished else { return }
        throw damage(
            "a transaction does not end in the segment in which it begins", unfinished, name, nil)
    }

    /// What an intact frame means that cannot stand there or cannot be read, or what the handler threw.
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
