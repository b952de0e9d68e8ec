// SPDX-License-Identifier: Apache-2.0
//
// The second of the two steps in which a segment is written: see `FrameCodec+Writing`. Frames are finished in the order
// in which they were laid out, because the chain checksum goes over all of them.

package import CairnCodec
package import CairnFormat
package import CairnLSN

/// Makes what a ``SegmentAppender`` laid out what is stored: encrypts it, computes checksums, and ends the segment.
package struct SegmentFinisher: Sendable {
    /// The header with which the segment begins.
    package let header: SegmentHeader
    /// The chain checksum so far.
    private(set) var chain: UInt32
    private let codec: FrameCodec
    /// Encrypts the frames that take LSNs; nil for a segment that is not encrypted.
    let cipher: (any FileCipher)?

    /// The key that the segment is encrypted with; nil for one that is not encrypted.
    package var keyID: KeyID? { cipher?.keyID }

    /// The finisher of a new segment, whose header goes into `buffer`. With `encryption` the key record follows it.
    package init(
        new header: SegmentHeader, limits: FrameLimits, encryption: (any StoreCipher)?,
        into buffer: inout BinaryBuffer
    ) {
        let checksum = header.encode(into: &buffer)
        let begun = encryption?.begin(header.identity)
        self.init(resuming: header, chain: checksum, limits: limits, cipher: begun?.cipher)
        if let begun { append(begun.record, to: &buffer) }
    }

    /// The finisher of a segment that was read up to `chain`.
    init(
        resuming header: SegmentHeader, chain: UInt32, limits: FrameLimits,
        cipher: (any FileCipher)?
    ) {
        self.header = header
        self.chain = chain
        self.cipher = cipher
        codec = FrameCodec(log: header.logID, segment: header.segment, limits: limits)
    }

    /// Adds the key record, behind the header. Its proof encrypts nothing: the tag covers the record and the header of
    /// the segment, so neither can be exchanged where no other frame is.
    private mutating func append(_ record: KeyRecord, to buffer: inout BinaryBuffer) {
        let frame = FrameHeader(
            kind: .segmentKey, lsn: header.baseLSN.predecessor, relatedLSN: header.baseLSN,
            payloadByteCount: KeyRecord.provenByteCount)
        let base = buffer.count
        frame.layOut(payload: record.encoded().span.bytes, isEncrypted: true, to: &buffer)
        finish(&buffer, from: base)
    }

    /// Finishes the frames that lie in `buffer` from `start` to its end.
    ///
    /// - Complexity: O(*n*) in their bytes.
    @inline(__always)
    package mutating func finish(_ buffer: inout BinaryBuffer, from start: Int = 0) {
        if let cipher { return finish(&buffer, from: start, encrypting: cipher) }
        var base = start
        while base < buffer.count {
            let payloadByteCount = Int(buffer.bytes.load(FrameLayout.payloadByteCount, base: base))
            let byteCount = FrameLayout.frameByteCount(payloadByteCount: payloadByteCount)
            chain = codec.finish(byteCount, at: base, in: &buffer).chained(onto: chain)
            base += byteCount
        }
    }

    @inline(never)
    private mutating func finish(
        _ buffer: inout BinaryBuffer, from start: Int, encrypting cipher: any FileCipher
    ) {
        var scratch = BinaryBuffer(capacity: 4096)
        var base = start
        while base < buffer.count {
            let payloadByteCount = Int(buffer.bytes.load(FrameLayout.payloadByteCount, base: base))
            let kind = FrameKind(rawValue: buffer.bytes.load(FrameLayout.kind, base: base))
            let byteCount = FrameLayout.frameByteCount(payloadByteCount: payloadByteCount)
            let checksums =
                kind.isEncryptedWithSegment
                ? codec.finish(
                    kind, payloadByteCount, at: base, in: &buffer, encrypting: cipher, &scratch)
                : codec.finish(byteCount, at: base, in: &buffer)
            chain = checksums.chained(onto: chain)
            base += byteCount
        }
    }

    /// Adds the seal, which ends the segment.
    ///
    /// - Parameters:
    ///   - end: The appender of the segment, behind its last frame.
    ///   - buffer: The buffer that the seal is appended to.
    /// - Returns: The header of the segment that must be durably in place before the seal is written.
    /// - Throws: `LSNError` with code `.exhausted` when no segment can follow.
    /// - Precondition: All frames before were finished.
    package mutating func seal(
        _ end: inout SegmentAppender, into buffer: inout BinaryBuffer
    ) throws(LSNError) -> SegmentHeader {
        let successor = try end.successor(isEncrypted: false).name
        let next = SegmentHeader(
            logID: header.logID, segment: successor.segment, baseLSN: successor.baseLSN,
            predecessorLastLSN: end.lastLSN, predecessorByteCount: end.byteCount,
            predecessorChain: chain)
        let content = SegmentSeal(
            progress: SegmentProgress(end, chain: chain), baseLSN: header.baseLSN)
        let payload = content.encoded()
        let base = buffer.count
        try end.append(
            .segmentSeal, relatedLSN: header.baseLSN, payload: payload.span.bytes, to: &buffer)
        finish(&buffer, from: base)
        return next
    }
}

extension SegmentProgress {
    init(_ appender: SegmentAppender, chain: UInt32) {
        self.init(
            byteCount: appender.byteCount, frameCount: appender.frameCount,
            lastLSN: appender.lastLSN, chain: chain)
    }
}
