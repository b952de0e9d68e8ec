// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// Reads the stanzas of a Debian control file (`status`, `Packages`, `apt-cache dumpavail`), one after
/// the other.
///
/// It takes the stanzas that dpkg takes, which apt takes too.
///
/// - The input is read in chunks; at most one stanza and one chunk are in memory.
/// - A stanza ends at an empty line or at the end of the input. A line of blanks alone stands within a folded field,
///   as dpkg and apt have it, and is passed over. It ends a stanza, as policy 5.1 allows, when a field follows that
///   the stanza has already.
/// - A line that begins with `#` is a comment, wherever it stands, and ends nothing.
/// - A carriage return before the end of a line belongs to that end, a byte order mark to no line.
/// - What is no UTF-8 becomes U+FFFD and is counted; when reading strictly it is refused.
struct ControlStanzaReader {
    /// A longer stanza is refused, so that hostile input cannot fill the memory.
    static let stanzaByteCountMax = 4 << 20
    /// A stanza of more fields is refused, so that the search for duplicates stays fast.
    static let fieldCountMax = 512

    /// Fills a buffer from its start and says how many bytes there were; 0 at the end.
    typealias Source = (UnsafeMutableRawBufferPointer) throws -> Int

    /// Whether to refuse what is no UTF-8.
    let isStrict: Bool
    /// How many parts of the text were no UTF-8 so far, and the line of the first.
    private(set) var replacementCount = 0
    private(set) var firstReplacementLine = 0

    private let source: Source
    private var buffer: [UInt8]
    /// Bytes that were read and not yet handed out: `buffer[start..<end]`.
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    private var line = 0
    /// The values of ``start`` and ``byteCount`` before the line taken last.
    private var before = (start: 0, byteCount: 0)
    /// True when the line taken last has only blanks, but some.
    private var isBlank = false
    /// How many bytes of the input were looked at so far.
    private(set) var byteCount = 0

    init(chunkByteCount: Int = 256 << 10, isStrict: Bool = false, source: @escaping Source) {
        self.isStrict = isStrict
        self.source = source
        buffer = [UInt8](repeating: 0, count: max(chunkByteCount, 1))
    }

    /// Reads the next stanza; false at the end of the input.
    ///
    /// - Throws: ``MalformedInput``, or what the source throws.
    mutating func next(_ stanza: inout ControlStanza) throws -> Bool {
        stanza.removeAll()
        var firstByte = byteCount
        var isBehindBlanks = false
        while let text = try nextLine() {
            guard byteCount - firstByte <= Self.stanzaByteCountMax else {
                throw MalformedInput(
                    .stanzaTooLong, line: stanza.isEmpty ? line : stanza.firstLine)
            }
            defer { if stanza.isEmpty { firstByte = byteCount } }
            if text.isEmpty {
                if stanza.isEmpty { continue }
                guard isBlank else { break }
                isBehindBlanks = true
                continue
            }
            if buffer[text.lowerBound] == UInt8(ascii: "#") { continue }
            if isBehindBlanks, stanza.hasField(named: buffer[nameRange(text)]) {
                takeBack()
                break
            }
            isBehindBlanks = false
            try add(text, to: &stanza)
        }
        if stanza.isEmpty { return false }
        try check(&stanza)
        return true
    }

    private func nameRange(_ text: Range<Int>) -> Range<Int> {
        text.lowerBound..<(text.first { isNameEnd(buffer[$0]) } ?? text.upperBound)
    }

    private mutating func add(
        _ text: Range<Int>, to stanza: inout ControlStanza
    ) throws(MalformedInput) {
        if buffer[text.lowerBound].isBlank {
            guard stanza.addContinuation(buffer[text], line: line) else {
                throw MalformedInput(.continuationWithoutField, line: line)
            }
            return
        }
        let name = nameRange(text)
        var colon = name.upperBound
        while colon < text.upperBound, buffer[colon].isBlank { colon += 1 }
        guard colon < text.upperBound, buffer[colon] == UInt8(ascii: ":") else {
            throw MalformedInput(.missingColon, line: line)
        }
        guard !name.isEmpty else { throw MalformedInput(.emptyFieldName, line: line) }
        guard buffer[name].allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw MalformedInput(.invalidFieldName, line: line)
        }
        var value = colon + 1
        while value < text.upperBound, buffer[value].isBlank { value += 1 }
        guard stanza.fieldCount < Self.fieldCountMax else {
            throw MalformedInput(.tooManyFields, line: line)
        }
        let isNew = stanza.addField(
            name: buffer[name], value: buffer[value..<text.upperBound], line: line)
        guard isNew else {
            let name = String(decoding: buffer[name], as: UTF8.self)
            throw MalformedInput(.duplicateField, line: line, field: name)
        }
    }

    private func isNameEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ":") || byte.isBlank }

    private mutating func check(_ stanza: inout ControlStanza) throws(MalformedInput) {
        let line: Int
        do {
            _ = try UTF8Span(validating: stanza.bytes.span)
            return
        } catch {
            line = stanza.line(at: error.byteOffsets.lowerBound)
        }
        if isStrict { throw MalformedInput(.invalidUTF8, line: line) }
        if replacementCount == 0 { firstReplacementLine = line }
        replacementCount += stanza.repairUTF8()
    }

    /// The next line without its end and without blanks before its end; nil at the end of the input.
    private mutating func nextLine() throws -> Range<Int>? {
        var searched = start
        while true {
            if let newline = newline(in: searched..<end) {
                return takeLine(start..<newline, next: newline + 1)
            }
            searched = end
            guard !isAtEnd else {
                return start == end ? nil : takeLine(start..<end, next: end)
            }
            guard end - start <= Self.stanzaByteCountMax else {
                throw MalformedInput(.stanzaTooLong, line: line + 1)
            }
            searched -= try fill()
        }
    }

    private mutating func takeLine(_ range: Range<Int>, next: Int) -> Range<Int> {
        before = (start, byteCount)
        byteCount += next - start
        start = next
        line += 1
        var lower = range.lowerBound
        if line == 1, buffer[range].starts(with: [0xef, 0xbb, 0xbf]) { lower += 3 }
        var upper = range.upperBound
        while upper > lower, buffer[upper - 1].isSpace { upper -= 1 }
        isBlank = upper == lower && range.upperBound > lower && buffer[lower].isBlank
        return lower..<upper
    }

    /// Makes the line taken last the next one again.
    private mutating func takeBack() {
        (start, byteCount) = before
        line -= 1
    }

    /// Reads more. Returns by how many bytes it moved what was there to the front.
    private mutating func fill() throws -> Int {
        let moved = start
        if start > 0 {
            buffer.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                base.copyMemory(from: base + start, byteCount: end - start)
            }
            end -= start
            start = 0
        }
        if end == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
        let count = try buffer.withUnsafeMutableBytes { bytes in
            try source(UnsafeMutableRawBufferPointer(rebasing: bytes[end...]))
        }
        isAtEnd = count == 0
        end += count
        return moved
    }

    private func newline(in range: Range<Int>) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, !range.isEmpty,
                let found = memchr(base + range.lowerBound, 0x0a, range.count)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}
