// SPDX-License-Identifier: Apache-2.0
//
// Reads a segment file frame by frame.
//
// - Memory is bounded by one window (256 KiB) or by one frame, whichever is larger, and a frame is never
//   believed to be larger than the file.
// - A frame that lies in the window as a whole is decoded once, checked and accounted for. Only what is no
//   intact frame there is looked at again, step by step and with more of the file.
// - The reader only tells where a segment stops being readable and how; ``DamageAnalysis`` judges what
//   that means.
// - Of an encrypted segment it checks the key before anything else, and hands out what it has decrypted. Without a key it
//   tells all the same whether a frame is intact.

public import CairnCodec
public import CairnFormat
public import CairnIO
internal import CairnLSN

/// A reader at one place of a segment file.
public struct SegmentReader: ~Copyable {
    /// The name under which the file was opened.
    public let name: SegmentName
    /// The header, which was checked when the file was opened.
    public let header: SegmentHeader
    /// The number of bytes that the file had when it was opened, or refreshed.
    public private(set) var fileByteCount: UInt64
    /// The account of everything read so far, the seal included.
    public private(set) var progress: SegmentProgress
    /// The header of the frame read last; before the first it is of kind 0, which no frame is.
    public private(set) var frame = FrameHeader(
        kind: FrameKind(rawValue: 0), lsn: .never, relatedLSN: .never, payloadByteCount: 0)
    /// The offset of the frame read last.
    public private(set) var frameOffset: UInt64 = 0

    /// For a file that another process writes: a header of zeros is the end, whatever may lie behind it by now.
    package var isLive = false
    let file: any VirtualFile
    let codec: FrameCodec
    @usableFromInline var window: BinaryBuffer
    private var windowOffset: UInt64 = 0
    @usableFromInline var payloadRange = 0..<0
    /// The payload that was decrypted last.
    @usableFromInline var decrypted: BinaryBuffer
    @usableFromInline var isDecrypted = false
    /// The key that the segment is encrypted with; nil for one that is not encrypted.
    public let keyID: KeyID?
    /// The cipher of an encrypted segment whose key was given.
    public let cipher: (any FileCipher)?
    /// The bytes that are durable before the file has its name: the header, and the key record of an encrypted segment.
    package var beginningByteCount: UInt64 {
        let key = FrameLayout.frameByteCount(payloadByteCount: KeyRecord.provenByteCount)
        return UInt64(SegmentLayout.headerByteCount + (keyID == nil ? 0 : key))
    }
    /// Payloads are encrypted.
    private let isEncrypted: Bool
    /// The segment must have a key record.
    let expectsKey: Bool
    private var progressBeforeSeal: SegmentProgress?
    private static let windowByteCount = 256 << 10

    /// The result of reading on.
    public enum Step: Hashable, Sendable {
        /// A frame that is intact and in order: ``SegmentReader/frame`` and ``SegmentReader/payload``.
        case frame
        /// The end: no more bytes, or only zeros.
        case end
        /// Bytes that are no frame in order.
        case damage(SegmentDamage)
    }

    /// Opens a segment file and checks its header, and with `encryption` its key.
    ///
    /// - Parameters:
    ///   - file: The file, which is read only.
    ///   - name: The name that its header must agree with.
    ///   - limits: The bounds of frames.
    ///   - encryption: The keys of the store. Without, the frames of an encrypted segment are checked all the same, and
    ///     say in their headers that they are encrypted.
    /// - Throws: ``SegmentError`` with code `.io`, `.corruption` (damaged header, or one that is not the
    ///   name's), `.notALog`, `.unsupportedVersion`, and `.encryption` when the keys do not fit.
    public init(
        _ file: any VirtualFile, name: SegmentName, limits: FrameLimits = FrameLimits(),
        encryption: (any StoreCipher)? = nil
    ) throws(SegmentError) {
        let byteCount: UInt64
        do throws(StorageError) {
            byteCount = try file.byteCount()
        } catch {
            throw SegmentError(error, name: name)
        }
        let room = Int(min(byteCount, UInt64(Self.windowByteCount)))
        var head = BinaryBuffer(capacity: room)
        do throws(StorageError) {
            try head.append(addingCapacity: room) { (span) throws(StorageError) in
                try file.read(into: &span, at: 0)
            }
        } catch {
            throw SegmentError(error, name: name)
        }
        let header: SegmentHeader
        do throws(FormatError) {
            header = try SegmentHeader(from: head.bytes)
        } catch {
            throw SegmentError(error, name: name)
        }
        guard header.name == name else {
            throw SegmentError(
                code: .corruption, name: name, offset: 0, reason: .nameAndHeaderDiffer)
        }
        let codec = FrameCodec(log: header.logID, segment: header.segment, limits: limits)
        let key = try SegmentKey(in: head.bytes, of: header, codec, encryption)
        self.file = file
        self.name = name
        self.header = header
        fileByteCount = byteCount
        self.codec = codec
        (keyID, cipher, isEncrypted) = (key.keyID, key.cipher, key.isEncrypted)
        expectsKey = key.isExpected
        progress = SegmentProgress(
            header: header, headerChecksum: head.bytes.load(SegmentLayout.checksum))
        window = head
        decrypted = BinaryBuffer(capacity: 0)
    }

