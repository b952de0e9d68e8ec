// SPDX-License-Identifier: Apache-2.0
//
// Reads committed transactions from the segments of a log that is being written.
//
// - It never reads past a line that the caller draws, below which everything is on disk and never changes
//   again. Bytes after the line may be half a frame, old bytes or zeros, and are no damage. Bytes that were
//   read ahead of the line are forgotten before the line moves.
// - A segment that is open stays readable when truncation removes it. Only the next one may be gone.
// - No lock is held while reading.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments

struct ChangeCursor: ~Copyable {
    private let core: LogCore
    private var segment: SegmentReader
    /// Keeps the file of the segment from being used for another one.
    private var hold: SegmentHold
    private var assembler: TransactionAssembler
    /// Everything up to here was on disk before the file was last looked at.
    private var line: LSN

    /// A cursor in front of the first record after `lsn`.
    ///
    /// - Throws: ``LogError`` with code `.changesGone`, `.changesAhead`, `.changesUnreadable` or `.io`.
    init(_ core: LogCore, after lsn: LSN, upTo line: LSN) throws(LogError) {
        let (names, last) = core.state.withLock { ($0.segmentNames, $0.lastLSN) }
        guard lsn <= last else { throw LogError(code: .changesAhead, lsn: last) }
        let wanted = LSN(rawValue: lsn.rawValue &+ 1)
        guard let base = names.first?.baseLSN, base <= wanted else {
            throw LogError(code: .changesGone, lsn: names.first?.baseLSN ?? .first)
        }
        // A segment behind the line may not be there yet.
        let reached = min(wanted, line)
        let index = names.lastIndex { $0.baseLSN <= reached } ?? 0
        let firstHold = try Self.hold(names, index, core)
        let first = try Self.open(names, index, core)
        hold = firstHold
        self.core = core
        self.line = line
        segment = first
        assembler = TransactionAssembler(options: core.options, after: ReplayFence(lsn))
    }

    /// Lets a segment stay as it is while it is read. Truncation may take it out of the log at this moment.
    private static func hold(
        _ names: [SegmentName], _ index: Int, _ core: LogCore
    ) throws(LogError) -> SegmentHold {
        if let hold = SegmentHold(core, names[index]) { return hold }
        let next = index + 1 < names.count ? names[index + 1].baseLSN : nil
        throw LogError(code: .changesGone, lsn: next ?? names[index].baseLSN)
    }

    /// Opens a segment, which truncation may remove at this moment.
    private static func open(
        _ names: [SegmentName], _ index: Int, _ core: LogCore
    ) throws(LogError) -> SegmentReader {
        do throws(SegmentError) {
            let file = try core.segments.open(names[index], .readOnly)
            return try SegmentReader(
                file, name: names[index], limits: core.options.frameLimits,
                encryption: core.options.encryption)
        } catch {
            if error.cause?.code == .notFound, index + 1 < names.count {
                throw LogError(code: .changesGone, lsn: names[index + 1].baseLSN)
            }
            try expectListed(names[index], core)
            guard error.code != .io, error.code != .encryption else { throw LogError(error) }
            throw damage(names[index], error.offset, nil, error.description)
        }
    }

    /// The next transaction whose commit lies at or below `line`; nil when there is no more.
    ///
    /// - Parameter line: Everything at or below it is on disk. It never moves back.
    /// - Throws: ``LogError`` with code `.changesGone`, `.changesUnreadable`, `.codec` or `.io`.
    mutating func next(upTo line: LSN) throws(LogError) -> CommittedTransaction? {
        while segment.progress.lastLSN < line {
            if line > self.line {
                self.line = line
                try CairnLog.segment { () throws(SegmentError) in try segment.refresh() }
            }
            if segment.isSealed {
                try advance()
                continue
            }
            let step = try CairnLog.segment { () throws(SegmentError) in try segment.next() }
            switch step {
            case .frame:
                if let transaction = try Self.add(segment, to: &assembler) {
                    return transaction
                }
            case .damage(let damage):
                try Self.expectListed(segment.name, core)
                throw Self.failure(segment, damage.offset, damage.kind.description)
            case .end:
                try Self.expectListed(segment.name, core)
                throw Self.failure(
                    segment, segment.progress.byteCount, "the segment ends before durable records")
            }
        }
        return nil
    }

    private static func add(
        _ segment: borrowing SegmentReader, to assembler: inout TransactionAssembler
    ) throws(LogError) -> CommittedTransaction? {
        var batches: [[UInt8]] = []
        var found: ReplayedTransaction?
        do {
            try assembler.add(segment.frame, segment.payload) { batch, transaction in
                batches.append(batch.array())
                found = transaction
            }
        } catch let defect as TransactionAssembler.Defect {
            throw failure(segment, segment.frameOffset, defect.rawValue)
        } catch let error as CodecError {
            guard error.code != .unknownCompression else {
                throw LogError(
                    code: .codec,
                    finding: finding(
                        .unsupportedVersion, segment.name, segment.frameOffset, segment.frame.lsn,
                        error.description), lsn: segment.frame.lsn, codec: error)
            }
            throw failure(segment, segment.frameOffset, error.description)
        } catch {
            throw error as? LogError ?? failure(segment, segment.frameOffset, "\(error)")
        }
        return found.map { transaction in
            CommittedTransaction(
                lsns: transaction.lsns, commitNanoseconds: transaction.commitNanoseconds,
                batches: batches)
        }
    }

    /// Goes on in the next segment.
    private mutating func advance() throws(LogError) {
        let names = core.state.withLock { $0.segmentNames }
        guard let index = names.firstIndex(where: { $0.segment == segment.name.segment.successor })
        else { throw LogError(code: .changesGone, lsn: names.first?.baseLSN ?? .first) }
        let nextHold = try Self.hold(names, index, core)
        let next = try Self.open(names, index, core)
        guard next.header.logID == segment.header.logID,
            next.header.predecessorLastLSN == segment.content.lastLSN,
            next.header.predecessorChain == segment.content.chain
        else {
            throw Self.damage(names[index], 0, nil, "the segment does not continue the one before")
        }
        // The line was drawn before the file was opened, so it need not be refreshed.
        segment = next
        hold = nextHold
    }

    /// A hold keeps files of this process. Of a log that another process writes, a file may be gone, or be used for
    /// another segment.
    ///
    /// - Throws: ``LogError`` with code `.changesGone`.
    private static func expectListed(
        _ name: SegmentName, _ core: LogCore
    ) throws(LogError) {
        guard core.store.access == .readOnly else { return }
        let names = try CairnLog.segment { () throws(SegmentError) in try core.segments.names() }
        guard names.contains(name) else {
            throw LogError(code: .changesGone, lsn: names.first?.baseLSN ?? .first)
        }
    }

    private static func failure(
        _ segment: borrowing SegmentReader, _ offset: UInt64, _ meaning: String
    ) -> LogError {
        damage(
            segment.name, offset, LSN(rawValue: segment.progress.lastLSN.rawValue &+ 1), meaning)
    }

    private static func damage(
        _ name: SegmentName, _ offset: UInt64?, _ lsn: LSN?, _ meaning: String
    ) -> LogError {
        LogError(
            code: .changesUnreadable, finding: finding(.corruption, name, offset, lsn, meaning),
            lsn: lsn)
    }

    private static func finding(
        _ verdict: Verdict, _ name: SegmentName, _ offset: UInt64?, _ lsn: LSN?, _ meaning: String
    ) -> Finding {
        Finding(
            verdict: verdict, file: "log/\(name)", segment: name.segment, offset: offset, lsn: lsn,
            meaning: meaning)
    }
}
