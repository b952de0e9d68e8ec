// SPDX-License-Identifier: Apache-2.0
//
// Reads a log that another process writes, and goes on where it stopped.
//
// - Nothing is locked and nothing is written. Files may be half written, or be removed at any moment.
// - A frame whose checksums hold is intact: they are salted with log and segment, so neither half a
//   write nor a file that is used again ever looks like one.
// - An unreadable place is damage only when no write can be under way there: a later segment is in place, or
//   the watermark of a later frame covers it; and when the file is still of the log and reads the same again.
// - Durable are frames that a later watermark covers, and frames before a seal. The last commits of a log at rest are
//   covered by no watermark: the reader syncs the file, which a writer at rest does not notice.
// - A scout reads ahead to find the durable end, a cursor after it delivers: memory is bounded by one
//   transaction, and nothing is handed out early.

internal import CairnCodec
internal import CairnFormat
package import CairnIO
package import CairnLSN
internal import CairnSegments

/// A reader of a log that another process may be writing. One thread uses it at a time.
package final class LogFollower {
    let logID: LogID
    let segments: SegmentDirectory
    let options: LogOptions
    private var scout: SegmentReader
    private(set) var cursor: SegmentReader
    private(set) var assembler: TransactionAssembler
    private var watermark: LSN
    /// Whether batches are handed out; otherwise none is inflated.
    private let handsOut: Bool
    private(set) var timeNanoseconds: UInt64 = 0
    /// Where the scout could not read on the last time, and how often in a row.
    private var stuck: (offset: UInt64, count: Int) = (0, 0)
    /// A sync failed: frames that no watermark covers are never called durable.
    private var hasSyncFailed = false
    /// The last segment when the log's segments were shown.
    var shown: SegmentName?

    /// Everything at or below was handed out, as far as it belongs to a committed transaction.
    package private(set) var position: LSN
    /// The last LSN that could be read, durable or not.
    package var seenLSN: LSN { scout.progress.lastLSN }

    /// A follower in front of the first record after `lsn`.
    ///
    /// - Parameter handsOut: False to find out only how far the log goes: no batch is read.
    /// - Throws: ``LogError`` with code `.changesGone` when that was truncated, `.damaged`, `.io`.
    package init(
        in store: StoreDirectory, after lsn: LSN, handsOut: Bool = true, options: LogOptions,
        environment: StorageEnvironment
    ) throws(LogError) {
        self.handsOut = handsOut
        let directory = LogDirectory(store: store, environment: environment)
        guard let segments = try directory.segments() else { throw LogError(noStoreIn: store) }
        self.segments = segments
        self.options = options
        let names = try segment { () throws(SegmentError) in try segments.names() }
        guard let first = names.first else {
            throw LogError(
                code: .damaged,
                finding: Finding(
                    verdict: .missingSegment, file: "log", meaning: "the log has no segment"))
        }
        let wanted = LSN(rawValue: lsn.rawValue &+ 1)
        guard first.baseLSN <= wanted, let name = names.last(where: { $0.baseLSN <= wanted }) else {
            throw LogError(code: .changesGone, lsn: first.baseLSN)
        }
        scout = try Self.open(name, segments, options, decrypting: false)
        cursor = try Self.open(name, segments, options, decrypting: handsOut)
        logID = scout.header.logID
        watermark = scout.header.baseLSN.predecessor
        position = lsn
        assembler = TransactionAssembler(options: options, after: ReplayFence(lsn))
    }

    /// - Parameter decrypting: Whether payloads are read, or only how far the frames go.
    private static func open(
        _ name: SegmentName, _ segments: SegmentDirectory, _ options: LogOptions, decrypting: Bool
    ) throws(LogError) -> SegmentReader {
        do throws(SegmentError) {
            let file = try segments.open(name, .readOnly)
            var reader = try SegmentReader(
                file, name: name, limits: options.frameLimits,
                encryption: decrypting ? options.encryption : nil)
            if decrypting { try reader.expectKey() }
            reader.isLive = true
            return reader
        } catch {
            guard error.cause?.code != .notFound, try isListed(name, segments) else {
                throw LogError(code: .changesGone, lsn: name.baseLSN)
            }
            guard error.code != .io, error.code != .encryption else { throw LogError(error) }
            throw unreadable(name, error.offset, name.baseLSN, error.description)
        }
    }

    private static func isListed(
        _ name: SegmentName, _ segments: SegmentDirectory
    ) throws(LogError) -> Bool {
        try segment { () throws(SegmentError) in try segments.names().contains(name) }
    }

    private static func unreadable(
        _ name: SegmentName, _ offset: UInt64?, _ lsn: LSN?, _ meaning: String,
        _ verdict: Verdict = .corruption
    ) -> LogError {
        LogError(
            code: .damaged,
            finding: Finding(
                verdict: verdict, file: "log/\(name)", segment: name.segment, offset: offset,
                lsn: lsn, meaning: meaning), lsn: lsn)
    }
}

