// SPDX-License-Identifier: Apache-2.0
//
// Writing a frame takes two steps. Laying it out needs its LSN and its payload, and decides how many bytes it takes.
// Finishing it encrypts the payload where the segment is encrypted, and computes both checksums: that needs time, and
// nothing but the bytes. A log lays out under its lock, and the leader of a round finishes what it writes.

public import CairnFormat
internal import CairnLSN

extension FrameCodec {
    /// Appends a frame.
    ///
    /// - Parameters:
    ///   - header: The fields of the header.
    ///   - payload: The payload behind the prefix.
    ///   - buffer: The buffer that the frame is appended to.
    ///   - prefix: Bytes of the payload that come before `payload`; at most one of the two
    ///     needs to be there.
    /// - Returns: Both checksums, header's first.
    /// - Precondition: `header.payloadByteCount` is the size of prefix and payload, and within limits.
    /// - Complexity: O(*n*) in payload bytes, one pass of checksum, no allocation when `buffer` has room.
    @discardableResult
    public func append(
        _ header: FrameHeader, prefix: UInt64? = nil, payload: RawSpan,
        to buffer: inout BinaryBuffer
    ) -> FrameChecksums {
        precondition(header.payloadByteCount <= limits.payloadByteCountMax)
        let base = buffer.count
        header.layOut(prefix: prefix, payload: payload, to: &buffer)
        return finish(header.frameByteCount, at: base, in: &buffer)
    }

    /// Computes the checksums of a frame that was laid out, and puts them where they belong.
    ///
    /// - Parameters:
    ///   - frameByteCount: The bytes of the whole frame.
    ///   - base: Where it begins.
    ///   - buffer: The buffer that it lies in.
    @inline(__always)
    package func finish(
        _ frameByteCount: Int, at base: Int, in buffer: inout BinaryBuffer
    ) -> FrameChecksums {
        let headerSum = finishHeader(at: base, in: &buffer)
        return finishPayload(headerSum, frameByteCount, at: base, in: &buffer)
    }

    /// Encrypts the payload of a frame that was laid out for it, and then does as the other method.
    ///
    /// - Parameters:
    ///   - kind: The kind of the frame: it says which bytes stay in the clear.
    ///   - payloadByteCount: The bytes of the encrypted payload.
    ///   - base: Where the frame begins.
    ///   - buffer: The buffer that it lies in.
    ///   - cipher: The cipher of the segment.
    ///   - scratch: Memory for the encrypted payload.
    package func finish(
        _ kind: FrameKind, _ payloadByteCount: Int, at base: Int, in buffer: inout BinaryBuffer,
        encrypting cipher: any FileCipher, _ scratch: inout BinaryBuffer
    ) -> FrameChecksums {
        let headerSum = finishHeader(at: base, in: &buffer)
        let payloadBase = base + FrameLayout.headerByteCount
        let nonce = payloadBase + kind.clearByteCount
        let plain = nonce + EncryptedPayload.nonceByteCount
        let tag = payloadBase + payloadByteCount - EncryptedPayload.tagByteCount
        scratch.removeAll()
        cipher.encrypt(
            buffer.bytes.extracting(plain..<tag), context: buffer.bytes.extracting(base..<nonce),
            into: &scratch)
        buffer.overwrite(scratch.bytes, at: nonce)
        let frameByteCount = FrameLayout.frameByteCount(payloadByteCount: payloadByteCount)
        return finishPayload(headerSum, frameByteCount, at: base, in: &buffer)
    }

    @inline(__always)
    private func finishHeader(at base: Int, in buffer: inout BinaryBuffer) -> UInt32 {
        let sum = headerChecksum(buffer.bytes.extracting(droppingFirst: base))
        buffer.store(sum, at: FrameLayout.headerChecksum, base: base)
        return sum
    }

    @inline(__always)
    private func finishPayload(
        _ headerSum: UInt32, _ frameByteCount: Int, at base: Int, in buffer: inout BinaryBuffer
    ) -> FrameChecksums {
        let end = base + frameByteCount - FrameLayout.payloadChecksumByteCount
        let covered = base + FrameLayout.headerByteCount..<end
        let payloadSum = CRC32C.checksum(of: buffer.bytes.extracting(covered), seed: headerSum)
        buffer.overwrite(payloadSum, at: end)
        return FrameChecksums(header: headerSum, payload: payloadSum)
    }
}

extension FrameHeader {
    /// Appends a frame with these fields, and zeros where its checksums, and the nonce and the tag of an encrypted
    /// payload, will be.
    ///
    /// - Parameters:
    ///   - prefix: Bytes of the payload that come before `payload`.
    ///   - payload: The payload behind the prefix.
    ///   - isEncrypted: Whether the payload will be encrypted; `payloadByteCount` is then that of the encrypted one.
    ///   - buffer: The buffer that the frame is appended to.
    /// - Precondition: `payloadByteCount` is right.
    @inline(__always)
    package func layOut(
        prefix: UInt64? = nil, payload: RawSpan, isEncrypted: Bool = false,
        to buffer: inout BinaryBuffer
    ) {
        let end = buffer.count + frameByteCount
        buffer.reserve(frameByteCount)
        buffer.append(zeros: FrameLayout.headerByteCount) { bytes in
            bytes.store(UInt32(payloadByteCount), at: FrameLayout.payloadByteCount)
            bytes.store(kind.rawValue, at: FrameLayout.kind)
            bytes.store(compression.rawValue, at: FrameLayout.compression)
            bytes.store(lsn.rawValue, at: FrameLayout.lsn)
            bytes.store(relatedLSN.rawValue, at: FrameLayout.relatedLSN)
            bytes.store(UInt32(uncompressedByteCount), at: FrameLayout.uncompressedByteCount)
        }
        if let prefix { buffer.append(prefix) }
        if isEncrypted {
            let clearByteCount = kind.clearByteCount - (prefix == nil ? 0 : 8)
            precondition(
                clearByteCount >= 0 && clearByteCount <= payload.byteCount,
                "a payload begins with the bytes that stay in the clear")
            buffer.append(payload.extracting(first: clearByteCount))
            buffer.append(zeros: EncryptedPayload.nonceByteCount)
            buffer.append(payload.extracting(droppingFirst: clearByteCount))
            buffer.append(zeros: EncryptedPayload.tagByteCount)
        } else {
            buffer.append(payload)
        }
        // Padding and checksum.
        let rest = end - buffer.count
        precondition(
            rest >= FrameLayout.payloadChecksumByteCount
                && rest < FrameLayout.payloadChecksumByteCount + FrameLayout.alignment,
            "a header says how long its payload is")
        buffer.append(zeros: rest)
    }
}
