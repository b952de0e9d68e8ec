// SPDX-License-Identifier: Apache-2.0
//
// Writes and reads the frames of one segment.
//
// - The header has a checksum of its own; no number in it is believed before that holds.
// - Both checksums are salted with log and segment, so a frame of another log, of another segment or
//   of an earlier life of the same file never validates.
// - The payload's checksum starts from the header's: a payload cannot be moved behind another header.

public import CairnFormat
public import CairnLSN

/// The codec for the frames of one segment of one log.
public struct FrameCodec: Sendable {
    /// Where the checksums of this segment start.
    public let salt: UInt32
    /// The bounds it enforces.
    public let limits: FrameLimits

    /// The codec for the segment `segment` of the log `log`.
    public init(log: LogID, segment: SegmentID, limits: FrameLimits = FrameLimits()) {
        var bytes = ByteBuffer(capacity: 24)
        bytes.append(log.high.byteSwapped)
        bytes.append(log.low.byteSwapped)
        bytes.append(segment.rawValue)
        #if CAIRN_REINJECTION
        salt = Reinjection.active == .unsaltedChecksums ? 0 : CRC32C.checksum(of: bytes.bytes)
        #else
        salt = CRC32C.checksum(of: bytes.bytes)
        #endif
        self.limits = limits
    }

    /// Appends a frame.
    ///
    /// - Parameter prefix: Bytes of the payload that come before `payload`; at most one of the two
    ///   needs to be there.
    /// - Returns: Both checksums, header's first.
    /// - Precondition: `header.payloadByteCount` is the size of prefix and payload, and within limits.
    /// - Complexity: O(*n*) in payload bytes, one pass of checksum, no allocation when `buffer` has room.
    @discardableResult
    public func append(
        _ header: FrameHeader, prefix: UInt64? = nil, payload: RawSpan, to buffer: inout ByteBuffer
    ) -> FrameChecksums {
        let prefixByteCount = prefix == nil ? 0 : 8
        precondition(header.payloadByteCount == payload.byteCount + prefixByteCount)
        precondition(header.payloadByteCount <= limits.payloadByteCountMax)
        let base = buffer.count
        buffer.reserve(header.frameByteCount)
        let headerSum = appendHeader(header, to: &buffer)
        if let prefix { buffer.append(prefix) }
        buffer.append(payload)
        let padding =
            header.frameByteCount - FrameLayout.headerByteCount - header.payloadByteCount
            - FrameLayout.payloadChecksumByteCount
        if padding > 0 { buffer.append(zeros: padding) }
        let covered = base + FrameLayout.headerByteCount..<buffer.count
        let payloadSum = CRC32C.checksum(of: buffer.bytes.extracting(covered), seed: headerSum)
        buffer.append(payloadSum)
        return FrameChecksums(header: headerSum, payload: payloadSum)
    }

    private func appendHeader(_ header: FrameHeader, to buffer: inout ByteBuffer) -> UInt32 {
        buffer.append(zeros: FrameLayout.headerByteCount) { bytes in
            bytes.store(UInt32(header.payloadByteCount), at: FrameLayout.payloadByteCount)
            bytes.store(header.kind.rawValue, at: FrameLayout.kind)
            bytes.store(header.compression.rawValue, at: FrameLayout.compression)
            bytes.store(header.lsn.rawValue, at: FrameLayout.lsn)
            bytes.store(header.relatedLSN.rawValue, at: FrameLayout.relatedLSN)
            bytes.store(
                UInt32(header.uncompressedByteCount), at: FrameLayout.uncompressedByteCount)
            let sum = headerChecksum(bytes.bytes)
            bytes.store(sum, at: FrameLayout.headerChecksum)
            return sum
        }
    }

    private func headerChecksum(_ header: RawSpan) -> UInt32 {
        let covered = header.extracting(0..<FrameLayout.headerChecksum.offset)
        return CRC32C.checksum(of: covered, seed: salt)
    }

