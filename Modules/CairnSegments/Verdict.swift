// SPDX-License-Identifier: Apache-2.0

public import CairnCodec
public import CairnLSN

/// The verdict on a log, or on one place of it.
public enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// Nothing is wrong.
    case clean
    /// The last write was cut short by a crash. Nothing that was durable is lost.
    case tornTail
    /// Durable data was damaged.
    case corruption
    /// A segment, or a part of the log that a snapshot or a segment refers to, is not there.
    case missingSegment
    /// Intact, but written by a newer version.
    case unsupportedVersion
    /// Intact, but of another log.
    case foreignLog
    /// Not a file of a log at all.
    case notALog
}

/// One thing found while a log was read.
public struct Finding: Hashable, Sendable {
    /// The judgement about the damage.
    public let verdict: Verdict
    /// The file, relative to the store's directory.
    public let file: String
    /// The segment; nil when the finding is about another file.
    public let segment: SegmentID?
    /// Bytes from the start of the file.
    public let offset: UInt64?
    /// The LSN of the record found there, or expected there.
    public let lsn: LSN?
    /// The observation, and its consequence for the data.
    public let meaning: String

    /// A finding of verification, in one file or about the store as a whole.
    public init(
        verdict: Verdict, file: String, segment: SegmentID? = nil, offset: UInt64? = nil,
        lsn: LSN? = nil, meaning: String
    ) {
        self.verdict = verdict
        self.file = file
        self.segment = segment
        self.offset = offset
        self.lsn = lsn
        self.meaning = meaning
    }
}

extension Finding: CustomStringConvertible {
    /// One line: verdict, place, meaning.
    public var description: String {
        var place = file
        if let offset { place += " at byte \(offset)" }
        if let lsn { place += " (LSN \(lsn))" }
        return "\(verdict.rawValue): \(place): \(meaning)"
    }
}
