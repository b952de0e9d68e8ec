//! Records with checksums in memory: append frames to a buffer, read them back, and notice a flipped bit.

import CairnCodec

let codec = FrameCodec(log: LogID(high: 1, low: 2), segment: .first)
var buffer = BinaryBuffer()
for (index, text) in ["one", "two", "three"].enumerated() {
    let payload = Array(text.utf8)
    let header = FrameHeader(
        kind: .mutation, lsn: LSN(rawValue: UInt64(index + 1)), relatedLSN: .never,
        payloadByteCount: payload.count)
    codec.append(header, payload: payload.span.bytes, to: &buffer)
}

/// Reads frames until the bytes end or are damaged.
func read(_ bytes: RawSpan) {
    var offset = 0
    do throws(CodecError) {
        while offset < bytes.byteCount {
            let header = try codec.header(in: bytes, at: offset)
            let payload = try codec.payload(of: header, in: bytes, at: offset)
            print(header.lsn, payload.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
            offset += header.frameByteCount
        }
    } catch {
        print("stopped at byte \(error.offset): \(error.code)")
    }
}

read(buffer.bytes)
var damaged = buffer.array()
damaged[72] ^= 1
read(damaged.span.bytes)

// Prints: 1 one
// Prints: 2 two
// Prints: 3 three
// Prints: 1 one
// Prints: stopped at byte 40: payloadChecksum
