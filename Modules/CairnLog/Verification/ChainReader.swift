// SPDX-License-Identifier: Apache-2.0
//
// Reads the segments of a log one after the other and judges how they hang together. Opening, verifying
// and dumping all go through here, so they cannot disagree.
//
// | Seen | Verdict |
// | --- | --- |
// | a gap in the segment numbers | missingSegment |
// | a header that does not hold, or differs from the name | corruption, notALog, unsupportedVersion |
// | another log identity than the first segment's | foreignLog, and nothing in it is read |
// | a header that does not continue the segment before | corruption of the segment before |
// | damage before the last segment | corruption |
// | a frame of an unknown kind before the last segment | unsupportedVersion |
// | no seal before the last segment, which holds a frame | corruption |
// | no seal before the last segment, which holds none | clean: a rotation that a crash interrupted |
// | a seal in the last segment, but of an archive | missingSegment: seals follow their successor |
// | damage in the last segment | what ``DamageAnalysis`` says |

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments

struct ChainReader: ~Copyable {
    let segments: SegmentDirectory
    let limits: FrameLimits
    /// Continues after damage to find everything; otherwise the first finding ends the reading.
    let findsAll: Bool
    /// Whether the log is an archive: of sealed segments only.
    let isArchive: Bool
    /// The keys of the store.
    let encryption: (any StoreCipher)?
    /// Refuses encrypted segments without keys; otherwise only what is in the clear of them is read.
    let needsKey: Bool

    private let noted: FindingList
    private(set) var statuses: [SegmentStatus] = []
    private(set) var tail: Tail?
    private var previous: Previous?
    /// The identity of the log: the one that was expected, or else that of the first header that holds.
    private(set) var logID: LogID?

    /// How the log ends.
    struct Tail {
        let name: SegmentName
        let header: SegmentHeader
        let progress: SegmentProgress
        let fileByteCount: UInt64
        /// The kind of the last frame; 0 when the segment holds none.
        let lastKind: FrameKind
        /// A torn end, to be cut at `progress.byteCount`.
        let tornEnd: UInt64?
        /// Up to where the frames prove that they are on the medium.
        let durableEnd: UInt64
        /// The segment before, when its seal must be written, or may be in the cache only.
        let unsealed: Unsealed?
        /// Encrypts what goes on in the segment; nil for one that is not encrypted.
        let cipher: (any FileCipher)?
    }

    /// A segment whose seal a crash may have prevented.
    struct Unsealed {
        let name: SegmentName
        let header: SegmentHeader
        let progress: SegmentProgress
        /// True when the seal is there to be read.
        let hasSeal: Bool
    }

    private struct Previous {
        let name: SegmentName
        let header: SegmentHeader
        let content: SegmentProgress
        let isSealed: Bool
        let damage: SegmentDamage?
        var isJudged = false

        /// Whether a header says of this segment what it holds.
        func isContinued(by header: SegmentHeader) -> Bool {
            content.byteCount == header.predecessorByteCount
                && content.lastLSN == header.predecessorLastLSN
                && content.chain == header.predecessorChain
        }
    }

    /// - Parameters:
    ///   - logID: The log that the segments must belong to; nil for that of the first one.
    ///   - noted: Takes the findings, also while a reading is under way.
    init(
        _ segments: SegmentDirectory, _ options: LogOptions, findsAll: Bool, needsKey: Bool,
        of logID: LogID? = nil,
        isArchive: Bool = false, noted: FindingList = FindingList()
    ) {
        self.logID = logID
        self.isArchive = isArchive
        self.noted = noted
        self.segments = segments
        limits = options.frameLimits
        encryption = options.encryption
        self.needsKey = needsKey
        self.findsAll = findsAll
    }

    /// All findings, in the order of reading.
    var findings: [Finding] { noted.all }

    /// Takes an intact frame, its payload, and where it begins.
    typealias Visitor = (FrameHeader, RawSpan, SegmentName, UInt64) throws -> Void

    /// Reads everything and calls `visit` for each intact frame in order.
    ///
    /// - Throws: ``LogError`` with code `.io`, or what `visit` throws.
    // Inlined with `readSegment`, so that the visitor is part of the loop over frames.
    @inline(__always)
    mutating func read(_ visit: Visitor) throws {
        let names: [SegmentName]
        do { names = try segments.names() } catch { throw LogError(error) }
        guard !names.isEmpty else {
            return report(
                .missingSegment, nil, "the log has no segment: its files were removed; restore them"
            )
        }
        for (index, name) in names.enumerated() {
            guard checkNumber(name) || findsAll else { return }
            let isLast = index == names.count - 1
            if noted.resumes, Self.sharesNumber(index, names), try isFork(name) { continue }
            guard try readSegment(name, isLast: isLast, visit) || findsAll else { return }
        }
    }

