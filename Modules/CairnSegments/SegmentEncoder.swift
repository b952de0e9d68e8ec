// SPDX-License-Identifier: Apache-2.0
//
// What a segment holds so far, and how to add to it. No I/O: bytes go into a buffer.
//
// - Writer and reader keep the same account (``SegmentProgress``), so a seal written by one is what the
//   other computes.

public import CairnCodec
public import CairnFormat
public import CairnLSN

/// The account of a segment: what its seal will say.
public struct SegmentProgress: Hashable, Sendable {
    /// Bytes so far; where the next frame begins.
    public private(set) var byteCount: UInt64
    /// Frames so far, without that of the key.
    public private(set) var frameCount: UInt64
    /// The last LSN so far; one below the base when there is none.
    public private(set) var lastLSN: LSN
    /// The chain checksum so far.
    public private(set) var chain: UInt32

    /// The account of a segment that holds only its header.
    public init(header: SegmentHeader, headerChecksum: UInt32) {
        byteCount = UInt64(SegmentLayout.headerByteCount)
        frameCount = 0
        lastLSN = header.baseLSN.predecessor
        chain = headerChecksum
    }

    /// Leaves out what lies before a frame that follows damage.
    mutating func skip(to offset: UInt64, before frame: FrameHeader) {
        byteCount = offset
        lastLSN = LSN(rawValue: frame.lsn.rawValue &- min(frame.kind.lsnCount, 1))
    }

    /// Adds a frame, which takes the next LSN or carries the last one.
    @inline(__always)
    mutating func add(_ frame: FrameHeader, _ checksums: FrameChecksums) {
        byteCount += UInt64(frame.frameByteCount)
        if frame.kind != .segmentKey { frameCount += 1 }
        lastLSN = frame.lastLSN
        chain = checksums.chained(onto: chain)
    }
}

/// Adds frames to a segment, as bytes in a buffer.
public struct SegmentEncoder: Sendable {
    /// The header with which the segment begins.
    public let header: SegmentHeader
    /// The account of the segment so far.
    public private(set) var progress: SegmentProgress
    /// True once the seal was added.
    public private(set) var isSealed = false
    private let codec: FrameCodec
    /// Encrypts the frames that take LSNs; nil for a segment that is not encrypted.
    private let cipher: (any FileCipher)?
    /// The key that the segment is encrypted with; nil for one that is not encrypted.
    public var keyID: KeyID? { cipher?.keyID }

    /// The encoder of a new segment, whose header goes into `buffer`; for the first segment of a log it is
    /// ``SegmentHeader/init(firstOf:)``.
    ///
    /// With `encryption` the key record follows the header. Both must be durable before the file gets its name.
    public init(
        new header: SegmentHeader, limits: FrameLimits = FrameLimits(),
        encryption: (any StoreCipher)? = nil, into buffer: inout BinaryBuffer
    ) {
        let checksum = header.encode(into: &buffer)
        let begun = encryption?.begin(header.identity)
        self.init(
            resuming: header, at: SegmentProgress(header: header, headerChecksum: checksum),
            limits: limits, cipher: begun?.cipher)
        if let begun { append(begun.record, with: begun.cipher, to: &buffer) }
    }

    /// The encoder of a segment that was read up to `progress`.
    ///
    /// - Parameters:
    ///   - header: The header of the segment.
    ///   - progress: What was read of it.
    ///   - limits: The bounds of frames.
    ///   - cipher: The cipher of the segment, as ``SegmentReader/cipher``; nil for one that is not encrypted.
    public init(
        resuming header: SegmentHeader, at progress: SegmentProgress,
        limits: FrameLimits = FrameLimits(), cipher: (any FileCipher)? = nil
    ) {
        self.header = header
        self.progress = progress
        self.cipher = cipher
        codec = FrameCodec(log: header.logID, segment: header.segment, limits: limits)
    }

    /// Adds a frame at the next LSN.
    ///
    /// - Returns: The LSNs it took; empty for a kind that takes none.
    /// - Throws: `LSNError` with code `.exhausted`; nothing was added.
    /// - Precondition: Not sealed; the payload is within the limits.
    @discardableResult
    public mutating func append(
        _ kind: FrameKind, relatedLSN: LSN, compression: CompressionID = .none,
        uncompressedByteCount: Int = 0, prefix: UInt64? = nil, payload: RawSpan,
        to buffer: inout BinaryBuffer
    ) throws(LSNError) -> LSNRange {
        precondition(!isSealed, "a sealed segment takes no more frames")
        let count = kind.lsnCount
        let next = try progress.lastLSN.successor()
        let range = try LSNRange(first: next, count: count)
        if let cipher, count > 0 {
            let frame = FrameHeader(
                kind: kind, compression: compression, lsn: next, relatedLSN: relatedLSN,
                payloadByteCount: payload.byteCount + (prefix == nil ? 0 : 8)
                    + EncryptedPayload.overheadByteCount,
                uncompressedByteCount: uncompressedByteCount)
            append(frame, prefix, payload, with: cipher, to: &buffer)
            return range
        }
        let frame = FrameHeader(
            kind: kind, compression: compression, lsn: count > 0 ? next : progress.lastLSN,
            relatedLSN: relatedLSN,
            payloadByteCount: payload.byteCount + (prefix == nil ? 0 : 8),
            uncompressedByteCount: uncompressedByteCount)
        let checksums = codec.append(frame, prefix: prefix, payload: payload, to: &buffer)
        progress.add(frame, checksums)
        return range
    }

