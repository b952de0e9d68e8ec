// SPDX-License-Identifier: Apache-2.0
//
// The first of the two steps in which a segment is written: see `FrameCodec+Writing`. It gives LSNs and places, which a
// log does under its lock; a `SegmentFinisher` does the rest outside of it.

package import CairnCodec
package import CairnFormat
package import CairnLSN

/// Lays frames out behind those that a segment has.
package struct SegmentAppender: Sendable {
    /// The identity of the log.
    package let logID: LogID
    /// The name of the segment.
    package let name: SegmentName
    /// Bytes so far; where the next frame begins.
    package private(set) var byteCount: UInt64
    /// Frames so far, without that of the key.
    package private(set) var frameCount: UInt64
    /// The last LSN so far; one below the base when there is none.
    package private(set) var lastLSN: LSN
    /// Whether the payloads of its records are encrypted.
    package let isEncrypted: Bool
    private let payloadByteCountMax: Int

    /// The appender of a segment that was read up to `progress`.
    init(
        resuming header: SegmentHeader, at progress: SegmentProgress, limits: FrameLimits,
        isEncrypted: Bool
    ) {
        logID = header.logID
        name = header.name
        byteCount = progress.byteCount
        frameCount = progress.frameCount
        lastLSN = progress.lastLSN
        self.isEncrypted = isEncrypted
        payloadByteCountMax = limits.payloadByteCountMax
    }

    private init(_ name: SegmentName, after previous: SegmentAppender, isEncrypted: Bool) {
        logID = previous.logID
        self.name = name
        let keyByteCount =
            isEncrypted
            ? FrameLayout.frameByteCount(payloadByteCount: KeyRecord.provenByteCount) : 0
        byteCount = UInt64(SegmentLayout.headerByteCount + keyByteCount)
        frameCount = 0
        lastLSN = previous.lastLSN
        self.isEncrypted = isEncrypted
        payloadByteCountMax = previous.payloadByteCountMax
    }

    /// The bytes of the segment once its seal is behind what it has.
    package var sealedByteCount: UInt64 {
        byteCount
            + UInt64(FrameLayout.frameByteCount(payloadByteCount: SegmentLayout.sealByteCountTotal))
    }

    /// The appender of the segment behind this one.
    ///
    /// - Throws: `LSNError` with code `.exhausted` when none can follow.
    package func successor(isEncrypted: Bool) throws(LSNError) -> SegmentAppender {
        guard let number = name.segment.successor else {
            throw LSNError(code: .exhausted, lsn: lastLSN)
        }
        let name = SegmentName(segment: number, baseLSN: try lastLSN.successor())
        return SegmentAppender(name, after: self, isEncrypted: isEncrypted)
    }

    /// Lays a frame out at the next LSN.
    ///
    /// - Returns: The LSNs it took; empty for a kind that takes none.
    /// - Throws: `LSNError` with code `.exhausted`; nothing was added.
    /// - Precondition: The payload is within the limits.
    @inline(__always)
    @discardableResult
    package mutating func append(
        _ kind: FrameKind, relatedLSN: LSN, compression: CompressionID = .none,
        uncompressedByteCount: Int = 0, prefix: UInt64? = nil, payload: RawSpan,
        to buffer: inout BinaryBuffer
    ) throws(LSNError) -> LSNRange {
        let count = kind.lsnCount
        let next = try lastLSN.successor()
        let range = try LSNRange(first: next, count: count)
        let encrypts = isEncrypted && kind.isEncryptedWithSegment
        let frame = FrameHeader(
            kind: kind, compression: compression, lsn: count > 0 ? next : lastLSN,
            relatedLSN: relatedLSN,
            payloadByteCount: payload.byteCount + (prefix == nil ? 0 : 8)
                + (encrypts ? EncryptedPayload.overheadByteCount : 0),
            uncompressedByteCount: uncompressedByteCount)
        precondition(frame.payloadByteCount <= payloadByteCountMax)
        frame.layOut(prefix: prefix, payload: payload, isEncrypted: encrypts, to: &buffer)
        byteCount += UInt64(frame.frameByteCount)
        if kind != .segmentKey { frameCount += 1 }
        lastLSN = frame.lastLSN
        return range
    }
}
