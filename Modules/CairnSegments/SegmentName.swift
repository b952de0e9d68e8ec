// SPDX-License-Identifier: Apache-2.0

public import CairnCodec
public import CairnIO
public import CairnLSN

/// The name of a segment file: `<segment, 10 digits>-<base LSN, 20 digits>.wal`.
///
/// The order of the names is the order of the log, and a gap between two names shows.
public struct SegmentName: Hashable, Comparable, Sendable {
    /// Which segment.
    public let segment: SegmentID
    /// The first LSN that it may hold.
    public let baseLSN: LSN

    /// The name of the given segment.
    public init(segment: SegmentID, baseLSN: LSN) {
        self.segment = segment
        self.baseLSN = baseLSN
    }

    /// Reads a name; nil for anything but the exact form.
    public init?(_ fileName: FileName) {
        let parts = fileName.string.split(
            separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasSuffix(".wal"),
            let segment = UInt64(parts[0]), let baseLSN = UInt64(parts[1].dropLast(4)),
            segment > 0, baseLSN > 0
        else { return nil }
        self.init(segment: SegmentID(rawValue: segment), baseLSN: LSN(rawValue: baseLSN))
        guard self.fileName == fileName else { return nil }
    }

    /// The name as the file system has it.
    public var fileName: FileName {
        let segment = Self.padded(segment.rawValue, to: 10)
        let baseLSN = Self.padded(baseLSN.rawValue, to: 20)
        // Digits, a dash and a suffix of fixed length are always a valid name.
        return FileName("\(segment)-\(baseLSN).wal")!
    }

    /// Names in the order of the log.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.segment, lhs.baseLSN) < (rhs.segment, rhs.baseLSN)
    }

    private static func padded(_ value: UInt64, to width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension SegmentName: CustomStringConvertible {
    /// The name.
    public var description: String { fileName.string }
}
