// SPDX-License-Identifier: Apache-2.0
//
// Writes the frames of one log as those of another, from some LSN on: into `log.creating/`, which becomes `log/` when all
// of it is durable.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnSegments

struct LogRewriter: ~Copyable {
    private let root: any VirtualDirectory
    private let directory: any VirtualDirectory
    private let segments: SegmentDirectory
    private var encoder: SegmentEncoder
    private var file: any VirtualFile
    private var pending = BinaryBuffer(capacity: 1 << 20)
    private var offset: UInt64
    private(set) var account = FrameAccount()
    private var isWithin = false
    private let encryption: (any StoreCipher)?

    private static let creatingName: FileName = "log.creating"
    private static let logName: FileName = "log"
    private static let segmentByteCount: UInt64 = 64 << 20

    init(
        in root: any VirtualDirectory, _ logID: LogID, after lsn: LSN,
        environment: StorageEnvironment, encryption: (any StoreCipher)?
    ) throws {
        let directory = try root.createDirectory(Self.creatingName)
        let segments = SegmentDirectory(directory, randomness: environment.randomness)
        let header = SegmentHeader(
            logID: logID, segment: .first, baseLSN: try lsn.successor(), predecessorLastLSN: lsn,
            predecessorByteCount: 0, predecessorChain: 0)
        var content = BinaryBuffer(capacity: 256)
        let encoder = SegmentEncoder(new: header, encryption: encryption, into: &content)
        let file = try segments.create(header.name, content: content.bytes)
        self.root = root
        self.encryption = encryption
        self.directory = directory
        self.segments = segments
        self.encoder = encoder
        self.file = file
        offset = encoder.progress.byteCount
    }

    /// Adds a frame that takes LSNs; it gets the ones that it had.
    mutating func append(_ frame: FrameHeader, _ payload: RawSpan) throws {
        if !isWithin, encoder.progress.byteCount >= Self.segmentByteCount { try rotate() }
        try expectRoom(frame, payload)
        let lsns = try encoder.append(
            frame.kind, relatedLSN: frame.relatedLSN, compression: frame.compression,
            uncompressedByteCount: frame.uncompressedByteCount, payload: payload, to: &pending)
        guard lsns.first == frame.lsn else {
            throw LogError(code: .replayGap, lsn: frame.lsn)
        }
        account.add(frame, payload)
        // A transaction is never split between segments.
        switch frame.kind {
        case .transactionBegin: isWithin = true
        case .transactionCommit, .transactionAbort: isWithin = false
        default: break
        }
        if pending.count >= 1 << 20 { try flush() }
    }

    /// A frame of a log that is not encrypted may be too large for one that is.
    private func expectRoom(_ frame: FrameHeader, _ payload: RawSpan) throws(LogError) {
        let overhead = encryption == nil ? 0 : EncryptedPayload.overheadByteCount
        guard payload.byteCount >= frame.kind.clearByteCount || encryption == nil,
            payload.byteCount + overhead <= FrameLimits().payloadByteCountMax
        else {
            throw LogError(
                code: .codec, lsn: frame.lsn, codec: CodecError(code: .batchTooLarge, offset: 0))
        }
    }

    private mutating func flush() throws(StorageError) {
        guard !pending.isEmpty else { return }
        try file.write(pending.bytes, at: offset)
        file.startWriteback(offset..<offset + UInt64(pending.count))
        offset += UInt64(pending.count)
        pending.removeAll()
    }

    /// Goes on in another segment. There are no readers meanwhile, but the order is that of every rotation.
    private mutating func rotate() throws {
        try flush()
        try file.sync()
        var seal = BinaryBuffer(capacity: 128)
        let header = try encoder.seal(into: &seal)
        var content = BinaryBuffer(capacity: 256)
        encoder = SegmentEncoder(new: header, encryption: encryption, into: &content)
        let next = try segments.create(header.name, content: content.bytes)
        try file.write(seal.bytes, at: offset)
        try file.sync()
        try file.close()
        file = next
        offset = encoder.progress.byteCount
    }

    /// Makes the log durable, gives it its name, and ends it with its durable watermark.
    mutating func finish() throws {
        // A crash or the end of the backup may have cut a transaction: it is not part of any moment.
        precondition(!isWithin, "a moment is a commit")
        let last = encoder.progress.lastLSN
        try encoder.append(
            .durableMark, relatedLSN: last, payload: RawSpan(), to: &pending)
        try flush()
        try file.sync()
        try file.close()
        try directory.sync()
        try root.sync()
        try root.rename(Self.creatingName, to: Self.logName)
        try root.sync()
    }
}
