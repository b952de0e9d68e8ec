// SPDX-License-Identifier: Apache-2.0

/// One stanza of a control file: fields with their values, without comments and line ends.
///
/// The bytes are valid UTF-8 once ``ControlStanzaReader`` hands the stanza out.
struct ControlStanza {
    /// A field name to look for; case does not matter.
    struct FieldName {
        let text: String
        let hash: UInt64

        init(_ text: String) {
            self.text = text
            hash = ControlStanza.hash(text.utf8.span)
        }
    }

    private struct Field {
        let name: Range<Int>
        let hash: UInt64
        var value: Range<Int>
    }

    /// Where a line of the input begins in ``bytes``.
    private struct LineMark {
        let offset: Int
        let line: Int
    }

    /// Names and values, one after the other; the lines of a folded value are joined by a newline and
    /// keep the blanks they begin with.
    private(set) var bytes: [UInt8] = []
    private var fields: [Field] = []
    private var marks: [LineMark] = []

    /// True when no field was added.
    var isEmpty: Bool { fields.isEmpty }
    /// How many fields there are.
    var fieldCount: Int { fields.count }
    /// The line on which the stanza begins.
    var firstLine: Int { marks.first?.line ?? 0 }

    /// Where the value of a field lies in ``bytes``; nil when there is no such field.
    func range(of name: FieldName) -> Range<Int>? {
        fields.first { $0.hash == name.hash && isName($0, name.text) }?.value
    }

    /// The value of a field as text; nil when there is no such field, or nothing in it.
    func text(_ name: FieldName) -> String? {
        guard let range = range(of: name), !range.isEmpty else { return nil }
        return text(range)
    }

    /// The first line of a field's value; nil when there is no such field, or nothing on that line.
    func firstLine(_ name: FieldName) -> String? {
        guard let range = range(of: name) else { return nil }
        let end = bytes[range].firstIndex(of: UInt8(ascii: "\n")) ?? range.upperBound
        return end == range.lowerBound ? nil : text(range.lowerBound..<end)
    }

    /// The value of a field as a number; nil when there is no such field.
    func integer(_ name: FieldName) throws(MalformedInput) -> Int64? {
        guard let range = range(of: name) else { return nil }
        // Where an empty value begins, the next line does; what stands before it is the name.
        var value: Int64 = 0
        for byte in bytes[range] {
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = product.addingReportingOverflow(Int64(byte) - 0x30)
            guard (0x30...0x39).contains(byte), !tooLarge, !overflow else {
                throw malformed(.notAnInteger, name, at: range.lowerBound - 1)
            }
            value = sum
        }
        guard !range.isEmpty else {
            throw malformed(.notAnInteger, name, at: range.lowerBound - 1)
        }
        return value
    }

    /// An error about the value of a field, with the line of the byte at `offset` of ``bytes``.
    func malformed(
        _ problem: MalformedInput.Problem, _ name: FieldName, at offset: Int
    ) -> MalformedInput {
        MalformedInput(problem, line: line(at: offset), field: name.text)
    }

    /// The line of the input that the byte at `offset` of ``bytes`` came from.
    func line(at offset: Int) -> Int {
        (marks.last { $0.offset <= offset } ?? marks.first)?.line ?? 0
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    private func isName(_ field: Field, _ text: String) -> Bool {
        bytes[field.name].elementsEqual(text.utf8) { $0.asciiLowercased == $1.asciiLowercased }
    }

    /// A hash of the name in lower case (FNV-1a); names of the same hash are still compared.
    private static func hash(_ name: borrowing Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in name.indices {
            hash = (hash ^ UInt64(name[index].asciiLowercased)) &* 0x100_0000_01b3
        }
        return hash
    }
}

// What the reader builds a stanza with.
extension ControlStanza {
    /// Forgets everything and keeps the memory.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
    }

    /// True when there is a field of this name.
    func hasField(named name: ArraySlice<UInt8>) -> Bool {
        let hash = Self.hash(name.span)
        return fields.contains { field in
            field.hash == hash
                && bytes[field.name].elementsEqual(name) {
                    $0.asciiLowercased == $1.asciiLowercased
                }
        }
    }

    /// Adds a field; false when the stanza has one of that name.
    mutating func addField(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>, line: Int) -> Bool {
        marks.append(LineMark(offset: bytes.count, line: line))
        let isNew = !hasField(named: name)
        let start = bytes.count
        bytes.append(contentsOf: name)
        let middle = bytes.count
        let hash = Self.hash(name.span)
        bytes.append(contentsOf: value)
        fields.append(Field(name: start..<middle, hash: hash, value: middle..<bytes.count))
        return isNew
    }

    /// Puts U+FFFD in place of what is no UTF-8, line by line. Returns in how many places.
    mutating func repairUTF8() -> Int {
        var repaired: [UInt8] = []
        repaired.reserveCapacity(bytes.count + 64)
        var newMarks: [LineMark] = []
        var newOffsets: [Int: Int] = [:]
        var count = 0
        for (index, mark) in marks.enumerated() {
            newMarks.append(LineMark(offset: repaired.count, line: mark.line))
            newOffsets[mark.offset] = repaired.count
            let end = index + 1 < marks.count ? marks[index + 1].offset : bytes.count
            let text = String(decoding: bytes[mark.offset..<end], as: UTF8.self)
            let before = bytes[mark.offset..<end].replacementCount
            repaired += text.utf8
            count += repaired[(newMarks[index].offset)...].replacementCount - before
        }
        // A field begins its line and ends where the next one begins, and its name is ASCII.
        fields = fields.enumerated().map { index, field in
            let start = newOffsets[field.name.lowerBound] ?? 0
            let end =
                index + 1 < fields.count
                ? newOffsets[fields[index + 1].name.lowerBound] ?? repaired.count : repaired.count
            return Field(
                name: start..<start + field.name.count, hash: field.hash,
                value: start + field.name.count..<end)
        }
        bytes = repaired
        marks = newMarks
        return count
    }

    /// Adds a line to the value of the last field; false when there is no field.
    mutating func addContinuation(_ text: ArraySlice<UInt8>, line: Int) -> Bool {
        guard !fields.isEmpty else { return false }
        bytes.append(UInt8(ascii: "\n"))
        marks.append(LineMark(offset: bytes.count, line: line))
        bytes.append(contentsOf: text)
        let last = fields.count - 1
        fields[last].value = fields[last].value.lowerBound..<bytes.count
        return true
    }
}

extension ArraySlice<UInt8> {
    /// How often U+FFFD stands in it.
    fileprivate var replacementCount: Int {
        var count = 0
        var index = startIndex
        while index + 2 < endIndex {
            let isThere = self[index] == 0xef && self[index + 1] == 0xbf && self[index + 2] == 0xbd
            if isThere { count += 1 }
            index += isThere ? 3 : 1
        }
        return count
    }
}

extension UInt8 {
    /// The byte itself, or the lower-case letter for an upper-case one.
    var asciiLowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }

    /// True for the blank and the tab.
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    /// True for blank, tab and the ends of lines.
    var isSpace: Bool { isBlank || self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }
}