    @inline(never)
    private mutating func append(
        _ frame: FrameHeader, _ prefix: UInt64?, _ payload: RawSpan, with cipher: any FileCipher,
        to buffer: inout BinaryBuffer
    ) {
        let clearByteCount = frame.kind.clearByteCount
        let checksums: FrameChecksums
        if let prefix {
            precondition(clearByteCount == 8, "only a commit time stands before a payload")
            checksums = withUnsafeBytes(of: prefix.littleEndian) { clear in
                codec.append(
                    frame, clear: RawSpan(_unsafeBytes: clear), encrypting: payload, with: cipher,
                    to: &buffer)
            }
        } else {
            precondition(payload.byteCount >= clearByteCount, "a payload begins with its time")
            checksums = codec.append(
                frame, clear: payload.extracting(first: clearByteCount),
                encrypting: payload.extracting(droppingFirst: clearByteCount), with: cipher,
                to: &buffer)
        }
        progress.add(frame, checksums)
    }

    /// Adds the key record, behind the header. Its proof encrypts nothing: the tag covers the record and the header of
    /// the segment, so neither can be exchanged where no other frame is.
    private mutating func append(
        _ record: KeyRecord, with cipher: any FileCipher, to buffer: inout BinaryBuffer
    ) {
        let frame = FrameHeader(
            kind: .segmentKey, lsn: progress.lastLSN, relatedLSN: header.baseLSN,
            payloadByteCount: KeyRecord.provenByteCount)
        let bytes = record.encoded()
        let checksums = codec.append(
            frame, clear: bytes.span.bytes, encrypting: RawSpan(), with: cipher, to: &buffer)
        progress.add(frame, checksums)
    }

    /// Adds the seal, which ends the segment.
    ///
    /// - Returns: The header of the segment that must be durably in place before the seal is written.
    /// - Throws: `LSNError` with code `.exhausted` when no segment can follow.
    public mutating func seal(into buffer: inout BinaryBuffer) throws(LSNError) -> SegmentHeader {
        let end = progress
        guard let nextSegment = header.segment.successor else {
            throw LSNError(code: .exhausted, lsn: end.lastLSN)
        }
        let successor = SegmentHeader(
            logID: header.logID, segment: nextSegment, baseLSN: try end.lastLSN.successor(),
            predecessorLastLSN: end.lastLSN, predecessorByteCount: end.byteCount,
            predecessorChain: end.chain)
        let seal = SegmentSeal(progress: end, baseLSN: header.baseLSN)
        let payload = seal.encoded()
        try append(
            .segmentSeal, relatedLSN: header.baseLSN, payload: payload.span.bytes, to: &buffer)
        isSealed = true
        return successor
    }
}

/// The content of the seal of a segment.
public struct SegmentSeal: Hashable, Sendable {
    /// Frames before the seal.
    public let frameCount: UInt64
    /// The segment's base LSN.
    public let baseLSN: LSN
    /// The last LSN in the segment.
    public let lastLSN: LSN
    /// Bytes before the seal.
    public let byteCount: UInt64
    /// The chain checksum before the seal.
    public let chain: UInt32

    /// The seal of a segment that holds what `progress` says.
    public init(progress: SegmentProgress, baseLSN: LSN) {
        frameCount = progress.frameCount
        self.baseLSN = baseLSN
        lastLSN = progress.lastLSN
        byteCount = progress.byteCount
        chain = progress.chain
    }

    /// Its payload.
    public func encoded() -> [UInt8] {
        var buffer = BinaryBuffer(capacity: SegmentLayout.sealByteCountTotal)
        buffer.append(zeros: SegmentLayout.sealByteCountTotal)
        buffer.store(frameCount, at: SegmentLayout.sealFrameCount)
        buffer.store(baseLSN.rawValue, at: SegmentLayout.sealBaseLSN)
        buffer.store(lastLSN.rawValue, at: SegmentLayout.sealLastLSN)
        buffer.store(byteCount, at: SegmentLayout.sealByteCount)
        buffer.store(chain, at: SegmentLayout.sealChain)
        return buffer.array()
    }
}