    /// The account without the seal, which the next segment's header repeats.
    public var content: SegmentProgress { progressBeforeSeal ?? progress }

    /// - Throws: ``SegmentError`` with code `.encryption` for an encrypted segment without a key.
    package func expectKey() throws(SegmentError) {
        guard isEncrypted, cipher == nil, !expectsKey else { return }
        throw SegmentError(CipherError(code: .encrypted, keyID: keyID), name: name)
    }

    /// True once the seal was read.
    public var isSealed: Bool { progressBeforeSeal != nil }

    /// The payload of the frame read last.
    @inlinable
    public var payload: RawSpan {
        @_lifetime(borrow self)
        get { isDecrypted ? decrypted.bytes : window.bytes.extracting(payloadRange) }
    }

    /// Reads the next frame.
    ///
    /// After `.end` or `.damage` it returns the same again.
    ///
    /// - Throws: ``SegmentError`` with code `.io`.
    public mutating func next() throws(SegmentError) -> Step {
        let start = Int(truncatingIfNeeded: progress.byteCount &- windowOffset)
        do throws(CodecError) {
            return accept(try codec.frame(in: window.bytes, at: start), at: start)
        } catch {
            return try nextFromFile()
        }
    }

    /// Reads the next frame where the window does not hold all of it, or something else.
    private mutating func nextFromFile() throws(SegmentError) -> Step {
        let offset = progress.byteCount
        guard offset < fileByteCount else { return .end }
        let left = fileByteCount - offset
        try fill(from: offset, byteCount: min(left, UInt64(FrameLayout.headerByteCount)))
        let header: FrameHeader
        do throws(CodecError) {
            header = try codec.header(in: window.bytes, at: Int(offset - windowOffset))
        } catch {
            return try judge(error.code, at: offset)
        }
        guard UInt64(header.frameByteCount) <= left else { return .damage(damage(.truncated)) }
        try fill(from: offset, byteCount: UInt64(header.frameByteCount))
        let start = Int(offset - windowOffset)
        do throws(CodecError) {
            return accept(try codec.frame(in: window.bytes, at: start), at: start)
        } catch {
            return .damage(damage(.codec(error.code)))
        }
    }

    /// Goes on at a frame behind damage.
    mutating func skip(to offset: UInt64, before frame: FrameHeader) {
        progress.skip(to: offset, before: frame)
        window.removeAll()
        windowOffset = offset
        payloadRange = 0..<0
    }

    /// Forgets what was read ahead, for a file that has grown or was written to since: the next frame is
    /// read anew.
    ///
    /// - Throws: ``SegmentError`` with code `.io`.
    package mutating func refresh() throws(SegmentError) {
        do throws(StorageError) {
            fileByteCount = try file.byteCount()
        } catch {
            throw SegmentError(error, name: name)
        }
        window.removeAll()
        windowOffset = progress.byteCount
        payloadRange = 0..<0
    }

    /// Makes what another process has written to the file durable.
    ///
    /// - Throws: ``SegmentError`` with code `.io`; after that nothing is known of what is durable.
    package func sync() throws(SegmentError) {
        do throws(StorageError) { try file.sync() } catch { throw SegmentError(error, name: name) }
    }

