// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnIO
import CairnLSN
import CairnTesting
import SystemPackage

@testable import CairnSegments

/// The bytes of a segment under construction.
struct SegmentFile {
    static let logID = LogID(high: 0xaaaa_5555_1234_5678, low: 0x0f0f_f0f0_9876_5432)

    var encoder: SegmentEncoder
    var bytes: [UInt8]
    /// Where frames end; the first entry is the end of the header.
    var ends: [Int]

    init(_ header: SegmentHeader = SegmentHeader(firstOf: logID)) {
        var buffer = BinaryBuffer()
        encoder = SegmentEncoder(new: header, into: &buffer)
        bytes = buffer.array()
        ends = [bytes.count]
    }

    mutating func append(
        _ kind: FrameKind = .transaction, durable: LSN = .never, _ payload: [UInt8] = []
    ) throws {
        var buffer = BinaryBuffer()
        try encoder.append(
            kind, relatedLSN: durable, prefix: kind == .transaction ? 0x1122_3344_5566_7788 : nil,
            payload: payload.span.bytes, to: &buffer)
        add(buffer.array())
    }

    @discardableResult
    mutating func seal() throws -> SegmentHeader {
        var buffer = BinaryBuffer()
        let next = try encoder.seal(into: &buffer)
        add(buffer.array())
        return next
    }

    private mutating func add(_ frame: [UInt8]) {
        bytes += frame
        ends.append(bytes.count)
    }

    /// A segment of some transactions, as one committer writes them: the watermark of each covers all before it.
    static func sample(_ sizes: [Int], isClosed: Bool = false) throws -> SegmentFile {
        var file = SegmentFile()
        for (index, size) in sizes.enumerated() {
            let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 29 &+ index) | 1 }
            try file.append(durable: LSN(rawValue: UInt64(index) * 3), payload)
        }
        if isClosed { try file.append(.durableMark, durable: file.encoder.progress.lastLSN) }
        return file
    }
}

/// What reading a segment to its end gave.
struct Reading {
    var frames: [FrameHeader] = []
    var payloads: [[UInt8]] = []
    var damage: SegmentDamage?
    var analysis: DamageAnalysis?
    var isSealed = false
    var progress: SegmentProgress?

    /// Reads `bytes` as the file of the segment `name`.
    init(
        _ bytes: [UInt8], name: SegmentName = SegmentHeader(firstOf: SegmentFile.logID).name,
        limits: FrameLimits = FrameLimits()
    ) throws {
        let files = SimulatedFileSystem()
        files.setContents("/segment", bytes)
        let file = try files.openDirectory("/", creating: false).openFile("segment", .readOnly)
        try self.init(file, name: name, limits: limits)
    }

    init(
        _ file: any VirtualFile, name: SegmentName = SegmentHeader(firstOf: SegmentFile.logID).name,
        limits: FrameLimits = FrameLimits()
    ) throws {
        var reader = try SegmentReader(file, name: name, limits: limits)
        reading: while true {
            switch try reader.next() {
            case .frame:
                frames.append(reader.frame)
                payloads.append(reader.payload.array())
            case .damage(let found):
                damage = found
                analysis = try reader.analyze(found)
                // The same again, however often one asks.
                guard case .damage(found) = try reader.next() else { throw Unsteady() }
                break reading
            case .end:
                guard case .end = try reader.next() else { throw Unsteady() }
                break reading
            }
        }
        isSealed = reader.isSealed
        progress = reader.progress
    }

    struct Unsteady: Error {}
}
