// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat

/// The key of a segment, as its first frame names it.
struct SegmentKey {
    var keyID: KeyID?
    var cipher: (any FileCipher)?
    /// Payloads are encrypted, or, where the key record is damaged, were.
    var isEncrypted = false
    /// Keys were given, and plain segments are not allowed.
    let isExpected: Bool

    /// Reads the key record behind the header, and checks the key. A damaged frame there is left to the reader: it meets
    /// it first.
    ///
    /// - Parameter head: The first bytes of the file.
    init(
        in head: RawSpan, of header: SegmentHeader, _ codec: FrameCodec,
        _ encryption: (any StoreCipher)?
    ) throws(SegmentError) {
        isExpected = encryption.map { !$0.allowsPlainFiles } ?? false
        let start = SegmentLayout.headerByteCount
        let frame: FrameHeader
        do throws(CodecError) {
            frame = try codec.frame(in: head, at: start).header
        } catch {
            // Zeros are a clean end for a reader without a key, so with one they must not pass.
            let rest = head.extracting(
                start..<min(head.byteCount, start + FrameLayout.headerByteCount))
            let isEmpty = rest.isAllZero
            if isExpected, isEmpty { throw Self.notEncrypted(header) }
            isEncrypted = isExpected
            return
        }
        guard frame.kind == .segmentKey, frame.payloadByteCount == KeyRecord.provenByteCount else {
            if isExpected { throw Self.notEncrypted(header) }
            return
        }
        isEncrypted = true
        let contextEnd = start + FrameLayout.headerByteCount + KeyRecord.byteCount
        let stored = head.extracting(start + FrameLayout.headerByteCount..<contextEnd)
        do throws(CipherError) {
            let record = try KeyRecord(from: stored)
            keyID = record.keyID
            cipher = try encryption?.open(header.identity, record)
        } catch {
            guard encryption != nil else { return }
            throw SegmentError(error, name: header.name)
        }
        guard let cipher else { return }
        do throws(CipherError) {
            var nothing = BinaryBuffer(capacity: 0)
            let end = contextEnd + EncryptedPayload.overheadByteCount
            try cipher.decrypt(
                head.extracting(contextEnd..<end), context: head.extracting(start..<contextEnd),
                into: &nothing)
        } catch {
            throw SegmentError(
                code: .corruption, name: header.name, offset: UInt64(start), reason: .notAuthentic)
        }
    }

    private static func notEncrypted(_ header: SegmentHeader) -> SegmentError {
        SegmentError(CipherError(code: .notEncrypted), name: header.name)
    }
}
