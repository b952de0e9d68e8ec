// SPDX-License-Identifier: Apache-2.0

internal import CairnIO

/// What was written to the active segment and nobody asked to be durable: a rotation syncs it at once, unless the
/// system has begun to write it before.
struct Writeback {
    /// A part of a file that the system is to begin to write.
    struct Part {
        let file: any VirtualFile
        let range: Range<UInt64>
    }

    private var start: UInt64 = 0
    /// Large enough for one call to be worth it, small enough to leave a rotation little to do.
    private static let byteCountMin: UInt64 = 4 << 20

    /// Notes that the active file was written up to `end`.
    ///
    /// - Parameter isNew: Whether the file took the place of another one since.
    ///
    /// - Returns: What the system is to begin to write now.
    mutating func written(upTo end: UInt64, isNew: Bool) -> Range<UInt64>? {
        if isNew { start = 0 }
        guard end >= start, end - start >= Self.byteCountMin else { return nil }
        defer { start = end }
        return start..<end
    }
}
