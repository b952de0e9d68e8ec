// SPDX-License-Identifier: Apache-2.0

public import CairnCodec
public import CairnIO
public import CairnSync

/// How a log is opened.
public struct LogOptions: Sendable {
    /// For reading only, or also for writing. Reading never changes a byte.
    public var access: FileAccess = .readWrite
    /// Creates the log when there is none.
    public var createIfMissing = true
    /// When commits become durable.
    public var syncPolicy: SyncPolicy = .everyCommit
    /// A segment that has reached this size is followed by a new one. A transaction is never split
    /// between segments, so a segment may become larger by one transaction.
    public var segmentByteCount = 64 << 20
    /// Fills each new segment with zeros when it is created, so that commits overwrite blocks that
    /// exist. Costs the time to write a segment at each rotation, and its space from the start.
    public var preparesSegments = false
    /// Makes batches smaller before they are written; nil to store them as they are.
    public var compressor: (any BatchCompressor)?
    /// Smaller batches are not compressed.
    public var compressionByteCountMin = 4096
    /// What else batches of this log may be compressed with, for reading.
    public var decompressors: [any BatchCompressor] = []
    /// The longest torn tail that opening cuts by itself. A longer one is refused.
    public var tornTailByteCountMax = 64 << 20
    /// The bounds of frames.
    public var frameLimits = FrameLimits()

    /// The defaults.
    public init() {}

    func decompressor(for id: CompressionID) -> (any BatchCompressor)? {
        ([compressor].compactMap(\.self) + decompressors).first { $0.id == id }
    }
}
