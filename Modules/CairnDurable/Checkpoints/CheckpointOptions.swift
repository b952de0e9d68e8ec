// SPDX-License-Identifier: Apache-2.0

public import CairnCodec

/// When a store makes checkpoints by itself, and what it keeps.
///
/// They are made in the background, one at a time, and hold up neither writers nor readers. A checkpoint that fails
/// costs nothing but the next opening some time: it is reported, and tried again after a pause that grows.
public struct CheckpointOptions: Sendable {
    /// Makes checkpoints without being asked. `checkpoint()` works either way.
    public var isAutomatic = true
    /// A checkpoint is due when the log since the last snapshot is longer than this, and longer than
    /// ``snapshotFraction`` of that snapshot.
    public var logByteCountMin = 64 << 20
    /// See ``logByteCountMin``: with a quarter, replay never takes much longer than loading does.
    public var snapshotFraction = 0.25
    /// A checkpoint is also due after so many commits; nil not to count them.
    public var commitCount: Int?
    /// A checkpoint is also due so long after the one before, if there was a commit since; nil not to look at the
    /// clock.
    public var interval: Duration?
    /// Makes a checkpoint when the store is closed, so that the next opening replays nothing. One that fails is
    /// reported, and the store is closed all the same.
    public var checkpointsOnClose = false
    /// So many snapshots stay, and the log since the oldest of them: at least 2, so that a damaged newest one costs
    /// time and no data. More of them let a restore go further back.
    public var generations = 2
    /// Snapshots and log also stay as long as they are needed to restore any moment of this last while; nil for as long
    /// as ``generations`` says.
    public var keepsPast: Duration?
    /// Makes the chunks of snapshots smaller, each by itself, before they are written; nil to store them as they are.
    ///
    /// Opening needs it, here or in the decompressors of `LogOptions`, for as long as a snapshot has it. What reads a store
    /// without its program, such as a backup, does not.
    public var compressor: (any BatchCompressor)?
    /// The archive that snapshots and segments are moved to before they are dropped: each checkpoint moves what the archive has not yet. While
    /// that fails, nothing is dropped; the checkpoint is made, the failure reported, and archiving tried again after a pause.
    /// One store, and one timeline of it, to an archive.
    public var archive: (any Archive)?
    /// How long to wait before a checkpoint that failed, or an archive, is tried again; doubled with each failure in a row.
    public var retryPause = Duration.seconds(1)
    /// The longest such pause.
    public var retryPauseMax = Duration.seconds(600)
    /// Called after a checkpoint that the store made by itself has failed, on a thread of the store. It must not close
    /// the store.
    public var onFailure: (@Sendable (DurableError) -> Void)?

    /// The defaults: automatic, by the length of the log.
    public init() {}

    /// Checkpoints only when `checkpoint()` is called.
    public static var manual: CheckpointOptions {
        var options = CheckpointOptions()
        options.isAutomatic = false
        return options
    }
}

/// The checkpoints of a store at one moment.
public struct CheckpointStatus: Hashable, Sendable {
    /// How long the log since the last snapshot is, in bytes; after an opening, how long the batches were that were
    /// replayed.
    public let logByteCount: Int
    /// At which length the next one is made by itself; nil when none is.
    public let dueByteCount: Int?
    /// Whether one is being made by itself.
    public let isRunning: Bool
    /// The number of checkpoints made since the store was opened, automatically or by a call.
    public let madeCount: Int
    /// The last of them.
    public let last: Checkpoint?
    /// The error of the last automatic checkpoint; nil when it succeeded.
    public let failure: DurableError?
    /// The number of failures in a row.
    public let failureCount: Int
    /// How long until the next one is tried after a failure; nil when none failed, or none will be tried.
    public let retryPause: Duration?
}
