// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnSegments

/// A full segment that a job ends on disk: its last write, its seal, and the content of its successor.
final class SegmentRotation: Sendable {
    let bytes: BinaryBuffer
    let offset: UInt64
    let seal: BinaryBuffer
    let sealOffset: UInt64
    let successor: SegmentName
    let successorContent: BinaryBuffer
    /// The segment when it is ended.
    let status: SegmentStatus

    init(
        bytes: consuming BinaryBuffer, offset: UInt64, seal: consuming BinaryBuffer,
        sealOffset: UInt64, successor: SegmentName, successorContent: consuming BinaryBuffer,
        status: SegmentStatus
    ) {
        self.bytes = bytes
        self.offset = offset
        self.seal = seal
        self.sealOffset = sealOffset
        self.successor = successor
        self.successorContent = successorContent
        self.status = status
    }
}
