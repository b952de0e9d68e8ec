// SPDX-License-Identifier: Apache-2.0
//
// Reading behind damage, for salvage alone: opening and verifying a log end at the first damage.

internal import CairnCodec
internal import CairnFormat
internal import CairnLSN

extension SegmentReader {
    /// Looks for the next intact frame behind damage that ``next()`` returned; ``next()`` then goes on there.
    ///
    /// A frame counts when both its checksums hold, which are salted with the log and the segment, and its LSN lies
    /// behind what was read: it may be the damage itself, a frame before which others are gone. What was between is
    /// lost. The seal of such a segment no longer matches what was read.
    ///
    /// - Returns: False when there is none.
    /// - Throws: ``SegmentError`` with code `.io`.
    /// - Complexity: O(*n*) in the bytes behind the damage, and a checksum of a header for each eight of them.
    package mutating func resume(behind damage: SegmentDamage) throws(SegmentError) -> Bool {
        let alignment = UInt64(FrameLayout.alignment)
        let windowByteCount = 1 << 20
        var offset = damage.offset + (damage.kind == .lsnOutOfOrder ? 0 : alignment)
        while offset + UInt64(FrameLayout.headerByteCount) <= fileByteCount {
            let window = try read(windowByteCount, at: offset)
            var position = 0
            while position + FrameLayout.headerByteCount <= window.count {
                if let header = try? codec.header(in: window.bytes, at: position),
                    try isIntact(header, at: offset + UInt64(position))
                {
                    skip(to: offset + UInt64(position), before: header)
                    return true
                }
                position += FrameLayout.alignment
            }
            guard position > 0 else { return false }
            offset += UInt64(position)
        }
        return false
    }

    /// Whether a frame goes on behind what was read, and its payload holds, too.
    private func isIntact(
        _ header: FrameHeader, at offset: UInt64
    ) throws(SegmentError) -> Bool {
        guard header.lsn.rawValue >= progress.lastLSN.rawValue &+ min(header.kind.lsnCount, 1),
            header.lastLSN >= header.lsn,
            UInt64(header.frameByteCount) <= fileByteCount - offset
        else { return false }
        let bytes = try read(header.frameByteCount, at: offset)
        return (try? codec.frame(in: bytes.bytes, at: 0)) != nil
    }
}
