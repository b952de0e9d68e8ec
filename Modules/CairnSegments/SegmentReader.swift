// SPDX-License-Identifier: Apache-2.0
//
// Reads a segment file frame by frame.
//
// - Memory is bounded by one window (256 KiB) or by one frame, whichever is larger, and a frame is never
//   believed to be larger than the file.
// - The reader only tells where a segment stops being readable and how; ``DamageAnalysis`` judges what
//   that means.

public import CairnCodec
internal import CairnFormat
public import CairnIO
internal import CairnLSN

/// A reader at one place of a segment file.
public struct SegmentReader: ~Copyable {
    /// The name under which the file was opened.
    public let name: SegmentName
    /// The header of the segment.
    public let header: SegmentHeader
    /// How many bytes the file had when it was opened, or refreshed.
    public private(set) var fileByteCount: UInt64
    /// What was read so far.
    public private(set) var progress: SegmentProgress
    /// What was read so far, without the seal: what the next segment's header speaks of.
    public private(set) var content: SegmentProgress
    /// True once the seal was read.
    public private(set) var isSealed = false
    /// Where the frame read last begins.
    public private(set) var frameOffset: UInt64 = 0

    let file: any File
    let codec: FrameCodec
    private var window: ByteBuffer
    private var windowOffset: UInt64 = 0
    private var payloadRange = 0..<0
    private static let windowByteCount = 256 << 10

    /// What came next.
    public enum Step: Hashable, Sendable {
        /// A frame that is intact and in order; its payload is ``SegmentReader/payload``.
        case frame(FrameHeader)
        /// The end: no more bytes, or only zeros.
        case end
        /// Bytes that are no frame in order.
        case damage(SegmentDamage)
    }

    /// Opens a segment file and checks its header.
    ///
    /// - Throws: ``SegmentError`` with code `.io`, `.corruption` (damaged header, or one that is not the
    ///   name's), `.notALog`, `.unsupportedVersion`.
    public init(
        _ file: any File, name: SegmentName, limits: FrameLimits = FrameLimits()
    ) throws(SegmentError) {
        let byteCount: UInt64
        do throws(IOError) {
            byteCount = try file.byteCount()
        } catch {
            throw SegmentError(error, name: name)
        }
        let room = Int(min(byteCount, UInt64(Self.windowByteCount)))
        var head = ByteBuffer(capacity: room)
        do throws(IOError) {
            try head.append(addingCapacity: room) { (span) throws(IOError) in
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
        self.file = file
        self.name = name
        self.header = header
        fileByteCount = byteCount
        codec = FrameCodec(log: header.logID, segment: header.segment, limits: limits)
        progress = SegmentProgress(
            header: header, headerChecksum: head.bytes.load(SegmentLayout.checksum))
        content = progress
        window = head
    }

    /// The payload of the frame read last.
    public var payload: RawSpan {
        @_lifetime(borrow self)
        get { window.bytes.extracting(payloadRange) }
    }

    /// Reads the next frame.
    ///
    /// After `.end` or `.damage` it returns the same again.
    ///
    /// - Throws: ``SegmentError`` with code `.io`.
    public mutating func next() throws(SegmentError) -> Step {
        let offset = progress.byteCount
        guard offset < fileByteCount else { return .end }
        let left = fileByteCount - offset
        try fill(from: offset, byteCount: min(left, UInt64(FrameLayout.headerByteCount)))
        let frame: FrameHeader
        do throws(CodecError) {
            frame = try codec.header(in: window.bytes, at: Int(offset - windowOffset))
        } catch {
            return try judge(error.code, at: offset)
        }
        guard UInt64(frame.frameByteCount) <= left else { return .damage(damage(.truncated)) }
        try fill(from: offset, byteCount: UInt64(frame.frameByteCount))
        return accept(frame, at: offset)
    }

    /// Forgets what was read ahead, for a file that has grown or was written to since: the next frame is
    /// read anew.
    ///
    /// - Throws: ``SegmentError`` with code `.io`.
    public mutating func refresh() throws(SegmentError) {
        do throws(IOError) {
            fileByteCount = try file.byteCount()
        } catch {
            throw SegmentError(error, name: name)
        }
        window.removeAll()
        windowOffset = progress.byteCount
        payloadRange = 0..<0
    }

    /// Checks the payload and the order of a frame that lies in the window as a whole.
    private mutating func accept(_ frame: FrameHeader, at offset: UInt64) -> Step {
        let start = Int(offset - windowOffset)
        let sums: FrameChecksums
        do throws(CodecError) {
            sums = try codec.check(frame, in: window.bytes, at: start)
        } catch {
            return .damage(damage(.codec(error.code)))
        }
        guard !isSealed else { return .damage(damage(.frameAfterSeal)) }
        let expected = LSN(rawValue: progress.lastLSN.rawValue &+ (frame.kind.lsnCount > 0 ? 1 : 0))
        guard frame.lsn == expected, frame.lastLSN >= frame.lsn else {
            return .damage(damage(.lsnOutOfOrder))
        }
        let payloadStart = start + FrameLayout.headerByteCount
        let range = payloadStart..<payloadStart + frame.payloadByteCount
        if frame.kind == .segmentSeal {
            let seal = SegmentSeal(progress: progress, baseLSN: header.baseLSN).encoded()
            guard window.bytes.extracting(range).array() == seal else {
                return .damage(damage(.sealMismatch))
            }
            isSealed = true
        }
        payloadRange = range
        frameOffset = offset
        progress.add(frame, sums)
        if !isSealed { content = progress }
        return .frame(frame)
    }

    /// Tells the clean end from damage, for bytes that are no frame header.
    private mutating func judge(
        _ code: CodecError.Code, at offset: UInt64
    ) throws(SegmentError) -> Step {
        guard code == .noFrame || code == .truncated else { return .damage(damage(.codec(code))) }
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
        do throws(IOError) {
            try window.append(addingCapacity: wanted - window.count) { (span) throws(IOError) in
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