    /// Reads the header of the frame that starts at `offset`.
    ///
    /// - Throws: ``CodecError``, in this order: `.truncated` (fewer bytes than a header), `.noFrame` (a
    ///   header of zeros), `.headerChecksum`, `.unknownKind`, `.reservedNotZero`, `.limitExceeded`.
    public func header(in bytes: RawSpan, at offset: Int) throws(CodecError) -> FrameHeader {
        guard offset >= 0, bytes.byteCount - offset >= FrameLayout.headerByteCount else {
            throw CodecError(code: .truncated, offset: offset)
        }
        let raw = bytes.extracting(offset..<offset + FrameLayout.headerByteCount)
        guard headerChecksum(raw) == raw.load(FrameLayout.headerChecksum) else {
            let code: CodecError.Code = raw.isAllZero ? .noFrame : .headerChecksum
            throw CodecError(code: code, offset: offset)
        }
        let kind = FrameKind(rawValue: raw.load(FrameLayout.kind))
        let compression = CompressionID(rawValue: raw.load(FrameLayout.compression))
        let stored = Int(raw.load(FrameLayout.payloadByteCount))
        let uncompressed = Int(raw.load(FrameLayout.uncompressedByteCount))
        guard kind.isKnown || kind.isSkippable else {
            throw CodecError(code: .unknownKind, offset: offset)
        }
        guard raw.load(FrameLayout.reserved) == 0, compression != .none || uncompressed == 0 else {
            throw CodecError(code: .reservedNotZero, offset: offset)
        }
        guard stored <= limits.payloadByteCountMax,
            uncompressed <= limits.uncompressedByteCountMax,
            limits.allowsRatio(of: uncompressed, to: stored)
        else { throw CodecError(code: .limitExceeded, offset: offset) }
        return FrameHeader(
            kind: kind, compression: compression,
            lsn: LSN(rawValue: raw.load(FrameLayout.lsn)),
            relatedLSN: LSN(rawValue: raw.load(FrameLayout.relatedLSN)),
            payloadByteCount: stored, uncompressedByteCount: uncompressed)
    }

    /// Checks and returns the payload of the frame at `offset` whose header was read before.
    ///
    /// - Throws: ``CodecError`` with code `.truncated`, `.payloadChecksum` or `.paddingNotZero`.
    @_lifetime(copy bytes)
    public func payload(
        of header: FrameHeader, in bytes: RawSpan, at offset: Int
    ) throws(CodecError) -> RawSpan {
        _ = try check(header, in: bytes, at: offset)
        let start = offset + FrameLayout.headerByteCount
        return bytes.extracting(start..<start + header.payloadByteCount)
    }

    /// Checks the payload of the frame at `offset` whose header was read before.
    ///
    /// - Returns: The checksums that the frame stores.
    /// - Throws: As ``payload(of:in:at:)``.
    public func check(
        _ header: FrameHeader, in bytes: RawSpan, at offset: Int
    ) throws(CodecError) -> FrameChecksums {
        guard bytes.byteCount - offset >= header.frameByteCount else {
            throw CodecError(code: .truncated, offset: offset)
        }
        let sums = checksums(of: header, in: bytes, at: offset)
        let start = offset + FrameLayout.headerByteCount
        let sumOffset = offset + header.frameByteCount - FrameLayout.payloadChecksumByteCount
        let covered = bytes.extracting(start..<sumOffset)
        #if CAIRN_REINJECTION
        let isChecked = Reinjection.active != .payloadUnchecked
        #else
        let isChecked = true
        #endif
        guard !isChecked || CRC32C.checksum(of: covered, seed: sums.header) == sums.payload else {
            throw CodecError(code: .payloadChecksum, offset: offset)
        }
        let paddingStart = start + header.payloadByteCount
        guard
            paddingStart == sumOffset || bytes.extracting(paddingStart..<sumOffset).isAllZero
        else { throw CodecError(code: .paddingNotZero, offset: offset) }
        return sums
    }

    /// The checksums that the frame at `offset` stores.
    ///
    /// - Precondition: The whole frame lies within `bytes`.
    public func checksums(
        of header: FrameHeader, in bytes: RawSpan, at offset: Int
    ) -> FrameChecksums {
        let sumOffset = offset + header.frameByteCount - FrameLayout.payloadChecksumByteCount
        let stored = bytes.unsafeLoadUnaligned(fromByteOffset: sumOffset, as: UInt32.self)
        return FrameChecksums(
            header: bytes.load(FrameLayout.headerChecksum, base: offset),
            payload: UInt32(littleEndian: stored))
    }
}

/// The two checksums of a frame.
public struct FrameChecksums: Hashable, Sendable {
    /// Of the header.
    public let header: UInt32
    /// Of payload and padding.
    public let payload: UInt32

    /// The checksum over all frames of a segment so far, `chain`, with this frame added: CRC-32C of the
    /// eight bytes of both checksums, started from `chain`.
    public func chained(onto chain: UInt32) -> UInt32 {
        CRC32C.checksum(of: UInt64(header) | UInt64(payload) << 32, seed: chain)
    }
}
