// SPDX-License-Identifier: Apache-2.0

public import CairnCodec
public import CairnIO
public import CairnLSN

/// The name of a segment file: `<segment, 10 digits>-<base LSN, 20 digits>.wal`.
///
/// The order of the names is the order of the log, and a gap between two names shows.
public struct SegmentName: Hashable, Comparable, Sendable {
    /// The number of the segment.
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
        // By bytes, because every opening reads every name of the directory.
        guard fileName.ends(in: ".wal") else { return nil }
        var bytes = Array(fileName.string.utf8)[...]
        guard let dash = bytes.firstIndex(of: 0x2d) else { return nil }
        bytes.removeLast(4)
        guard let segment = Self.number(bytes[..<dash], width: 10),
            let baseLSN = Self.number(bytes[(dash + 1)...], width: 20)
        else { return nil }
        self.init(segment: SegmentID(rawValue: segment), baseLSN: LSN(rawValue: baseLSN))
    }

    /// A number above 0 as ``append(_:width:to:)`` writes it; nil for anything else.
    private static func number(_ digits: ArraySlice<UInt8>, width: Int) -> UInt64? {
        // Padded to the width, and with more digits only where they are needed.
        guard digits.count == width || (digits.count > width && digits.first != 0x30) else {
            return nil
        }
        var number: UInt64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            let (tenfold, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isSumTooLarge) = tenfold.addingReportingOverflow(UInt64(digit - 0x30))
            guard !isTooLarge, !isSumTooLarge else { return nil }
            number = sum
        }
        return number > 0 ? number : nil
    }

    /// The name as the file system has it.
    public var fileName: FileName {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        Self.append(segment.rawValue, width: 10, to: &bytes)
        bytes.append(0x2d)
        Self.append(baseLSN.rawValue, width: 20, to: &bytes)
        bytes += ".wal".utf8
        // Digits, a dash and a suffix of fixed length are always a valid name.
        return FileName(String(decoding: bytes, as: UTF8.self))!
    }

    /// Names in the order of the log.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.segment, lhs.baseLSN) < (rhs.segment, rhs.baseLSN)
    }

    private static func append(_ value: UInt64, width: Int, to bytes: inout [UInt8]) {
        let start = bytes.count
        var rest = value
        repeat {
            bytes.append(0x30 + UInt8(rest % 10))
            rest /= 10
        } while rest > 0 || bytes.count - start < width
        bytes[start...].reverse()
    }
}

extension SegmentName: CustomStringConvertible {
    /// The name.
    public var description: String { fileName.string }
}
