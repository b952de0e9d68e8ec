// SPDX-License-Identifier: Apache-2.0
//
// Makes checksums right, as an attacker would: what lies behind them would else never
// be reached by inputs that are found by chance.

internal import CairnCodec
internal import CairnFormat
internal import CairnLSN
internal import CairnSegments
internal import CairnSnapshot

enum Repair {
    static func sum(_ bytes: [UInt8], _ range: Range<Int>, seed: UInt32 = 0) -> UInt32 {
        CRC32C.checksum(of: bytes.span.bytes.extracting(range), seed: seed)
    }

    static func put(_ value: some FixedWidthInteger, _ bytes: inout [UInt8], at offset: Int) {
        withUnsafeBytes(of: value.littleEndian) { source in
            for (index, byte) in source.enumerated() { bytes[offset + index] = byte }
        }
    }

    static func get<Value: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: [UInt8], at offset: Int
    ) -> Value {
        Value(
            littleEndian: bytes.span.bytes.unsafeLoadUnaligned(
                fromByteOffset: offset, as: Value.self))
    }

    /// Makes the checksums of the frame at `offset` right.
    ///
    /// - Parameters:
    ///   - fits: Whether a length beyond the end is brought within it first.
    ///   - pads: Whether the padding becomes zero.
    /// - Returns: Where the next frame begins; nil when this one does not fit.
    static func frame(
        _ bytes: inout [UInt8], at offset: Int, salt: UInt32, fits: Bool, pads: Bool = true
    ) -> Int? {
        let head = FrameLayout.headerByteCount
        guard bytes.count - offset >= head + FrameLayout.alignment else { return nil }
        let room = (bytes.count - offset - head) & ~(FrameLayout.alignment - 1)
        var stored: UInt32 = get(bytes, at: offset + FrameLayout.payloadByteCount.offset)
        if fits, Int(stored) > room - FrameLayout.payloadChecksumByteCount {
            stored %= UInt32(room - FrameLayout.payloadChecksumByteCount + 1)
            put(stored, &bytes, at: offset + FrameLayout.payloadByteCount.offset)
        }
        let headerSum = sum(
            bytes, offset..<offset + FrameLayout.headerChecksum.offset, seed: salt)
        put(headerSum, &bytes, at: offset + FrameLayout.headerChecksum.offset)
        let end = offset + FrameLayout.frameByteCount(payloadByteCount: Int(stored))
        guard end <= bytes.count else { return nil }
        let sumOffset = end - FrameLayout.payloadChecksumByteCount
        for index in offset + head + Int(stored)..<sumOffset where pads { bytes[index] = 0 }
        put(sum(bytes, offset + head..<sumOffset, seed: headerSum), &bytes, at: sumOffset)
        return end
    }

    /// Makes magic, version and their checksum right, at the start of a file.
    static func preamble(_ bytes: inout [UInt8], magic: UInt64) {
        put(magic, &bytes, at: FilePreamble.magic.offset)
        put(sum(bytes, 0..<FilePreamble.checksum.offset), &bytes, at: FilePreamble.checksum.offset)
    }
}

extension Repair {
    /// Makes a segment whole: preamble, header, frames.
    ///
    /// - Parameter isOrdered: Whether LSNs become dense, and a seal says what is before it.
    static func segment(_ bytes: inout [UInt8], isOrdered: Bool) {
        guard bytes.count >= SegmentLayout.headerByteCount else { return }
        preamble(&bytes, magic: SegmentLayout.magic)
        put(
            sum(bytes, 0..<SegmentLayout.checksum.offset), &bytes,
            at: SegmentLayout.checksum.offset)
        guard let header = try? SegmentHeader(from: bytes.span.bytes) else { return }
        let salt = FrameCodec(log: header.logID, segment: header.segment).salt
        var account = SegmentAccount(header, chain: get(bytes, at: SegmentLayout.checksum.offset))
        while account.end + FrameLayout.headerByteCount <= bytes.count {
            let offset = account.end
            // Zeros stay: they are the end.
            if bytes[offset..<offset + 8].allSatisfy({ $0 == 0 }) { return }
            if isOrdered { account.order(&bytes) }
            guard let end = frame(&bytes, at: offset, salt: salt, fits: isOrdered) else { return }
            account.add(bytes, upTo: end)
        }
    }

    /// Chains a segment to the one before it, so that it is its successor; then makes it whole.
    static func successor(_ bytes: inout [UInt8], of before: [UInt8]) {
        guard bytes.count >= SegmentLayout.headerByteCount,
            let header = try? SegmentHeader(from: before.span.bytes),
            var reader = try? SegmentReader(BytesFile(before), name: header.name)
        else { return }
        while case .frame? = try? reader.next() {}
        let end = reader.content
        for offset in SegmentLayout.logID.offset..<SegmentLayout.logID.offset + LogID.byteCount {
            bytes[offset] = before[offset]
        }
        put(header.segment.rawValue &+ 1, &bytes, at: SegmentLayout.segmentID.offset)
        put(end.lastLSN.rawValue &+ 1, &bytes, at: SegmentLayout.baseLSN.offset)
        put(end.lastLSN.rawValue, &bytes, at: SegmentLayout.predecessorLastLSN.offset)
        put(end.byteCount, &bytes, at: SegmentLayout.predecessorByteCount.offset)
        put(end.chain, &bytes, at: SegmentLayout.predecessorChain.offset)
        segment(&bytes, isOrdered: true)
    }
}

