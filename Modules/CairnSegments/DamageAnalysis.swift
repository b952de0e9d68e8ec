// SPDX-License-Identifier: Apache-2.0
//
// Judges damage at the end of the last segment: a write that a crash cut short, or a loss?
//
// - A bad checksum alone proves nothing: disks persist unsynced pages in any order.
// - Every transaction carries the LSN that was durable when it was written. If an intact frame behind
//   the damage carries a durable watermark at or above the damaged record, the damage is a proven loss.
// - A frame that one flipped bit makes whole was written as a whole: also a loss. CRC-32C tells which
//   bit. Where the bit lies in a sector that reads as zeros, or only zeros follow it, the missing part
//   of a torn write looks the same, so that proves nothing.
// - What is left is a torn tail. It may be cut, because nothing in it was ever acknowledged as durable.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
public import CairnLSN

/// The meaning of damage at the end of the last segment.
public struct DamageAnalysis: Hashable, Sendable {
    /// `.tornTail`, `.corruption` or `.unsupportedVersion`.
    public let verdict: Verdict
    /// The reason for the verdict.
    public let evidence: Evidence
    /// The first byte behind the damage from which on there are only zeros.
    public let tailEnd: UInt64

    /// The evidence behind the verdict.
    public enum Evidence: Hashable, Sendable {
        /// Nothing speaks against a torn write.
        case none
        /// An intact frame of a kind that this version does not know.
        case newerFrame
        /// No torn write can leave an intact frame with such content.
        case impossibleContent
        /// An intact frame at `offset` carries the durable watermark `durable`.
        case laterWatermark(durable: LSN, offset: UInt64)
        /// Flipping this bit makes the frame intact.
        case flippedBit(offset: UInt64, bit: Int)
    }
}

extension SegmentReader {
    /// Judges damage that ``next()`` returned, for the last segment of a log.
    ///
    /// - Throws: ``SegmentError`` with code `.io`.
    /// - Complexity: O(*n*) in the bytes behind the damage, in bounded memory.
    public func analyze(_ damage: SegmentDamage) throws(SegmentError) -> DamageAnalysis {
        if damage.kind == .codec(.unknownKind) {
            return DamageAnalysis(
                verdict: .unsupportedVersion, evidence: .newerFrame, tailEnd: damage.offset)
        }
        var scan = TailScan(reader: self, damage: damage)
        try scan.run(over: self)
        let evidence: DamageAnalysis.Evidence
        // A key record was durable before its file had a name.
        let isKey = expectsKey && damage.offset == UInt64(SegmentLayout.headerByteCount)
        if !damage.mayBeTorn || isKey {
            evidence = .impossibleContent
        } else if let watermark = scan.watermark {
            evidence = watermark
        } else if let bit = try flippedBit(at: damage) {
            evidence = bit
        } else {
            evidence = .none
        }
        return DamageAnalysis(
            verdict: evidence == .none ? .tornTail : .corruption, evidence: evidence,
            tailEnd: scan.tailEnd)
    }

    /// Reads up to `wanted` bytes from `offset` on, and takes memory for no more than the file has.
    func read(_ wanted: Int, at offset: UInt64) throws(SegmentError) -> BinaryBuffer {
        let left = fileByteCount > offset ? fileByteCount - offset : 0
        let byteCount = min(wanted, Int(clamping: left))
        var bytes = BinaryBuffer(capacity: byteCount)
        do throws(StorageError) {
            try bytes.append(addingCapacity: byteCount) { (span) throws(StorageError) in
                try file.read(into: &span, at: offset)
            }
        } catch {
            throw SegmentError(error, name: name)
        }
        return bytes
    }

