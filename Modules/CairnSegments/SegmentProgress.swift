// SPDX-License-Identifier: Apache-2.0
//
// Writer and reader keep the same account of a segment, so a seal written by one is what the other computes.

internal import CairnCodec
internal import CairnFormat
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
    package init(header: SegmentHeader, headerChecksum: UInt32) {
        byteCount = UInt64(SegmentLayout.headerByteCount)
        frameCount = 0
        lastLSN = header.baseLSN.predecessor
        chain = headerChecksum
    }

    init(byteCount: UInt64, frameCount: UInt64, lastLSN: LSN, chain: UInt32) {
        self.byteCount = byteCount
        self.frameCount = frameCount
        self.lastLSN = lastLSN
        self.chain = chain
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
