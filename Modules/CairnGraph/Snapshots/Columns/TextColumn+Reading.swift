// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// The values of a column that have a length of their own: where each is in bytes that some may share.
final class TextValues {
    /// Where a value is.
    struct Place {
        let start: Int
        let end: Int

        var count: Int { end - start }
    }

    private var bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private(set) var places: UnsafeMutableBufferPointer<Place>

    /// Room for so many values, each of which gets a place before it is asked for.
    init(count: Int) { places = .allocate(capacity: count) }

    deinit {
        bytes.deallocate()
        places.deallocate()
    }

    /// The bytes of one value; valid while this object is.
    subscript(index: Int) -> UnsafeRawBufferPointer {
        let place = places[index]
        return UnsafeRawBufferPointer(rebasing: bytes[place.start..<place.end])
    }

    /// Where the bytes begin that ``places`` are in; valid while this object is.
    var base: UnsafeRawPointer? { UnsafeRawPointer(bytes.baseAddress) }

    fileprivate func fill(
        byteCount: Int,
        _ body: (UnsafeMutableRawBufferPointer, UnsafeMutableBufferPointer<Place>) -> Void
    ) {
        bytes.deallocate()
        bytes = .allocate(byteCount: byteCount, alignment: 8)
        body(bytes, places)
    }

    fileprivate func replace(_ other: UnsafeMutableBufferPointer<Place>) {
        places.deallocate()
        places = other
    }
}

extension TextColumn {
    /// Reads so many texts, at least one and within a limit.
    ///
    /// - Parameter isText: Whether they must be UTF-8.
    /// - Throws: `FormatError` with code `.unknownTag` (another form), `.invalidValue` (a length below zero, a count of
    ///   different texts), `.limitExceeded` (``ColumnLimits/columnByteCountMax``), `.invalidReference` (more bytes than
    ///   the text before has, or a number without a text), `.invalidUTF8`, `.nonCanonical` (a dictionary that does not
    ///   ascend), or what ``IntegerColumn`` and `ByteReader` throw.
    static func read(
        _ count: Int, isText: Bool, from reader: inout ByteReader
    ) throws(FormatError) -> TextValues {
        let offset = reader.offset
        guard let form = TextForm(rawValue: try reader.integer()) else {
            throw FormatError(code: .unknownTag, offset: offset)
        }
        switch form {
        case .incremental: return try read(incremental: count, isText: isText, from: &reader)
        case .dictionary: return try read(dictionary: count, isText: isText, from: &reader)
        }
    }

    /// Reads values that lie one behind the other, each with its tag.
    ///
    /// - Throws: `FormatError` with code `.nonCanonical` for a value of a kind that has columns of its own, and what
    ///   reading values throws.
    static func read(values count: Int, from reader: inout ByteReader) throws(FormatError)
        -> TextValues
    {
        let values = TextValues(count: count)
        let first = reader.offset
        let rest = reader
        for index in 0..<count {
            let start = reader.offset
            let tag = try Value.check(&reader)
            guard ColumnKind(tag) == .value else {
                throw FormatError(code: .nonCanonical, offset: start)
            }
            values.places[index] = .init(start: start - first, end: reader.offset - first)
        }
        var again = rest
        let content = try again.take(reader.offset - first)
        values.fill(byteCount: content.byteCount) { bytes, _ in
            content.withUnsafeBytes { bytes.copyMemory(from: $0) }
        }
        return values
    }

    // MARK: Incremental

    private static func read(
        incremental count: Int, isText: Bool, from reader: inout ByteReader
    ) throws(FormatError) -> TextValues {
        let start = reader.offset
        let shared = try IntegerColumn.integers(count, from: &reader)
        let added = try IntegerColumn.integers(count, from: &reader)
        let byteCounts = try check(shared, added, at: start)
        let content = try reader.take(byteCounts.added)
        let texts = TextValues(count: count)
        // No more than what is there and a share of the limit for each text.
        texts.fill(byteCount: byteCounts.all) { bytes, places in
            content.withUnsafeBytes { join($0, shared, added, bytes, places) }
        }
        guard isText, !content.isASCII else { return texts }
        for index in 0..<count {
            let text = Span<UInt8>(_bytes: texts[index].bytes)
            guard (try? UTF8Span(validating: text)) != nil else {
                throw FormatError(code: .invalidUTF8, offset: start)
            }
        }
        return texts
    }

    /// More bytes than any input has.
    private static let absurdByteCount: Int64 = 1 << 44