    /// Checks the order of an intact frame, which begins at `start` of the window, and adds it.
    @inline(__always)
    private mutating func accept(_ found: Frame, at start: Int) -> Step {
        let header = found.header
        guard !isSealed else { return .damage(damage(.frameAfterSeal)) }
        let expected = progress.lastLSN.rawValue &+ min(header.kind.lsnCount, 1)
        guard header.lsn.rawValue == expected, header.lastLSN >= header.lsn else {
            return .damage(damage(.lsnOutOfOrder))
        }
        let payloadStart = start + FrameLayout.headerByteCount
        var range = payloadStart..<payloadStart &+ header.payloadByteCount
        if header.kind == .segmentSeal {
            guard isSeal(window.bytes.extracting(range)) else {
                return .damage(damage(.sealMismatch))
            }
            progressBeforeSeal = progress
        }
        if header.kind == .segmentKey {
            guard progress.byteCount == UInt64(SegmentLayout.headerByteCount),
                header.payloadByteCount == KeyRecord.provenByteCount
            else { return .damage(damage(.misplacedKey)) }
        }
        frame = header
        if isEncrypted, header.kind.lsnCount > 0 {
            guard decrypt(header, at: start, &range) else { return .damage(damage(.notAuthentic)) }
        } else {
            isDecrypted = false
        }
        payloadRange = range
        frameOffset = progress.byteCount
        progress.add(header, found.checksums)
        return .frame
    }

    /// Decrypts the payload of a frame; without a key, leaves of it what is in the clear.
    ///
    /// - Returns: False when no holder of the key wrote it there.
    @inline(never)
    private mutating func decrypt(
        _ header: FrameHeader, at start: Int, _ range: inout Range<Int>
    ) -> Bool {
        isDecrypted = false
        let clear = min(header.kind.clearByteCount, header.payloadByteCount)
        let clearEnd = range.lowerBound + clear
        guard let cipher else {
            range = range.lowerBound..<clearEnd
            frame.isEncrypted = true
            return true
        }
        var plain = BinaryBuffer(capacity: 0)
        swap(&plain, &decrypted)
        plain.removeAll()
        plain.append(window.bytes.extracting(range.lowerBound..<clearEnd))
        do throws(CipherError) {
            try cipher.decrypt(
                window.bytes.extracting(clearEnd..<range.upperBound),
                context: window.bytes.extracting(start..<clearEnd), into: &plain)
            isDecrypted = true
        } catch {}
        swap(&plain, &decrypted)
        return isDecrypted
    }

    /// Whether a payload is the seal of what was read so far.
    private func isSeal(_ payload: RawSpan) -> Bool {
        payload.array() == SegmentSeal(progress: progress, baseLSN: header.baseLSN).encoded()
    }

    /// Tells the clean end from damage, for bytes that are no frame header.
    private mutating func judge(
        _ code: CodecError.Code, at offset: UInt64
    ) throws(SegmentError) -> Step {
        guard code == .noFrame || code == .truncated else { return .damage(damage(.codec(code))) }
        if isLive, code == .noFrame { return .end }
        var position = offset
        while position < fileByteCount {
            let count = min(fileByteCount - position, UInt64(Self.windowByteCount))
            try fill(from: position, byteCount: count)
            let start = Int(position - windowOffset)
            guard window.bytes.extracting(start..<start + Int(count)).isAllZero else {
                let kind: SegmentDamage.Kind = code == .noFrame ? .bytesAfterEnd : .truncated
                return .damage(damage(kind))
            }
            position += count
        }
        return .end
    }

    private func damage(_ kind: SegmentDamage.Kind) -> SegmentDamage {
        SegmentDamage(
            kind: kind, offset: progress.byteCount,
            lsn: LSN(rawValue: progress.lastLSN.rawValue &+ 1))
    }

    /// Makes the window hold `byteCount` bytes of the file from `offset` on.
    ///
    /// - Precondition: The file has them.
    private mutating func fill(from offset: UInt64, byteCount: UInt64) throws(SegmentError) {
        let end = offset + byteCount
        if offset >= windowOffset, end <= windowOffset + UInt64(window.count) { return }
        if offset >= windowOffset, offset <= windowOffset + UInt64(window.count) {
            window.removeFirst(Int(offset - windowOffset))
        } else {
            window.removeAll()
        }
        windowOffset = offset
        // No more than there is: most segments of a small store are far smaller than a window.
        let ahead = min(fileByteCount - offset, UInt64(Self.windowByteCount))
        let wanted = Int(max(byteCount, ahead))
        let readOffset = offset + UInt64(window.count)
        let file = file
        do throws(StorageError) {
            try window.append(addingCapacity: wanted - window.count) {
                (span) throws(StorageError) in
                try file.read(into: &span, at: readOffset)
            }
        } catch {
            throw SegmentError(error, name: name)
        }
        guard UInt64(window.count) >= byteCount else {
            throw SegmentError(code: .corruption, name: name, offset: offset, reason: .fileShrank)
        }
    }
}
