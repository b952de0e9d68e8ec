// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnLSN
internal import CairnSegments

extension FuzzTarget {
    /// Switches (bit 0: make checksums right; bit 1: and the order of LSNs; bit 2: then flip one bit;
    /// bit 3: then cut), two bytes that say where, then a segment file.
    static let segment = FuzzTarget(
        name: "segment", purpose: "a segment file, read to its end, and what damage in it means"
    ) { (input) throws(BrokenInvariant) in
        var input = FuzzInput(input)
        let switches = input.byte()
        let place = input.short()
        var bytes = input.remainder()
        if switches.has(0) { Repair.segment(&bytes, isOrdered: switches.has(1)) }
        if switches.has(2), !bytes.isEmpty {
            bytes[place / 8 % bytes.count] ^= 1 << UInt8(place % 8)
        }
        if switches.has(3) { bytes.removeLast(min(place % 4096, bytes.count)) }
        let header = try? SegmentHeader(from: bytes.span.bytes)
        let name = header?.name ?? SegmentName(segment: .first, baseLSN: .first)
        let whole: SegmentReading
        do { whole = try SegmentReading(bytes, name) } catch { return }
        try whole.check(of: bytes)
        guard whole.analysis?.verdict == .tornTail else { return }
        let kept = Array(bytes.prefix(Int(whole.end)))
        let cut = try mustSucceed("a cut segment must open") { try SegmentReading(kept, name) }
        try require(
            cut.damage == nil && cut.frames == whole.frames,
            "a segment without its torn tail is not what was before the tail")
    } seeds: {
        let switches: [[UInt8]] = [[0, 0, 0], [3, 0, 0], [7, 0, 5], [11, 9, 0]]
        return segmentSeeds.flatMap { seed in switches.map { $0 + seed } } + [farTooLong]
    }

    /// A frame that says it has 60 MiB, intact but for one bit: its length may be believed only as far as
    /// the file goes.
    private static var farTooLong: [UInt8] {
        var seed = SegmentSeed.segment(payloads: [[1, 2, 3]], end: nil)
        let frame = SegmentLayout.headerByteCount
        Repair.put(UInt32(60 << 20), &seed, at: frame + FrameLayout.payloadByteCount.offset)
        let bit = (frame + FrameLayout.relatedLSN.offset) * 8
        return [5, UInt8(bit & 255), UInt8(bit >> 8)] + seed
    }

    /// Segments of some transactions: closed, sealed, and with a large transaction.
    static var segmentSeeds: [[UInt8]] {
        [
            SegmentSeed.segment(payloads: [[1, 2, 3], [], [7]], end: .durableMark),
            SegmentSeed.segment(payloads: [[5, 5], [6]], end: .segmentSeal),
            SegmentSeed.segment(payloads: [], end: nil),
            SegmentSeed.large,
        ]
    }
}

/// The result of reading a segment to its end.
private struct SegmentReading {
    var frames: [FrameHeader] = []
    var damage: SegmentDamage?
    var analysis: DamageAnalysis?
    var end: UInt64 = 0
    private var isSteady = false

    init(_ bytes: [UInt8], _ name: SegmentName) throws(SegmentError) {
        var reader = try SegmentReader(BytesFile(bytes), name: name)
        reading: while true {
            let step = try reader.next()
            switch step {
            case .frame:
                frames.append(reader.frame)
                continue reading
            case .damage(let found):
                damage = found
                analysis = try reader.analyze(found)
            case .end: break
            }
            isSteady = try reader.next() == step
            end = reader.progress.byteCount
            return
        }
    }

    func check(of bytes: [UInt8]) throws(BrokenInvariant) {
        try require(isSteady, "reading on behind the end gives something else")
        try require(end <= UInt64(bytes.count), "the reader is behind the end of the file")
        let size = frames.reduce(SegmentLayout.headerByteCount) { $0 + $1.frameByteCount }
        try require(UInt64(size) == end, "frames and place do not agree")
        var last: LSN?
        for frame in frames where frame.kind.lsnCount > 0 {
            if let last {
                try require(frame.lsn.rawValue == last.rawValue + 1, "LSNs have a gap")
            }
            last = frame.lastLSN
        }
        guard let damage, let analysis else { return }
        try require(damage.offset == end, "damage is not where reading stopped")
        try require(
            analysis.tailEnd >= end && analysis.tailEnd <= UInt64(bytes.count),
            "the tail does not end within the file")
        try require(
            [.tornTail, .corruption, .unsupportedVersion].contains(analysis.verdict),
            "damage is \(analysis.verdict)")
    }
}

/// Segments to start from.
enum SegmentSeed {
    static let logID = LogID(high: 0x1111_2222_3333_4444, low: 0x5555_6666_7777_8888)

    static func segment(payloads: [[UInt8]], end: FrameKind?) -> [UInt8] {
        var buffer = BinaryBuffer()
        var encoder = SegmentEncoder(new: SegmentHeader(firstOf: logID), into: &buffer)
        for payload in payloads {
            append(.transaction, payload, prefix: 1_000_000, &encoder, &buffer)
        }
        switch end {
        case .durableMark?: append(.durableMark, [], prefix: nil, &encoder, &buffer)
        case .segmentSeal?: _ = try? encoder.seal(into: &buffer)
        default: break
        }
        return buffer.array()
    }

    /// A transaction of several frames, and one that does not count.
    static var large: [UInt8] {
        var buffer = BinaryBuffer()
        var encoder = SegmentEncoder(new: SegmentHeader(firstOf: logID), into: &buffer)
        append(.transactionBegin, [], prefix: nil, &encoder, &buffer)
        append(.mutationBatch, BatchSeed.plain, prefix: nil, related: 1, &encoder, &buffer)
        append(.transactionCommit, [], prefix: 5, related: 1, &encoder, &buffer)
        append(.transactionBegin, [], prefix: nil, &encoder, &buffer)
        append(.transactionAbort, [], prefix: nil, related: 4, &encoder, &buffer)
        append(.checkpoint, [], prefix: nil, related: 2, &encoder, &buffer)
        return buffer.array()
    }

    static func append(
        _ kind: FrameKind, _ payload: [UInt8], prefix: UInt64?, related: UInt64? = nil,
        _ encoder: inout SegmentEncoder, _ buffer: inout BinaryBuffer
    ) {
        let durable = related.map(LSN.init(rawValue:)) ?? encoder.progress.lastLSN
        _ = try? encoder.append(
            kind, relatedLSN: durable, prefix: prefix, payload: payload.span.bytes, to: &buffer)
    }
}