extension LogFollower {
    /// Delivers the commits that became durable since the last call.
    ///
    /// - Parameters:
    ///   - written: Also commits that are only written: a crash of the machine may lose them.
    ///   - syncs: Makes frames durable that no watermark covers, so that a log at rest is read to its end. A log that is
    ///     written to carries a later watermark soon.
    /// - Throws: ``LogError`` with code `.changesGone`: begin again from a snapshot. `.damaged`, `.io`, and what `replay`
    ///   throws.
    package func refresh(
        written: Bool = false, syncs: Bool = true, _ replay: ReplayHandler
    ) throws {
        try scoutAhead()
        let target = seenLSN
        var line = written ? target : watermark
        if !written, syncs, line < target {
            try awaitWatermark(of: target)
            line = watermark < target ? sync() ?? watermark : watermark
        }
        try deliver(upTo: line, replay)
        position = max(position, line)
    }

    /// Gives a writer that goes on a moment: the watermark of its next commit covers the one before.
    private func awaitWatermark(of target: LSN) throws(LogError) {
        let rest = Locked(false)
        for _ in 0..<4 where watermark < target {
            rest.sleep(nanoseconds: 250_000) { $0 }
            try scoutAhead()
        }
    }

    /// Makes everything that the scout has read durable.
    ///
    /// - Returns: Up to where; nil when that failed, now or before: a failed sync is not repeated.
    private func sync() -> LSN? {
        guard !hasSyncFailed else { return nil }
        let end = seenLSN
        do throws(SegmentError) { try scout.sync() } catch {
            hasSyncFailed = true
            return nil
        }
        watermark = max(watermark, end)
        return end
    }

    private func scoutAhead() throws(LogError) {
        try segment { () throws(SegmentError) in try scout.refresh() }
        while true {
            switch try Self.step(&scout) {
            case .frame:
                note(scout.frame, scout.progress.lastLSN)
                guard scout.isSealed else { continue }
                guard let next = try successor(of: scout, decrypting: false) else { return }
                scout = next
            case .end:
                if scout.isSealed, let next = try successor(of: scout, decrypting: false) {
                    scout = next
                    continue
                }
                stuck = (0, 0)
                try expectListed(scout)
                return
            case .damage(let damage):
                try judgeScout(damage)
                return
            }
        }
    }

    private func note(_ frame: FrameHeader, _ last: LSN) {
        if frame.kind == .segmentSeal {
            watermark = max(watermark, last)
        } else if frame.kind.carriesWatermark {
            watermark = max(watermark, frame.relatedLSN)
        }
    }

    /// Reads a frame; a file that became shorter meanwhile ends where it ends now.
    private static func step(
        _ reader: inout SegmentReader
    ) throws(LogError) -> SegmentReader.Step {
        do throws(SegmentError) { return try reader.next() } catch {
            guard error.reason == .fileShrank else { throw LogError(error) }
            return .end
        }
    }

