// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnLSN
internal import CairnSegments

/// Up to where the frames of a segment themselves prove that they are on the medium.
///
/// Bytes that were read may come from the system's cache, and after a failed sync the cache can hold bytes that
/// no later sync writes. But each transaction carries the LSN that was durable when it was written, so
/// everything up to that LSN is durable. The bytes after it are written once more before they count.
struct DurableEvidence {
    /// Everything before is proven. It lies at the end of a frame, or of the header.
    private(set) var offset = UInt64(SegmentLayout.headerByteCount)
    /// Ends of frames that are not proven yet, some thousand bytes apart, which bounds the memory.
    private var ends: [(lsn: LSN, offset: UInt64)] = []
    private static let spacing: UInt64 = 4096

    /// Adds a frame that ends at `end`.
    mutating func add(_ frame: FrameHeader, endingAt end: UInt64) {
        if frame.kind.carriesWatermark { accept(frame.relatedLSN) }
        guard frame.kind.lsnCount > 0 else { return }
        if let last = ends.last, end - last.offset < Self.spacing { return }
        ends.append((frame.lastLSN, end))
    }

    private mutating func accept(_ durable: LSN) {
        guard let first = ends.first, first.lsn <= durable else { return }
        let count = ends.firstIndex { $0.lsn > durable } ?? ends.count
        offset = ends[count - 1].offset
        ends.removeFirst(count)
    }
}
