// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// Inflates gzip (RFC 1952) while it is read; several streams one after the other are one, as gzip has it.
final class GzipInput: ByteSource {
    private static let windowBits: Int32 = 15
    /// Added to the window bits: gzip, and nothing else.
    private static let gzipOnly: Int32 = 16
    private static let chunkByteCount = 64 << 10

    private let source: any ByteSource
    private let name: String
    // zlib keeps the address of its state.
    private let stream: UnsafeMutablePointer<z_stream>
    private let chunk: UnsafeMutableRawBufferPointer
    private var isAtEnd = false
    /// True between two streams.
    private var isBetween = false

    init(_ source: any ByteSource, name: String) {
        self.source = source
        self.name = name
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        chunk = .allocate(byteCount: Self.chunkByteCount, alignment: 16)
        let result = inflateInit2_(
            stream, Self.windowBits + Self.gzipOnly, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        isAtEnd = result != Z_OK
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        chunk.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard !buffer.isEmpty else { return 0 }
        while !isAtEnd {
            if stream.pointee.avail_in == 0, try fill() == 0 {
                guard isBetween else { throw CompressionError.truncated(input: name) }
                isAtEnd = true
                break
            }
            if isBetween, !beginNext() {
                isAtEnd = true
                break
            }
            stream.pointee.next_out = buffer.bindMemory(to: Bytef.self).baseAddress
            stream.pointee.avail_out = uInt(clamping: buffer.count)
            let result = inflate(stream, Z_NO_FLUSH)
            guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
                throw CompressionError.damaged(input: name)
            }
            isBetween = result == Z_STREAM_END
            let count = Int(uInt(clamping: buffer.count) - stream.pointee.avail_out)
            if count > 0 { return count }
        }
        return 0
    }

    private func fill() throws -> Int {
        let count = try source.read(into: chunk)
        stream.pointee.next_in = chunk.bindMemory(to: Bytef.self).baseAddress
        stream.pointee.avail_in = uInt(count)
        return count
    }

    /// Begins another stream. False for zeros, which fill up the end of a tape or a block.
    private func beginNext() -> Bool {
        guard stream.pointee.next_in.pointee != 0 else { return false }
        inflateReset(stream)
        isBetween = false
        return true
    }
}
