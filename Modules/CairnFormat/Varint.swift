// SPDX-License-Identifier: Apache-2.0

/// Variable-length integers: seven bits a byte, least significant first, the top bit set on all bytes
/// but the last (unsigned LEB128). Signed ones are zigzag-mapped first. Only the shortest form of a
/// number is valid, so that one value has one encoding.
@usableFromInline
package enum Varint {
    /// The longest encoding of 64 bits.
    @usableFromInline
    package static let byteCountMax = 10

    /// The number of bytes that `value` takes.
    @inlinable
    package static func byteCount(_ value: UInt64) -> Int {
        max(1, (64 - value.leadingZeroBitCount + 6) / 7)
    }

    /// Maps a signed number to an unsigned one so that small magnitudes stay small.
    @inlinable
    package static func zigzag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: (value << 1) ^ (value >> 63))
    }

    /// The inverse of ``zigzag(_:)``.
    @inlinable
    package static func unzigzag(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}

extension BinaryBuffer {
    /// Appends an unsigned number in its shortest form.
    @inlinable
    public mutating func append(varint value: UInt64) {
        reserve(Varint.byteCountMax)
        var rest = value
        while rest >= 0x80 {
            base.storeBytes(
                of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: storedCount,
                as: UInt8.self)
            storedCount += 1
            rest >>= 7
        }
        base.storeBytes(
            of: UInt8(truncatingIfNeeded: rest), toByteOffset: storedCount, as: UInt8.self)
        storedCount += 1
    }

    /// Appends a signed number, zigzag-mapped, in its shortest form.
    @inlinable
    public mutating func append(zigzag value: Int64) {
        append(varint: Varint.zigzag(value))
    }

    /// Appends the byte count of a string as a varint, then its UTF-8 bytes.
    @inlinable
    public mutating func append(string: String) {
        append(varint: UInt64(string.utf8.count))
        append(utf8: string)
    }
}

extension ByteReader {
    /// Reads an unsigned number.
    ///
    /// - Throws: ``FormatError`` with code `.truncated`, `.numberTooLarge` (more than 64 bits) or
    ///   `.nonCanonical` (a longer form than needed).
    @inlinable
    @inline(__always)
    public mutating func varint() throws(FormatError) -> UInt64 {
        // Most numbers are small.
        guard position < bytes.byteCount else { return try longVarint() }
        let byte = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
        guard byte < 0x80 else { return try longVarint() }
        position += 1
        return UInt64(byte)
    }

    @usableFromInline
    mutating func longVarint() throws(FormatError) -> UInt64 {
        var place = position
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.byteCount {
            let byte = bytes.unsafeLoad(fromUncheckedByteOffset: place, as: UInt8.self)
            guard shift < 63 || byte <= 1 else {
                throw FormatError(code: .numberTooLarge, offset: offset)
            }
            value |= UInt64(byte & 0x7f) &<< shift
            place += 1
            if byte < 0x80 {
                guard byte != 0 || shift == 0 else {
                    throw FormatError(code: .nonCanonical, offset: offset)
                }
                position = place
                return value
            }
            shift += 7
        }
        throw FormatError(code: .truncated, offset: baseOffset + place)
    }

    /// Reads a signed number; errors as for ``varint()``.
    @inlinable
    public mutating func zigzag() throws(FormatError) -> Int64 {
        Varint.unzigzag(try varint())
    }

    /// Reads a number that counts things of at least `byteCountEach` bytes each.
    ///
    /// The bound is what is left of the input: a count that could not be true is refused before
    /// anything is allocated for it.
    ///
    /// - Throws: As ``varint()``, and `.countTooLarge`.
    @inlinable
    public mutating func count(byteCountEach: Int = 1) throws(FormatError) -> Int {
        let start = offset
        let value = try varint()
        guard value <= UInt64(remaining / max(1, byteCountEach)) else {
            throw FormatError(code: .countTooLarge, offset: start)
        }
        return Int(value)
    }

    /// Reads a varint byte count and that many bytes of UTF-8.
    ///
    /// - Throws: As ``count(byteCountEach:)``, and `.invalidUTF8`.
    @inlinable
    public mutating func string() throws(FormatError) -> String {
        let byteCount = try count()
        return try utf8(byteCount)
    }

    /// Reads `byteCount` bytes of UTF-8.
    ///
    /// - Throws: ``FormatError`` with code `.truncated` or `.invalidUTF8`.
    public mutating func utf8(_ byteCount: Int) throws(FormatError) -> String {
        let start = offset
        let bytes = try take(byteCount)
        let span = Span<UInt8>(_bytes: bytes)
        do {
            return String(copying: try UTF8Span(validating: span))
        } catch {
            throw FormatError(code: .invalidUTF8, offset: start)
        }
    }
}