    /// Looks for the one bit that makes the damaged frame intact.
    private func flippedBit(
        at damage: SegmentDamage
    ) throws(SegmentError) -> DamageAnalysis.Evidence? {
        let left = fileByteCount - damage.offset
        let headBytes = try read(
            min(FrameLayout.headerByteCount, Int(clamping: left)), at: damage.offset)
        guard headBytes.count == FrameLayout.headerByteCount else { return nil }
        guard damage.kind == .codec(.payloadChecksum) else {
            return try flippedHeaderBit(headBytes.array(), damage)
        }
        let frame: FrameHeader
        do { frame = try codec.header(in: headBytes.bytes, at: 0) } catch { return nil }
        let bytes = try read(frame.frameByteCount, at: damage.offset)
        guard bytes.count == frame.frameByteCount else { return nil }
        let sums = codec.checksums(of: frame, in: bytes.bytes, at: 0)
        let sumOffset = frame.frameByteCount - FrameLayout.payloadChecksumByteCount
        let covered = bytes.bytes.extracting(FrameLayout.headerByteCount..<sumOffset)
        let difference = CRC32C.checksum(of: covered, seed: sums.header) ^ sums.payload
        guard
            let bit = BitError.position(of: difference, messageByteCount: covered.byteCount)
        else { return nil }
        return evidence(bit.byte + FrameLayout.headerByteCount, bit.bit, bytes.bytes, damage)
    }

    private func flippedHeaderBit(
        _ bytes: [UInt8], _ damage: SegmentDamage
    ) throws(SegmentError) -> DamageAnalysis.Evidence? {
        for byte in 0..<bytes.count {
            for bit in 0..<8 {
                var candidate = bytes
                candidate[byte] ^= 1 << UInt8(bit)
                guard let frame = try? codec.header(in: candidate.span.bytes, at: 0),
                    frame.lsn == damage.lsn && damage.lsn > .never || frame.kind.lsnCount == 0
                else { continue }
                let whole = try read(frame.frameByteCount, at: damage.offset)
                return evidence(byte, bit, whole.bytes, damage)
            }
        }
        return nil
    }

    /// The evidence of a flipped bit, unless a torn write explains it, too.
    private func evidence(
        _ byte: Int, _ bit: Int, _ frame: RawSpan, _ damage: SegmentDamage
    ) -> DamageAnalysis.Evidence? {
        let offset = damage.offset + UInt64(byte)
        let sector = offset / 512 * 512
        let sectorStart = sector > damage.offset ? Int(sector - damage.offset) : 0
        let sectorEnd = min(frame.byteCount, Int(sector + 512 - damage.offset))
        let missingSector = frame.extracting(sectorStart..<sectorEnd).isAllZero
        let missingRest = frame.extracting(byte..<frame.byteCount).isAllZero
        return missingSector || missingRest ? nil : .flippedBit(offset: offset, bit: bit)
    }
}

/// One pass over everything behind the damage.
private struct TailScan {
    let codec: FrameCodec
    let damage: SegmentDamage
    var watermark: DamageAnalysis.Evidence?
    var tailEnd: UInt64
    private static let windowByteCount = 1 << 20

    init(reader: borrowing SegmentReader, damage: SegmentDamage) {
        codec = reader.codec
        self.damage = damage
        tailEnd = damage.offset
    }

    /// Looks at every place where a frame may begin; windows overlap by one header.
    mutating func run(over reader: borrowing SegmentReader) throws(SegmentError) {
        var offset = damage.offset
        while offset < reader.fileByteCount {
            let window = try reader.read(Self.windowByteCount, at: offset)
            guard !window.isEmpty else { return }
            look(at: window.bytes, from: offset)
            let step = window.count - FrameLayout.headerByteCount
            guard step > 0, window.count == Self.windowByteCount else { return }
            offset += UInt64(step)
        }
    }

    private mutating func look(at window: RawSpan, from windowOffset: UInt64) {
        var last = window.byteCount
        while last > 0, window.unsafeLoad(fromByteOffset: last - 1, as: UInt8.self) == 0 {
            last -= 1
        }
        if last > 0 { tailEnd = max(tailEnd, windowOffset + UInt64(last)) }
        var position = 0
        while watermark == nil, position + FrameLayout.headerByteCount <= window.byteCount {
            let kind = FrameKind(
                rawValue: window.unsafeLoad(
                    fromByteOffset: position + FrameLayout.kind.offset, as: UInt8.self))
            if kind.carriesWatermark,
                let frame = try? codec.header(in: window, at: position),
                // Behind the largest LSN there is none for a watermark to cover.
                damage.lsn > .never, frame.lsn >= damage.lsn, frame.relatedLSN >= damage.lsn
            {
                watermark = .laterWatermark(
                    durable: frame.relatedLSN, offset: windowOffset + UInt64(position))
            }
            position += FrameLayout.alignment
        }
    }
}