    /// The segment after a sealed one; nil while there is none to be seen.
    private func successor(
        of reader: borrowing SegmentReader, decrypting: Bool
    ) throws(LogError) -> SegmentReader? {
        let content = reader.content
        guard let number = reader.name.segment.successor else { return nil }
        let name = SegmentName(
            segment: number, baseLSN: LSN(rawValue: content.lastLSN.rawValue &+ 1))
        let next: SegmentReader
        do throws(LogError) {
            next = try Self.open(name, segments, options, decrypting: decrypting)
        } catch {
            guard error.code == .changesGone else { throw error }
            // A listing need not show a file that is being renamed.
            try expectListed(reader)
            return nil
        }
        guard next.header.logID == logID, next.header.predecessorChain == content.chain,
            next.header.predecessorByteCount == content.byteCount
        else {
            try expectListed(next)
            throw Self.unreadable(
                name, 0, name.baseLSN, "the segment does not continue the one before")
        }
        return next
    }

    /// - Throws: ``LogError`` with code `.changesGone` when the file is of the log no more.
    private func expectListed(_ reader: borrowing SegmentReader) throws(LogError) {
        guard try Self.isListed(reader.name, segments) else {
            throw LogError(code: .changesGone, lsn: reader.name.baseLSN)
        }
    }

    /// Judges a place that the scout cannot read: under way, gone, or damage.
    private func judgeScout(_ damage: SegmentDamage) throws(LogError) {
        let names = try segment { () throws(SegmentError) in try segments.names() }
        guard names.contains(scout.name) else {
            throw LogError(code: .changesGone, lsn: scout.name.baseLSN)
        }
        stuck = (damage.offset, stuck.offset == damage.offset ? stuck.count + 1 : 1)
        var isFinal = names.contains { $0.segment > scout.name.segment }
        if !isFinal, stuck.count > 1 {
            let analysis = try segment { () throws(SegmentError) in try scout.analyze(damage) }
            isFinal = analysis.verdict != .tornTail
        }
        guard isFinal else { return }
        try segment { () throws(SegmentError) in try scout.refresh() }
        guard case .damage(let again) = try Self.step(&scout) else { return }
        try expectListed(scout)
        throw Self.failure(scout, again)
    }

    private static func failure(
        _ reader: borrowing SegmentReader, _ damage: SegmentDamage
    ) -> LogError {
        unreadable(
            reader.name, damage.offset, damage.lsn, damage.kind.description,
            damage.kind == .codec(.unknownKind) ? .unsupportedVersion : .corruption)
    }

    private func deliver(upTo line: LSN, _ replay: ReplayHandler) throws {
        var isFresh = false
        while cursor.progress.lastLSN < line {
            if cursor.isSealed {
                guard let next = try successor(of: cursor, decrypting: handsOut) else {
                    throw LogError(code: .changesGone, lsn: cursor.name.baseLSN)
                }
                cursor = next
                continue
            }
            switch try Self.step(&cursor) {
            case .frame:
                isFresh = false
                guard handsOut else {
                    noteTime()
                    continue
                }
                do { try assembler.add(cursor.frame, cursor.payload, replay) } catch {
                    throw meaning(error)
                }
            case .end, .damage:
                guard isFresh else {
                    // Bytes that were read ahead of the line may be older than it.
                    try segment { () throws(SegmentError) in try cursor.refresh() }
                    isFresh = true
                    continue
                }
                try expectListed(cursor)
                throw Self.unreadable(
                    cursor.name, cursor.progress.byteCount,
                    LSN(rawValue: cursor.progress.lastLSN.rawValue &+ 1),
                    "what could be read before cannot be read any more")
            }
        }
    }

    private func noteTime() {
        let kind = cursor.frame.kind
        guard kind == .transaction || kind == .transactionCommit else { return }
        var reader = ByteReader(cursor.payload)
        timeNanoseconds = max(timeNanoseconds, (try? reader.integer(UInt64.self)) ?? 0)
    }

    private func meaning(_ error: any Error) -> any Error {
        let meaning: String
        var verdict = Verdict.corruption
        switch error {
        case let defect as TransactionAssembler.Defect: meaning = defect.rawValue
        case let codec as CodecError:
            meaning = codec.description
            if codec.code == .unknownCompression { verdict = .unsupportedVersion }
        default: return error
        }
        return Self.unreadable(
            cursor.name, cursor.frameOffset, cursor.frame.lsn, meaning, verdict)
    }
}
