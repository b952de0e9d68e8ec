// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
package import CairnLSN

/// The content of the seal of a segment.
package struct SegmentSeal: Hashable, Sendable {
    /// Frames before the seal.
    package let frameCount: UInt64
    /// The segment's base LSN.
    package let baseLSN: LSN
    /// The last LSN in the segment.
    package let lastLSN: LSN
    /// Bytes before the seal.
    package let byteCount: UInt64
    /// The chain checksum before the seal.
    package let chain: UInt32

    /// The seal of a segment that holds what `progress` says.
    package init(progress: SegmentProgress, baseLSN: LSN) {
        frameCount = progress.frameCount
        self.baseLSN = baseLSN
        lastLSN = progress.lastLSN
        byteCount = progress.byteCount
        chain = progress.chain
    }

    package func encoded() -> [UInt8] {
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