extension Repair {
    /// Makes a snapshot whole: preamble, header, chunks, footer, trailer.
    static func snapshot(_ bytes: inout [UInt8]) {
        // Header, an empty footer, trailer: see `Docs/Formats/snapshot.md`.
        guard bytes.count >= 48 + 16 + 24 else { return }
        preamble(&bytes, magic: SnapshotFormat.magic)
        put(sum(bytes, 0..<44), &bytes, at: 44)
        let salt = sum(bytes, 16..<40)
        let trailer = bytes.count - 24
        let recorded: UInt64 = get(bytes, at: trailer)
        let footer = Int(clamping: min(max(recorded, 48), UInt64(trailer - 16)))
        put(UInt64(footer), &bytes, at: trailer)
        put(UInt32(trailer - footer), &bytes, at: trailer + 8)
        put(SnapshotFormat.endMagic, &bytes, at: trailer + 16)
        chunks(&bytes, 48..<footer, salt: salt)
        put(sum(bytes, 0..<trailer - 8), &bytes, at: trailer - 8)
        put(sum(bytes, footer..<trailer - 4, seed: salt), &bytes, at: trailer - 4)
        put(sum(bytes, trailer..<trailer + 12, seed: salt), &bytes, at: trailer + 12)
    }

    private static func chunks(_ bytes: inout [UInt8], _ range: Range<Int>, salt: UInt32) {
        var offset = range.lowerBound
        while offset + 24 <= range.upperBound {
            put(sum(bytes, offset..<offset + 20, seed: salt), &bytes, at: offset + 20)
            let payload: UInt32 = get(bytes, at: offset + 8)
            let end = offset + 24 + Int(payload)
            guard end + 4 <= range.upperBound else { return }
            put(sum(bytes, offset + 24..<end, seed: salt), &bytes, at: end)
            offset = end + 4
        }
    }
}

/// The content of a seal of a segment so far.
private struct SegmentAccount {
    private(set) var end = SegmentLayout.headerByteCount
    private let baseLSN: UInt64
    private var nextLSN: UInt64
    private var frameCount: UInt64 = 0
    private var chain: UInt32

    init(_ header: SegmentHeader, chain: UInt32) {
        baseLSN = header.baseLSN.rawValue
        nextLSN = baseLSN
        self.chain = chain
    }

    /// Gives the frame at the end its LSN, and a seal its content.
    func order(_ bytes: inout [UInt8]) {
        let kind = FrameKind(rawValue: bytes[end + FrameLayout.kind.offset])
        let lsn = kind.lsnCount > 0 ? nextLSN : nextLSN &- 1
        Repair.put(lsn, &bytes, at: end + FrameLayout.lsn.offset)
        let seal = end + FrameLayout.headerByteCount
        guard kind == .segmentSeal, bytes.count >= seal + SegmentLayout.sealByteCountTotal + 4
        else { return }
        let count = UInt32(SegmentLayout.sealByteCountTotal)
        Repair.put(count, &bytes, at: end + FrameLayout.payloadByteCount.offset)
        Repair.put(frameCount, &bytes, at: seal + SegmentLayout.sealFrameCount.offset)
        Repair.put(baseLSN, &bytes, at: seal + SegmentLayout.sealBaseLSN.offset)
        Repair.put(nextLSN &- 1, &bytes, at: seal + SegmentLayout.sealLastLSN.offset)
        Repair.put(UInt64(end), &bytes, at: seal + SegmentLayout.sealByteCount.offset)
        Repair.put(chain, &bytes, at: seal + SegmentLayout.sealChain.offset)
        Repair.put(UInt32(0), &bytes, at: seal + SegmentLayout.sealReserved.offset)
    }

    mutating func add(_ bytes: [UInt8], upTo end: Int) {
        let header: UInt32 = Repair.get(bytes, at: self.end + FrameLayout.headerChecksum.offset)
        let payload: UInt32 = Repair.get(bytes, at: end - FrameLayout.payloadChecksumByteCount)
        nextLSN &+= FrameKind(rawValue: bytes[self.end + FrameLayout.kind.offset]).lsnCount
        chain = CRC32C.checksum(of: UInt64(header) | UInt64(payload) << 32, seed: chain)
        if bytes[self.end + FrameLayout.kind.offset] != FrameKind.segmentKey.rawValue {
            frameCount += 1
        }
        self.end = end
    }
}