    /// Refuses lengths that make no sense, or too much of it.
    ///
    /// - Returns: How many bytes are added, and how many all texts have.
    private static func check(
        _ shared: [Int64], _ added: [Int64], at offset: Int
    ) throws(FormatError) -> (added: Int, all: Int) {
        var (sum, all, last): (Int64, Int64, Int64) = (0, 0, 0)
        for index in shared.indices {
            guard shared[index] >= 0, added[index] >= 0 else {
                throw FormatError(code: .invalidValue, offset: offset)
            }
            guard all < ColumnLimits.columnByteCountMax else {
                throw FormatError(code: .limitExceeded, offset: offset)
            }
            guard shared[index] <= last else {
                throw FormatError(code: .invalidReference, offset: offset)
            }
            // What is more is not there, and refused when the bytes are taken.
            let count = min(added[index], absurdByteCount)
            sum += count
            last = shared[index] + count
            all += last
        }
        return (Int(sum), Int(all))
    }

    /// Writes the texts one behind the other. All lengths were checked.
    private static func join(
        _ content: UnsafeRawBufferPointer, _ shared: [Int64], _ added: [Int64],
        _ bytes: UnsafeMutableRawBufferPointer,
        _ places: UnsafeMutableBufferPointer<TextValues.Place>
    ) {
        var (read, written, last) = (0, 0, 0)
        for index in shared.indices {
            let (head, tail) = (Int(shared[index]), Int(added[index]))
            bytes.copy(from: UnsafeRawBufferPointer(bytes), last, to: written, head)
            bytes.copy(from: content, read, to: written + head, tail)
            last = written
            read += tail
            written += head + tail
            places[index] = .init(start: last, end: written)
        }
    }

    // MARK: Dictionary

    private static func read(
        dictionary count: Int, isText: Bool, from reader: inout ByteReader
    ) throws(FormatError) -> TextValues {
        let start = reader.offset
        let entryCount = try reader.varint()
        guard entryCount >= 1, entryCount <= UInt64(count) else {
            throw FormatError(code: .invalidValue, offset: start)
        }
        let entriesStart = reader.offset
        let texts = try read(incremental: Int(entryCount), isText: isText, from: &reader)
        for index in 1..<max(1, Int(entryCount)) {
            guard texts[index - 1].precedes(texts[index]) else {
                throw FormatError(code: .nonCanonical, offset: entriesStart)
            }
        }
        let numbersStart = reader.offset
        let numbers = try IntegerColumn.integers(count, from: &reader)
        let places = UnsafeMutableBufferPointer<TextValues.Place>.allocate(capacity: count)
        var all = 0
        for (index, number) in numbers.enumerated() {
            guard number >= 0, number < Int64(entryCount), all < ColumnLimits.columnByteCountMax
            else {
                places.deallocate()
                let isLimit = number >= 0 && number < Int64(entryCount)
                throw FormatError(
                    code: isLimit ? .limitExceeded : .invalidReference, offset: numbersStart)
            }
            let place = texts.places[Int(number)]
            all += place.count
            places.initializeElement(at: index, to: place)
        }
        texts.replace(places)
        return texts
    }
}

extension IntegerColumn {
    /// Reads so many integers.
    ///
    /// - Parameter count: Is within a limit.
    static func integers(
        _ count: Int, from reader: inout ByteReader
    ) throws(FormatError) -> [Int64] {
        var failure: FormatError?
        let integers = [Int64](unsafeUninitializedCapacity: count) { room, initializedCount in
            let all = UnsafeMutableBufferPointer(rebasing: room[..<count])
            do throws(FormatError) {
                try read(into: all, from: &reader)
                initializedCount = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return integers
    }
}

extension RawSpan {
    /// Whether all bytes are ASCII.
    fileprivate var isASCII: Bool {
        withUnsafeBytes { bytes in
            var place = 0
            while place + 32 <= bytes.count {
                let words = bytes.loadUnaligned(fromByteOffset: place, as: SIMD4<UInt64>.self)
                if words & SIMD4(repeating: 0x8080_8080_8080_8080) != .zero { return false }
                place += 32
            }
            while place < bytes.count {
                if bytes[place] >= 0x80 { return false }
                place += 1
            }
            return true
        }
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Copies bytes that do not overlap.
    @inline(__always)
    fileprivate func copy(
        from source: UnsafeRawBufferPointer, _ start: Int, to place: Int, _ count: Int
    ) {
        UnsafeMutableRawBufferPointer(rebasing: self[place..<place + count])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start..<start + count]))
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func precedes(_ other: UnsafeRawBufferPointer) -> Bool {
        lexicographicallyPrecedes(other)
    }
}
