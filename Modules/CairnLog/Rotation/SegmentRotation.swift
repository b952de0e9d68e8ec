// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnSegments

/// A full segment that a job ends on disk, and its last write.
final class SegmentRotation: @unchecked Sendable {
    // Until a job takes it, it is touched under the lock of the log; then by the holder of the write token.

    /// Frames that were laid out.
    var bytes: BinaryBuffer
    /// So many of them, from the first on, are finished.
    private(set) var finishedByteCount: Int
    let offset: UInt64
    /// The segment, behind its last frame and then behind its seal.
    var ended: SegmentAppender
    /// The segment when it is ended; its key is known when a job has ended it.
    private(set) var status: SegmentStatus

    init(
        bytes: consuming BinaryBuffer, finishedByteCount: Int, offset: UInt64,
        ended: SegmentAppender
    ) {
        self.bytes = bytes
        self.finishedByteCount = finishedByteCount
        self.offset = offset
        self.ended = ended
        status = SegmentStatus(
            name: ended.name, lastLSN: ended.lastLSN, byteCount: ended.sealedByteCount,
            isSealed: true)
    }

    /// Puts finished frames before the others.
    func prepend(_ finished: inout BinaryBuffer) {
        finishedByteCount = finished.count
        finished.append(bytes.bytes)
        swap(&finished, &bytes)
    }

    /// Notes the key that the segment is encrypted with.
    func note(_ keyID: KeyID?) {
        status = SegmentStatus(
            name: status.name, lastLSN: status.lastLSN, byteCount: status.byteCount,
            isSealed: true, keyID: keyID)
    }
}
