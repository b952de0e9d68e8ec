// SPDX-License-Identifier: Apache-2.0

/// Reads the records of a CSV file (RFC 4180), one after the other.
///
/// - At most one record and one chunk are in memory.
/// - Lines end with LF, CR LF or CR; empty lines are passed over; a byte order mark belongs to no field.
/// - A quote within a field that does not begin with one stands for itself. Text behind the closing quote belongs to the
///   field. Both are counted as remarks, as is a last field that is not closed, and what is no UTF-8, which becomes U+FFFD.
struct CSVReader {
    /// A field: an empty one without quotes is no value.
    struct Field: Equatable {
        var text: String
        var isQuoted: Bool

        /// Nil for no value.
        var value: String? { text.isEmpty && !isQuoted ? nil : text }
    }

    /// The file cannot be read on.
    struct Malformed: Error, CustomStringConvertible {
        enum Reason: String {
            case tooLong = "a record is longer than 16 MiB"
            case tooManyFields = "a record has more than 10,000 fields"
            case openQuote = "a quote is not closed"
            case strayQuote = "a quote stands within a field"
            case notUTF8 = "a field is not UTF-8"
        }
        let reason: Reason
        let line: Int
        var description: String { "line \(line): \(reason.rawValue)" }
    }

    /// A longer record is refused, so that hostile input cannot fill the memory.
    static let recordByteCountMax = 16 << 20
    static let fieldCountMax = 10_000

    typealias Source = (UnsafeMutableRawBufferPointer) throws -> Int

    private let source: Source
    private let delimiter: UInt8
    private let isStrict: Bool
    private var buffer: [UInt8]
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    private var line = 1
    /// The line in which the last record began.
    private(set) var recordLine = 1
    /// How many bytes were looked at so far.
    private(set) var byteCount = 0
    /// Input that was taken though it is not well-formed: how often, and the first of it.
    private(set) var remarkCount = 0
    private(set) var firstRemark: Malformed?

    init(
        delimiter: UInt8 = UInt8(ascii: ","), isStrict: Bool = false,
        chunkByteCount: Int = 256 << 10, source: @escaping Source
    ) {
        self.source = source
        self.delimiter = delimiter
        self.isStrict = isStrict
        buffer = [UInt8](repeating: 0, count: max(chunkByteCount, 1))
    }

    /// The next record; nil at the end of the input.
    ///
    /// - Throws: ``Malformed``, or what the source throws.
    mutating func next() throws -> [Field]? {
        if byteCount == 0 { try skipMark() }
        while let byte = try peek() {
            guard byte == 0x0A || byte == 0x0D else { return try record() }
            try skipLineEnd()
        }
        return nil
    }

    private mutating func record() throws -> [Field] {
        recordLine = line
        let first = byteCount
        var fields: [Field] = []
        while true {
            guard fields.count < Self.fieldCountMax else { throw malformed(.tooManyFields) }
            fields.append(try field(recordStart: first))
            guard let byte = try peek() else { return fields }
            if byte == delimiter {
                take()
                continue
            }
            try skipLineEnd()
            return fields
        }
    }

    private mutating func field(recordStart: Int) throws -> Field {
        var bytes: [UInt8] = []
        let isQuoted = try peek() == UInt8(ascii: "\"")
        if isQuoted {
            take()
            try quoted(&bytes, recordStart)
        }
        var isStray = false
        while let byte = try peek(), byte != delimiter, byte != 0x0A, byte != 0x0D {
            isStray = isStray || isQuoted || byte == UInt8(ascii: "\"")
            bytes.append(byte)
            take()
            try checkLength(recordStart)
        }
        if isStray { try remark(.strayQuote) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            try remark(.notUTF8)
            return Field(text: String(decoding: bytes, as: UTF8.self), isQuoted: isQuoted)
        }
        return Field(text: text, isQuoted: isQuoted)
    }

    private mutating func quoted(_ bytes: inout [UInt8], _ recordStart: Int) throws {
        while let byte = try peek() {
            take()
            try checkLength(recordStart)
            if byte == 0x0A { line += 1 }
            if byte == UInt8(ascii: "\"") {
                guard try peek() == UInt8(ascii: "\"") else { return }
                take()
            }
            bytes.append(byte)
        }
        try remark(.openQuote)
    }

    private func checkLength(_ recordStart: Int) throws {
        guard byteCount - recordStart <= Self.recordByteCountMax else {
            throw malformed(.tooLong)
        }
    }

    private func malformed(_ reason: Malformed.Reason) -> Malformed {
        Malformed(reason: reason, line: recordLine)
    }

    private mutating func remark(_ reason: Malformed.Reason) throws {
        if isStrict { throw malformed(reason) }
        remarkCount += 1
        if firstRemark == nil { firstRemark = malformed(reason) }
    }

    // MARK: Bytes

    private mutating func skipMark() throws {
        for byte in [0xEF, 0xBB, 0xBF] as [UInt8] {
            guard try peek() == byte else { return }
            take()
        }
    }

    private mutating func skipLineEnd() throws {
        let isReturn = try peek() == 0x0D
        take()
        if isReturn, try peek() == 0x0A { take() }
        line += 1
    }

    private mutating func peek() throws -> UInt8? {
        if start < end { return buffer[start] }
        guard !isAtEnd else { return nil }
        start = 0
        end = try buffer.withUnsafeMutableBytes { try source($0) }
        isAtEnd = end == 0
        return isAtEnd ? nil : buffer[0]
    }

    private mutating func take() {
        start += 1
        byteCount += 1
    }
}
