// SPDX-License-Identifier: Apache-2.0

public import CairnCodec
public import CairnFormat
public import CairnLSN

/// The header of a segment. It chains the segment to the one before.
public struct SegmentHeader: Hashable, Sendable {
    /// The identity of the log.
    public let logID: LogID
    /// The number of the segment, from 1.
    public let segment: SegmentID
    /// The first LSN that the segment may hold.
    public let baseLSN: LSN
    /// The last LSN of the segment before; `LSN.never` for the first segment.
    public let predecessorLastLSN: LSN
    /// The bytes of the segment before, up to its seal.
    public let predecessorByteCount: UInt64
    /// The chain checksum of the segment before.
    public let predecessorChain: UInt32

    /// The header of the first segment of a log: segment 1, LSNs from 1, nothing before.
    public init(firstOf logID: LogID) {
        self.init(
            logID: logID, segment: .first, baseLSN: .first, predecessorLastLSN: .never,
            predecessorByteCount: 0, predecessorChain: 0)
    }

    /// A header with these fields. ``init(firstOf:)`` makes the first one of a log, and
    /// ``SegmentEncoder/seal(into:)`` each later one.
    public init(
        logID: LogID, segment: SegmentID, baseLSN: LSN, predecessorLastLSN: LSN,
        predecessorByteCount: UInt64, predecessorChain: UInt32
    ) {
        self.logID = logID
        self.segment = segment
        self.baseLSN = baseLSN
        self.predecessorLastLSN = predecessorLastLSN
        self.predecessorByteCount = predecessorByteCount
        self.predecessorChain = predecessorChain
    }

    /// The name of the file.
    public var name: SegmentName { SegmentName(segment: segment, baseLSN: baseLSN) }

    /// Appends the header and returns its checksum, where the chain checksum starts.
    @discardableResult
    public func encode(into buffer: inout BinaryBuffer) -> UInt32 {
        let base = buffer.count
        FilePreamble.append(
            magic: SegmentLayout.magic, version: SegmentLayout.version, to: &buffer)
        buffer.append(zeros: SegmentLayout.headerByteCount - FilePreamble.byteCount)
        buffer.overwrite(logID.high.byteSwapped, at: base + SegmentLayout.logID.offset)
        buffer.overwrite(logID.low.byteSwapped, at: base + SegmentLayout.logID.offset + 8)
        buffer.store(segment.rawValue, at: SegmentLayout.segmentID, base: base)
        buffer.store(baseLSN.rawValue, at: SegmentLayout.baseLSN, base: base)
        buffer.store(predecessorLastLSN.rawValue, at: SegmentLayout.predecessorLastLSN, base: base)
        buffer.store(predecessorByteCount, at: SegmentLayout.predecessorByteCount, base: base)
        buffer.store(predecessorChain, at: SegmentLayout.predecessorChain, base: base)
        let covered = base..<base + SegmentLayout.checksum.offset
        let checksum = CRC32C.checksum(of: buffer.bytes.extracting(covered))
        buffer.store(checksum, at: SegmentLayout.checksum, base: base)
        return checksum
    }

    /// The identity of the file among all others, for its key. The number of a segment is given out once in a log.
    package var identity: FileIdentity {
        var bytes = BinaryBuffer(capacity: SegmentLayout.headerByteCount)
        encode(into: &bytes)
        let numbers = SegmentLayout.logID.offset..<SegmentLayout.predecessorLastLSN.offset
        return FileIdentity(
            purpose: .segment, identity: bytes.bytes.extracting(numbers).array(),
            header: bytes.array())
    }

    /// Reads a header.
    ///
    /// - Throws: `FormatError` with code `.truncated`, `.badMagic`, `.badChecksum`,
    ///   `.unsupportedVersion` or `.invalidValue`.
    public init(from bytes: RawSpan) throws(FormatError) {
        try FilePreamble.check(
            bytes, magic: SegmentLayout.magic, supported: SegmentLayout.version)
        guard bytes.byteCount >= SegmentLayout.headerByteCount else {
            throw FormatError(code: .truncated, offset: bytes.byteCount)
        }
        let covered = bytes.extracting(0..<SegmentLayout.checksum.offset)
        guard CRC32C.checksum(of: covered) == bytes.load(SegmentLayout.checksum) else {
            throw FormatError(code: .badChecksum, offset: SegmentLayout.checksum.offset)
        }
        var identity = ByteReader(bytes.load(SegmentLayout.logID))
        self.init(
            logID: LogID(
                high: try identity.integer(UInt64.self).byteSwapped,
                low: try identity.integer(UInt64.self).byteSwapped),
            segment: SegmentID(rawValue: bytes.load(SegmentLayout.segmentID)),
            baseLSN: LSN(rawValue: bytes.load(SegmentLayout.baseLSN)),
            predecessorLastLSN: LSN(rawValue: bytes.load(SegmentLayout.predecessorLastLSN)),
            predecessorByteCount: bytes.load(SegmentLayout.predecessorByteCount),
            predecessorChain: bytes.load(SegmentLayout.predecessorChain))
        guard segment.rawValue > 0, baseLSN > .never, predecessorLastLSN == baseLSN.predecessor
        else {
            throw FormatError(code: .invalidValue, offset: SegmentLayout.segmentID.offset)
        }
    }
}
