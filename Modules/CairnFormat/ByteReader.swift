// SPDX-License-Identifier: Apache-2.0

/// Reads a format out of bytes that may be hostile: every read is checked against what is left, and a
/// failed read throws instead of trapping.
public struct ByteReader: ~Escapable {
    /// All the bytes, read or not.
    public let bytes: RawSpan
    @usableFromInline var position: Int
    /// Added to the offsets in errors: where ``bytes`` starts in the file.
    public let baseOffset: Int

    /// A reader at the start of `bytes`, which lie at `baseOffset` of what the errors speak of.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan, baseOffset: Int = 0) {
        self.bytes = bytes
        self.position = 0
        self.baseOffset = baseOffset
    }

    /// The offset of the next read, as errors count it.
    @inlinable public var offset: Int { baseOffset + position }
    /// The number of bytes that are left.
    @inlinable public var remaining: Int { bytes.byteCount - position }
    /// True when nothing is left.
    @inlinable public var isAtEnd: Bool { remaining == 0 }

    /// Reads a fixed-width integer, least significant byte first.
    ///
    /// - Throws: ``FormatError`` with code `.truncated`.
    @inlinable
    public mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type = T.self
    ) throws(FormatError) -> T {
        let size = MemoryLayout<T>.size
        guard remaining >= size else { throw FormatError(code: .truncated, offset: offset) }
        let value = bytes.unsafeLoadUnaligned(fromByteOffset: position, as: T.self)
        position += size
        return T(littleEndian: value)
    }

    /// Takes the next `byteCount` bytes without copying them.
    ///
    /// - Throws: ``FormatError`` with code `.truncated`, also for a negative count.
    @inlinable
    @_lifetime(copy self)
    public mutating func take(_ byteCount: Int) throws(FormatError) -> RawSpan {
        guard byteCount >= 0, remaining >= byteCount else {
            throw FormatError(code: .truncated, offset: offset)
        }
        let start = position
        position += byteCount
        return bytes.extracting(start..<start + byteCount)
    }

    /// Takes a varint byte count and that many bytes, without copying them.
    ///
    /// - Throws: As ``count(byteCountEach:)``.
    @inlinable
    @_lifetime(copy self)
    public mutating func lengthPrefixed() throws(FormatError) -> RawSpan {
        let byteCount = try count()
        return try take(byteCount)
    }

    /// Refuses bytes that nothing accounts for.
    ///
    /// - Throws: ``FormatError`` with code `.trailingBytes` when anything is left.
    @inlinable
    public func expectEnd() throws(FormatError) {
        guard isAtEnd else { throw FormatError(code: .trailingBytes, offset: offset) }
    }
}

extension RawSpan {
    /// A copy of the bytes as an array.
    @inlinable
    public func array() -> [UInt8] {
        withUnsafeBytes { [UInt8]($0) }
    }

    /// True when all bytes are zero (also when there are none).
    @inlinable
    public var isAllZero: Bool {
        withUnsafeBytes { raw in
            var offset = 0
            while offset + 32 <= raw.count {
                let words = raw.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
                if words != .zero { return false }
                offset += 32
            }
            while offset + 8 <= raw.count {
                if raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self) != 0 { return false }
                offset += 8
            }
            while offset < raw.count {
                if raw[offset] != 0 { return false }
                offset += 1
            }
            return true
        }
    }
}
