// SPDX-License-Identifier: Apache-2.0

public import CairnLSN
public import SystemPackage

/// The speed of a backup, and a report of its progress.
public struct BackupOptions: Sendable {
    /// So many bytes are copied in a second at most; nil for as fast as it goes.
    public var byteCountPerSecond: Int?
    /// Called with how many bytes were copied so far, on the thread that copies.
    public var onProgress: (@Sendable (UInt64) -> Void)?

    /// Every option at its default.
    public init() {}
}

/// A backup that is whole and durable.
public struct Backup: Hashable, Sendable {
    /// The directory of the backup, which opens by itself, for reading.
    public let path: FilePath
    /// Everything that was durable at this LSN is in it, and nothing else.
    public let lsn: LSN
    /// The log that it is of.
    public let logID: LogID
    /// When its last transaction was committed, in nanoseconds since 1970; 0 when there is none in its log.
    public let lastCommitNanoseconds: UInt64
    /// The number of files in the backup.
    public let fileCount: Int
    /// Bytes that were copied from the store.
    public let copiedByteCount: UInt64
    /// Bytes that an earlier backup had already.
    public let sharedByteCount: UInt64
}
