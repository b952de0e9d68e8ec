// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnLSN
import CairnSegments
import Testing

@testable import CairnLog

/// A leader may encrypt pending frames before it takes its job. What is written is the same as without that, whatever
/// is appended meanwhile.
struct FinishingTests {
    private let options = LogOptions.encrypted(Keys.keys(seed: 1))
    private let header = SegmentHeader(firstOf: LogID(high: 1, low: 2))

    /// A segment to append to, and its finisher.
    private struct Segment: ~Copyable {
        var active: ActiveSegment
        var finisher: SegmentFinisher
        var file = BinaryBuffer(capacity: 1024)

        init(_ header: SegmentHeader, _ encryption: (any StoreCipher)? = Keys.keys(seed: 1)) {
            let encoder = SegmentEncoder(new: header, encryption: encryption, into: &file)
            active = ActiveSegment(
                encoder.appender, endsInDurableMark: true, lastCommitNanoseconds: 0,
                nextBeginsSegment: false)
            finisher = encoder.finisher
        }

        mutating func append(_ number: UInt8) throws {
            let batch = [UInt8](repeating: number, count: 20 + Int(number))
            _ = try active.append(batch: batch.span.bytes, time: 1, durable: .never)
        }

        /// Does what a job does with the segment that has ended.
        mutating func end() throws -> [UInt8] {
            let rotation = active.rotations[0]
            finisher.finish(&rotation.bytes, from: rotation.finishedByteCount)
            file.append(rotation.bytes.bytes)
            _ = try finisher.seal(&rotation.ended, into: &file)
            return file.array()
        }
    }

    /// The bytes of two commits and the seal, encrypted as they come.
    private func expected() throws -> [UInt8] {
        var segment = Segment(header)
        try segment.append(1)
        try segment.append(2)
        try segment.active.rotate(options)
        return try segment.end()
    }

    @Test func aSegmentEndsWhileItsFramesAreEncrypted() throws {
        var segment = Segment(header)
        try segment.append(1)
        var bytes = BinaryBuffer(capacity: 0)
        let start = segment.active.beginFinishing(&bytes)
        let hasPending = segment.active.hasPending
        #expect(start == 0)
        #expect(hasPending)
        segment.finisher.finish(&bytes)
        try segment.append(2)
        try segment.active.rotate(options)
        try segment.append(3)
        segment.active.endFinishing(&bytes)
        let written = try segment.end()
        #expect(written == (try expected()))
    }

    @Test func framesAreEncryptedAndASegmentEndsAfterwards() throws {
        var segment = Segment(header)
        try segment.append(1)
        var bytes = BinaryBuffer(capacity: 0)
        let start = segment.active.beginFinishing(&bytes)
        #expect(start == 0)
        segment.finisher.finish(&bytes)
        segment.active.endFinishing(&bytes)
        bytes.removeAll()
        let again = segment.active.beginFinishing(&bytes)
        #expect(again == nil)
        try segment.append(2)
        try segment.active.rotate(options)
        let written = try segment.end()
        #expect(written == (try expected()))
    }

    @Test func aPlainSegmentHasNothingToEncrypt() throws {
        var segment = Segment(header, nil)
        try segment.append(1)
        var bytes = BinaryBuffer(capacity: 0)
        let start = segment.active.beginFinishing(&bytes)
        #expect(start == nil)
    }
}