    private mutating func checkNumber(_ name: SegmentName) -> Bool {
        guard let before = previous?.name else { return true }
        if before.segment.successor == name.segment { return true }
        judgePreviousAlone()
        if before.segment == name.segment {
            report(
                .corruption, name, "two files have the number of this segment; remove the wrong one"
            )
        } else {
            report(
                .missingSegment, name,
                "segment \(before.segment.successor?.description ?? "?") is missing before this one, "
                    + "and its transactions are lost; restore it from a copy")
        }
        return false
    }

    /// Whether a neighbor in the order of the names has the same number.
    private static func sharesNumber(_ index: Int, _ names: [SegmentName]) -> Bool {
        let around = max(index - 1, 0)...min(index + 1, names.count - 1)
        return around.contains { $0 != index && names[$0].segment == names[index].segment }
    }

    /// Whether, of several files with one number, this is one that does not continue the segment before, which is whole.
    /// Salvage passes it over.
    private func isFork(_ name: SegmentName) throws -> Bool {
        guard let before = previous else { return false }
        guard before.name.segment.successor == name.segment else { return true }
        guard before.damage == nil else { return false }
        do throws(SegmentError) {
            let reader = try SegmentReader(segments.open(name, .readOnly), name: name)
            return !before.isContinued(by: reader.header)
        } catch {
            guard error.code != .io else { throw LogError(error) }
            return true
        }
    }

    /// - Returns: True when nothing was found.
    @inline(__always)
    private mutating func readSegment(
        _ name: SegmentName, isLast: Bool, _ visit: Visitor
    ) throws -> Bool {
        let count = findings.count
        let opened: SegmentReader
        do throws(SegmentError) {
            let file = try segments.open(name, .readOnly)
            opened = try SegmentReader(file, name: name, limits: limits, encryption: encryption)
        } catch {
            guard error.code != .io, error.code != .encryption else { throw LogError(error) }
            judgePreviousAlone()
            report(error, name)
            previous = nil
            return false
        }
        var reader = opened
        guard checkIdentity(reader.header, name) else { return false }
        if needsKey {
            do throws(SegmentError) { try reader.expectKey() } catch { throw LogError(error) }
        }
        guard checkChain(reader.header, name) || findsAll else { return false }
        var damage: SegmentDamage?
        var proven = DurableEvidence()
        reading: while true {
            let step: SegmentReader.Step
            do { step = try reader.next() } catch {
                guard error.code != .io else { throw LogError(error) }
                report(error, name)
                return false
            }
            switch step {
            case .frame:
                if isLast { proven.add(reader.frame, endingAt: reader.progress.byteCount) }
                try visit(reader.frame, reader.payload, name, reader.frameOffset)
            case .damage(let found):
                damage = found
                break reading
            case .end: break reading
            }
        }
        statuses.append(
            SegmentStatus(
                name: name, lastLSN: reader.progress.lastLSN, byteCount: reader.progress.byteCount,
                isSealed: reader.isSealed, keyID: reader.keyID))
        let unsealed = judgeSealBefore(reader.header, reader.progress, isLast && damage == nil)
        if isLast {
            try finish(reader, damage, proven, unsealed)
        }
        previous = Previous(
            name: name, header: reader.header, content: reader.content, isSealed: reader.isSealed,
            damage: damage)
        if let damage, noted.resumes { try readBehind(damage, &reader, visit) }
        return findings.count == count
    }

    /// Visits the intact frames behind damage, for salvage.
    private func readBehind(
        _ damage: SegmentDamage, _ reader: inout SegmentReader, _ visit: Visitor
    ) throws {
        var damage = damage
        while true {
            do throws(SegmentError) {
                guard try reader.resume(behind: damage) else {
                    return noted.endReading(isWhole: false)
                }
            } catch {
                throw LogError(error)
            }
            noted.beginPiece(of: reader.name.segment)
            reading: while true {
                let step: SegmentReader.Step
                do throws(SegmentError) { step = try reader.next() } catch { throw LogError(error) }
                switch step {
                case .frame:
                    try visit(reader.frame, reader.payload, reader.name, reader.frameOffset)
                case .end: return noted.endReading(isWhole: true)
                case .damage(let found) where found.kind == .sealMismatch:
                    // The seal is of all frames, and some are gone.
                    return noted.endReading(isWhole: true)
                case .damage(let found):
                    damage = found
                    break reading
                }
            }
        }
    }

    /// Checks that a segment is of this log.
    private mutating func checkIdentity(_ header: SegmentHeader, _ name: SegmentName) -> Bool {
        let expected = logID ?? header.logID
        logID = expected
        guard header.logID != expected else { return true }
        judgePreviousAlone()
        report(.foreignLog, name, "this segment belongs to log \(header.logID), not to this one")
        // A foreign segment says nothing of the next one.
        previous = nil
        return false
    }

    /// Checks that a segment continues the one before.
    private mutating func checkChain(_ header: SegmentHeader, _ name: SegmentName) -> Bool {
        guard let before = previous else { return true }
        guard before.name.segment.successor == name.segment else { return true }
        if before.isContinued(by: header) { return true }
        let kind = before.damage.map(\.kind.description) ?? "it ends too early"
        reportLoss(
            in: before, at: before.damage?.offset ?? before.content.byteCount,
            "\(kind); the next segment shows that LSNs up to \(header.predecessorLastLSN) were durable"
        )
        return false
    }

