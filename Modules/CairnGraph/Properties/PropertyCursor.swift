// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// Goes through the bytes of a ``PropertyList`` without making a copy or an array.
///
/// After each key that ``nextKey()`` gives, exactly one of ``value()`` and ``skip()`` follows.
struct PropertyCursor: ~Escapable {
    private var reader: ByteReader

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { reader = ByteReader(bytes) }

    /// The number of bytes that were gone through.
    var offset: Int { reader.offset }

    /// The number of the next key; nil at the end.
    mutating func nextKey() -> UInt32? {
        guard !reader.isAtEnd else { return nil }
        return trusting { reader throws(FormatError) in UInt32(try reader.varint()) }
    }

    /// The value of the key.
    mutating func value() -> Value {
        trusting { reader throws(FormatError) in try Value(from: &reader) }
    }

    /// Goes past the value of the key.
    ///
    /// - Returns: The tag of the value, and where what follows it lies.
    @discardableResult
    mutating func skip() -> (tag: Value.Tag, content: Range<Int>) {
        trusting { reader throws(FormatError) in
            let tag = try Value.tag(&reader)
            let start = reader.offset
            try Value.skip(tag, &reader)
            return (tag, start..<reader.offset)
        }
    }

    /// Reads what the store itself wrote, which is always right.
    private mutating func trusting<Result>(
        _ body: (inout ByteReader) throws(FormatError) -> Result
    ) -> Result {
        do {
            return try body(&reader)
        } catch {
            preconditionFailure("properties in memory are damaged: \(error)")
        }
    }
}

/// Looking up in the bytes of a ``PropertyList``.
enum PropertyBytes {
    /// Marks the keys.
    static func markKeys(of bytes: RawSpan, in isUsed: inout [Bool]) {
        var cursor = PropertyCursor(bytes)
        while let key = cursor.nextKey() {
            isUsed[Int(key)] = true
            cursor.skip()
        }
    }

    /// The value of a key; nil when there is none.
    static func value(of key: UInt32, in bytes: RawSpan) -> Value? {
        var cursor = PropertyCursor(bytes)
        while let next = cursor.nextKey(), next <= key {
            if next == key { return cursor.value() }
            cursor.skip()
        }
        return nil
    }

    /// Where the encoding of the value of a key is; nil when there is none.
    static func valueRange(of key: UInt32, in bytes: RawSpan) -> Range<Int>? {
        var cursor = PropertyCursor(bytes)
        while let next = cursor.nextKey(), next <= key {
            let start = cursor.offset
            cursor.skip()
            if next == key { return start..<cursor.offset }
        }
        return nil
    }

    /// Where key and value are; when the key is not there, an empty range where they would be.
    static func place(of key: UInt32, in bytes: RawSpan) -> Range<Int> {
        var cursor = PropertyCursor(bytes)
        var start = 0
        while let next = cursor.nextKey(), next <= key {
            cursor.skip()
            if next == key { return start..<cursor.offset }
            start = cursor.offset
        }
        return start..<start
    }
}
