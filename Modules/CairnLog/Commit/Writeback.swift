// SPDX-License-Identifier: Apache-2.0

internal import CairnIO

/// The writes to the active segment that no caller waits to be durable: a rotation syncs them at once, unless the
/// system has begun to write them before.
struct Writeback {
    /// A part of a file whose writing the system should start.
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
    /// - Returns: The range whose writing the system should start now.
    mutating func written(upTo end: UInt64, isNew: Bool) -> Range<UInt64>? {
        if isNew { start = 0 }
        guard end >= start, end - start >= Self.byteCountMin else { return nil }
        defer { start = end }
        return start..<end
    }
}
