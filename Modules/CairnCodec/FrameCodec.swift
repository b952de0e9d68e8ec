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
    /// The seed of the checksums of this segment.
    public let salt: UInt32
    /// The bounds it enforces.
    public let limits: FrameLimits

    /// The codec for the segment `segment` of the log `log`.
    public init(log: LogID, segment: SegmentID, limits: FrameLimits = FrameLimits()) {
        var bytes = BinaryBuffer(capacity: 24)
        bytes.append(log.high.byteSwapped)
        bytes.append(log.low.byteSwapped)
        bytes.append(segment.rawValue)
        salt = CRC32C.checksum(of: bytes.bytes)
        self.limits = limits
    }

    /// The expected checksum of the header that `bytes` begin with.
    @inlinable @inline(__always)
    func headerChecksum(_ bytes: RawSpan) -> UInt32 {
        let covered = bytes.extracting(first: FrameLayout.headerChecksum.offset)
        return CRC32C.checksum(of: covered, seed: salt)
    }

    /// Reads and checks the frame that starts at `offset`, in one pass.
    ///
    /// It becomes a part of the loop that calls it, which is a tenth of a replay.
    ///
    /// - Throws: ``CodecError``: as ``header(in:at:)``, then as ``check(_:in:at:)``.
    /// - Complexity: O(*n*) in payload bytes.
    @inlinable @inline(__always)
    public func frame(in bytes: RawSpan, at offset: Int) throws(CodecError) -> Frame {
        let header = try header(in: bytes, at: offset)
        return Frame(header: header, checksums: try check(header, in: bytes, at: offset))
    }

    /// Reads the header of the frame that starts at `offset`.
    ///
    /// - Throws: ``CodecError``, in this order: `.truncated` (fewer bytes than a header), `.noFrame` (a
    ///   header of zeros), `.headerChecksum`, `.unknownKind`, `.reservedNotZero`, `.limitExceeded`.
    @inlinable @inline(__always)
    public func header(in bytes: RawSpan, at offset: Int) throws(CodecError) -> FrameHeader {
        guard offset >= 0, bytes.byteCount - offset >= FrameLayout.headerByteCount else {
            throw CodecError(code: .truncated, offset: offset)
        }
        // The check above is seen to hold for every field, where each would else be checked by itself.
        let raw = bytes.extracting(droppingFirst: offset)
        guard headerChecksum(raw) == raw.load(FrameLayout.headerChecksum) else {
            let isZero = raw.extracting(first: FrameLayout.headerByteCount).isAllZero
            throw CodecError(code: isZero ? .noFrame : .headerChecksum, offset: offset)
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
            uncompressed == 0
                || uncompressed <= limits.uncompressedByteCountMax
                    && limits.allowsRatio(of: uncompressed, to: stored)
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
    @inlinable @inline(__always)
    public func check(
        _ header: FrameHeader, in bytes: RawSpan, at offset: Int
    ) throws(CodecError) -> FrameChecksums {
        guard bytes.byteCount - offset >= header.frameByteCount else {
            throw CodecError(code: .truncated, offset: offset)
        }
        let raw = bytes.extracting(droppingFirst: offset)
        let sums = checksums(of: header, in: raw, at: 0)
        let sumOffset = header.frameByteCount - FrameLayout.payloadChecksumByteCount
        let covered = raw.extracting(FrameLayout.headerByteCount..<sumOffset)
        guard CRC32C.checksum(of: covered, seed: sums.header) == sums.payload else {
            throw CodecError(code: .payloadChecksum, offset: offset)
        }
        // The word before the checksum ends in the padding, and begins within the frame.
        let padding = covered.byteCount - header.payloadByteCount
        let word = raw.unsafeLoadUnaligned(fromByteOffset: sumOffset - 8, as: UInt64.self)
        guard UInt64(littleEndian: word) >> (64 - 8 * padding) == 0 else {
            throw CodecError(code: .paddingNotZero, offset: offset)
        }
        return sums
    }

    /// The checksums that the frame at `offset` stores.
    ///
    /// - Precondition: The whole frame lies within `bytes`.
    @inlinable @inline(__always)
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
