// SPDX-License-Identifier: Apache-2.0

public import CairnFormat
package import CairnIO
public import CairnLSN

/// A snapshot that a directory has, by its name; nothing is known about its content.
public struct SnapshotInfo: Hashable, Sendable {
    /// The last LSN that it contains.
    public let fence: SnapshotFence

    /// Names the snapshot with this fence, whether it exists or not.
    public init(fence: SnapshotFence) {
        self.fence = fence
    }

    var name: SnapshotName { .snapshot(fence.lsn) }

    /// The name of its file.
    package var fileName: FileName { name.fileName }
}

extension SnapshotInfo: CustomStringConvertible {
    /// The file name.
    public var description: String { name.fileName.string }
}

/// The contents of an intact snapshot: fence, log, sections and sizes.
public struct SnapshotSummary: Hashable, Sendable {
    /// A section: its number, and the amount of data in it.
    public struct Section: Hashable, Sendable {
        /// Its number.
        public let id: UInt32
        /// The number of chunks that it was written in.
        public let chunkCount: UInt32
        /// The number of records that it has.
        public let recordCount: UInt64
        /// The number of bytes that it takes in the file.
        public let byteCount: UInt64
        let firstOffset: UInt64
    }

    /// The last LSN that it contains.
    public let fence: SnapshotFence
    /// The log it belongs to.
    public let logID: LogID
    /// The version that it was written in.
    public let version: FormatVersion
    /// The number of bytes that the file has.
    public let byteCount: UInt64
    /// Its sections, by ascending number.
    public let sections: [Section]
}
