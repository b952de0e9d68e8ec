// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnIO
import CairnLSN
import SystemPackage
import Testing

@testable import CairnSegments

/// Files that change while they are read, and lengths that the file cannot have.
@Suite struct ChangingFileTests {
    @Test func aFileThatShrinksIsDamage() throws {
        // Larger than one window, so that the reader comes back for more.
        let file = try SegmentFile.sample(Array(repeating: 60_000, count: 10))
        for end in [1000, 262_144, 300_000, file.bytes.count - 1] {
            let source = ShrinkingFile(file.bytes, announced: file.bytes.count)
            var reader = try SegmentReader(
                source, name: SegmentHeader(firstOf: SegmentFile.logID).name)
            source.cut(to: end)
            let error = #expect(throws: SegmentError.self, "cut to \(end)") {
                while case .frame = try reader.next() {}
            }
            #expect(error?.code == .corruption, "cut to \(end)")
        }
    }

    @Test func aFileThatGrowsIsReadAsItWas() throws {
        let file = try SegmentFile.sample([20, 30, 40])
        let source = ShrinkingFile(file.bytes + file.bytes, announced: file.bytes.count)
        let reading = try Reading(source)
        #expect(reading.frames.count == 3)
        #expect(reading.damage == nil)
    }

    /// A frame whose header says 60 MiB and is intact but for one bit.
    @Test func aLengthBeyondTheFileTakesNoMemory() throws {
        var file = try SegmentFile.sample([20])
        let codec = FrameCodec(log: SegmentFile.logID, segment: .first)
        let large = FrameHeader(
            kind: .transaction, lsn: LSN(rawValue: 4), relatedLSN: .never,
            payloadByteCount: 60 << 20)
        var buffer = BinaryBuffer()
        codec.append(
            large, payload: [UInt8](repeating: 0, count: 60 << 20).span.bytes, to: &buffer)
        var head = Array(buffer.array().prefix(200))
        head[FrameLayout.relatedLSN.offset] ^= 1
        file.bytes += head
        let source = ShrinkingFile(file.bytes, announced: file.bytes.count)
        #expect(try Reading(source).damage?.kind == .codec(.headerChecksum))
        #expect(source.largestRead <= 256 << 10)
    }
}

/// A file that can be cut after it was opened, and that notes how much was asked for at most.
private final class ShrinkingFile: VirtualFile {
    private struct State: Sendable {
        var bytes: [UInt8]
        var largestRead = 0
    }

    private let state: Locked<State>
    private let announced: Int

    init(_ bytes: [UInt8], announced: Int) {
        state = Locked(State(bytes: bytes))
        self.announced = announced
    }

    var largestRead: Int { state.withLock { $0.largestRead } }

    func cut(to byteCount: Int) {
        state.withLock { $0.bytes.removeLast($0.bytes.count - byteCount) }
    }

    func byteCount() -> UInt64 { UInt64(announced) }

    func read(into output: inout OutputRawSpan, at offset: UInt64) {
        let room = output.freeCapacity
        let bytes = state.withLock { state in
            state.largestRead = max(state.largestRead, room)
            let start = min(Int(clamping: offset), state.bytes.count)
            return Array(state.bytes[start..<min(state.bytes.count, start + room)])
        }
        for byte in bytes { output.append(byte) }
    }

    func write(_ bytes: RawSpan, at offset: UInt64) {}
    func writeDurably(_ bytes: RawSpan, at offset: UInt64) {}
    func truncate(to byteCount: UInt64) {}
    func sync() {}
    func close() {}
}