    /// Judges the segment before by itself, where nothing that follows speaks of it.
    private mutating func judgePreviousAlone() {
        guard let before = previous, !before.isJudged else { return }
        previous?.isJudged = true
        if let damage = before.damage {
            reportLoss(
                in: before, at: damage.offset, "\(damage.kind); restore the file from a copy")
        } else if !before.isSealed {
            reportLoss(in: before, at: before.content.byteCount, "it ends without a seal")
        }
    }

    /// Judges a segment before the last one that has no seal.
    private mutating func judgeSealBefore(
        _ header: SegmentHeader, _ progress: SegmentProgress, _ mayBeInterrupted: Bool
    ) -> Unsealed? {
        guard let before = previous, !before.isJudged,
            before.content.byteCount == header.predecessorByteCount
        else { return nil }
        let isWhole = before.isSealed && before.damage == nil
        if mayBeInterrupted, progress.frameCount == 0, isWhole || !before.isSealed {
            return Unsealed(
                name: before.name, header: before.header, progress: before.content, hasSeal: isWhole
            )
        }
        guard !isWhole else { return nil }
        reportLoss(
            in: before, at: before.content.byteCount,
            before.isSealed
                ? "there are bytes behind its seal; no transaction is lost"
                : "its seal is missing or damaged; no transaction is lost")
        return nil
    }

    private mutating func finish(
        _ reader: borrowing SegmentReader, _ damage: SegmentDamage?, _ proven: DurableEvidence,
        _ unsealed: Unsealed?
    ) throws {
        var tornEnd: UInt64?
        // Also with bytes behind the seal: whatever they are, nothing goes on here.
        if reader.isSealed, !isArchive {
            report(
                .missingSegment, reader.name,
                "the segment is sealed, so a later one was in place and is gone, with all its "
                    + "transactions; restore it from a copy",
                offset: reader.progress.byteCount, lsn: reader.progress.lastLSN)
        }
        if let damage {
            do throws(SegmentError) {
                let analysis = try reader.analyze(damage)
                tornEnd = analysis.verdict == .tornTail ? analysis.tailEnd : nil
                report(
                    analysis.verdict, reader.name, Self.meaning(analysis, damage),
                    offset: damage.offset, lsn: damage.lsn)
            } catch {
                throw LogError(error)
            }
        }
        tail = Tail(
            name: reader.name, header: reader.header, progress: reader.progress,
            fileByteCount: reader.fileByteCount, lastKind: reader.frame.kind, tornEnd: tornEnd,
            durableEnd: proven.offset, unsealed: unsealed, cipher: reader.cipher)
    }

    private static func meaning(_ analysis: DamageAnalysis, _ damage: SegmentDamage) -> String {
        let seen = damage.kind.description
        switch analysis.evidence {
        case .none:
            return
                "\(seen): the last write was cut short, as by a crash, and nothing shows that it had "
                + "become durable; opening the log for writing moves these bytes to quarantine"
        case .newerFrame: return "a newer version wrote this frame; use a newer release to read it"
        case .impossibleContent:
            return "\(seen), and no interrupted write can leave that; restore the file from a copy"
        case .laterWatermark(let durable, let offset):
            return "\(seen); a later frame at byte \(offset) shows that LSNs up to \(durable) were "
                + "durable, so transactions from here on are lost; restore the file from a copy"
        case .flippedBit(let offset, let bit):
            return
                "\(seen); flipping bit \(bit) of byte \(offset) makes it whole, so it was damaged "
                + "after it had been written; restore the file from a copy"
        }
    }

    private mutating func reportLoss(in segment: Previous, at offset: UInt64, _ meaning: String) {
        // An intact frame of a newer version is no damage, wherever it stands.
        let isNewer = segment.damage?.kind == .codec(.unknownKind)
        report(
            isNewer ? .unsupportedVersion : .corruption, segment.name,
            isNewer ? "a newer version wrote this frame; use a newer release to read it" : meaning,
            offset: offset, lsn: LSN(rawValue: segment.content.lastLSN.rawValue &+ 1))
    }

    private mutating func report(_ error: SegmentError, _ name: SegmentName) {
        let verdict: Verdict =
            error.code == .notALog
            ? .notALog : error.code == .unsupportedVersion ? .unsupportedVersion : .corruption
        report(verdict, name, error.description, offset: error.offset, lsn: name.baseLSN)
    }

    /// Adds a finding about a segment file.
    mutating func report(
        _ verdict: Verdict, _ name: SegmentName?, _ meaning: String, offset: UInt64? = nil,
        lsn: LSN? = nil
    ) {
        noted.append(
            Finding(
                verdict: verdict, file: name.map { "log/\($0)" } ?? "log", segment: name?.segment,
                offset: offset, lsn: lsn, meaning: meaning))
    }
}
