// SPDX-License-Identifier: Apache-2.0

/// A growing run of bytes that a format is written into, little-endian.
///
/// It owns its memory, is moved and never copied, and keeps its capacity when it is emptied, so that
/// a writer in steady state allocates nothing.
public struct BinaryBuffer: ~Copyable {
    @usableFromInline var base: UnsafeMutableRawPointer
    @usableFromInline var capacity: Int
    /// The number of bytes that were written.
    @inlinable public var count: Int { storedCount }
    @usableFromInline var storedCount = 0

    /// An empty buffer with room for `capacity` bytes.
    @inlinable
    public init(capacity: Int = 256) {
        self.capacity = max(capacity, 16)
        base = .allocate(byteCount: self.capacity, alignment: 16)
    }

    @inlinable
    deinit { base.deallocate() }

    /// True when nothing was written.
    @inlinable public var isEmpty: Bool { storedCount == 0 }

    /// The bytes written so far.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = RawSpan(_unsafeStart: base, byteCount: storedCount)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// A copy of the bytes as an array.
    public func array() -> [UInt8] {
        [UInt8](UnsafeRawBufferPointer(start: base, count: storedCount))
    }

    /// Makes room for `additional` more bytes.
    @inlinable
    public mutating func reserve(_ additional: Int) {
        if capacity - storedCount < additional { grow(by: additional) }
    }

    @usableFromInline
    @inline(never)
    mutating func grow(by additional: Int) {
        let wanted = max(storedCount + additional, capacity * 2)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
        larger.copyMemory(from: base, byteCount: storedCount)
        base.deallocate()
        base = larger
        capacity = wanted
    }

    /// Appends a fixed-width integer, least significant byte first.
    @inlinable
    public mutating func append(_ value: some FixedWidthInteger & BitwiseCopyable) {
        let size = MemoryLayout.size(ofValue: value)
        reserve(size)
        base.storeBytes(of: value.littleEndian, toByteOffset: storedCount, as: type(of: value))
        storedCount += size
    }

    /// Appends a copy of `bytes`.
    @inlinable
    public mutating func append(_ bytes: RawSpan) {
        reserve(bytes.byteCount)
        bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            (base + storedCount).copyMemory(from: start, byteCount: source.count)
        }
        storedCount += bytes.byteCount
    }

    /// Appends the bytes of an array.
    @inlinable
    public mutating func append(_ bytes: [UInt8]) {
        append(bytes.span.bytes)
    }

    /// Appends `count` zero bytes.
    @inlinable
    public mutating func append(zeros count: Int) {
        reserve(count)
        (base + storedCount).initializeMemory(as: UInt8.self, repeating: 0, count: count)
        storedCount += count
    }

    /// Appends `count` zero bytes, which `body` writes over.
    @inlinable
    @inline(__always)
    public mutating func append<Result>(
        zeros count: Int, _ body: (inout MutableRawSpan) -> Result
    ) -> Result {
        append(zeros: count)
        var span = MutableRawSpan(
            _unsafeStart: base + (storedCount - count), byteCount: count)
        return body(&span)
    }

    /// Appends the UTF-8 bytes of a string, without a length.
    @inlinable
    public mutating func append(utf8 string: String) {
        var string = string
        string.withUTF8 { utf8 in
            reserve(utf8.count)
            if let start = utf8.baseAddress {
                (base + storedCount).copyMemory(from: start, byteCount: utf8.count)
            }
            storedCount += utf8.count
        }
    }

    /// Lets `body` append up to `additional` bytes straight into the buffer.
    @inlinable
    public mutating func append<E: Error>(
        addingCapacity additional: Int, _ body: (inout OutputRawSpan) throws(E) -> Void
    ) throws(E) {
        reserve(additional)
        let room = UnsafeMutableRawBufferPointer(start: base + storedCount, count: additional)
        var span = OutputRawSpan(buffer: room, initializedCount: 0)
        do {
            try body(&span)
        } catch {
            span.removeAll()
            _ = span.finalize(for: room)
            throw error
        }
        storedCount += span.finalize(for: room)
    }

    /// Puts an integer over bytes that were written before, least significant byte first.
    ///
    /// - Precondition: The value lies within the first ``count`` bytes.
    @inlinable
    public mutating func overwrite(
        _ value: some FixedWidthInteger & BitwiseCopyable, at offset: Int
    ) {
        precondition(offset >= 0 && offset <= storedCount - MemoryLayout.size(ofValue: value))
        base.storeBytes(of: value.littleEndian, toByteOffset: offset, as: type(of: value))
    }

    /// Puts bytes over bytes that were written before.
    ///
    /// - Precondition: They lie within the first ``count`` bytes.
    package mutating func overwrite(_ bytes: RawSpan, at offset: Int) {
        precondition(offset >= 0 && offset <= storedCount - bytes.byteCount)
        bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            (base + offset).copyMemory(from: start, byteCount: source.count)
        }
    }

    /// Forgets everything after the first `count` bytes.
    ///
    /// - Precondition: `0 ... self.count` contains `count`.
    @inlinable
    public mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= storedCount)
        storedCount = count
    }

    /// Forgets all bytes and keeps the memory.
    @inlinable
    public mutating func removeAll() { storedCount = 0 }

    /// Forgets the first `count` bytes and moves the rest to the front.
    ///
    /// - Complexity: O(*n*) in the bytes that stay.
    @inlinable
    public mutating func removeFirst(_ count: Int) {
        precondition(count >= 0 && count <= storedCount)
        base.copyMemory(from: base + count, byteCount: storedCount - count)
        storedCount -= count
    }
}

// The memory has one owner at any time and is freed by it; no thread can reach it but through that.
extension BinaryBuffer: @unchecked Sendable {}
