// SPDX-License-Identifier: Apache-2.0

public import CairnCodec
public import CairnFormat
public import CairnIO
internal import CairnSegments
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
    /// Prepares the next segment on a thread of its own, once a quarter of the active one is used: a file of
    /// zeros, so that neither the rotation nor the commits after it wait for the disk to find space.
    ///
    /// Costs the space of one more segment. An error while preparing costs the prepared file only.
    public var preparesSegments = true
    /// How many files of truncated segments are kept at most, to be prepared in place of new ones; 0 for none.
    /// A file that a reader has open is never kept. Without ``preparesSegments`` none is.
    public var recycledSegmentCountMax = 1
    /// The active segment grows by so many bytes of zeros at a time, as long as it is not a prepared one, so that
    /// most commits overwrite blocks that exist; 0 to let it grow commit by commit.
    public var growthByteCount = 64 << 10
    /// Lets a leader wait for more commits before it syncs; nil never to wait.
    public var commitDelay: CommitDelay?
    /// Makes batches smaller before they are written; nil to store them as they are.
    public var compressor: (any BatchCompressor)?
    /// Smaller batches are not compressed.
    public var compressionByteCountMin = 4096
    /// Further compressors that batches of this log, and snapshots of its store, may need, for reading.
    public var decompressors: [any BatchCompressor] = []
    /// Encrypts the files of the store; nil for one that is not encrypted. `CairnEncryption` has `EncryptionKeys`.
    ///
    /// With keys a file that is not encrypted is refused, and without keys one that is: see
    /// ``LogError/Code/encryption``. A log whose last segment has another key than the current one goes on in a new
    /// segment with its next record.
    public var encryption: (any StoreCipher)?
    /// The longest torn tail, in bytes, that opening cuts by itself; a longer one is refused with `.tailTooLong`. Nil, the
    /// default, for no limit.
    ///
    /// A crash can tear everything since the last sync: a transaction of any size, and under the policy `manual` a
    /// segment. A limit below that makes a store that a crash has left rightly impossible to open, so it is for those
    /// programs that look at each long one first.
    public var tornTailByteCountMax: Int?
    /// Told how far an opening is, and may end it; nil for none. An opening that it ends throws ``LogError/Code/cancelled``.
    public var openingObserver: OpeningObserver?
    /// The bounds of frames.
    public var frameLimits = FrameLimits()

    /// Every option at its default.
    public init() {}

    /// The smallest bound for payloads that a log can be written with: the seal of a segment, or its key record.
    static let payloadByteCountMin = max(
        SegmentLayout.sealByteCountTotal, KeyRecord.provenByteCount)

    /// The bytes that a payload has besides its batch: the commit time, and what encryption adds.
    var overheadByteCount: Int {
        8 + (encryption == nil ? 0 : EncryptedPayload.overheadByteCount)
    }

    /// - Throws: ``LogError`` with code `.invalidOptions`.
    func check() throws(LogError) {
        let least =
            encryption == nil ? SegmentLayout.sealByteCountTotal : Self.payloadByteCountMin
        guard frameLimits.payloadByteCountMax >= least else {
            throw LogError(code: .invalidOptions)
        }
    }

    /// All compressors that files of the store may need, for reading.
    package var allDecompressors: [any BatchCompressor] {
        [compressor].compactMap(\.self) + decompressors
    }

    func decompressor(for id: CompressionID) -> (any BatchCompressor)? {
        allDecompressors.first { $0.id == id }
    }
}
