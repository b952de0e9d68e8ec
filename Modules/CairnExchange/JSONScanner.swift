// SPDX-License-Identifier: Apache-2.0
//
// Reads JSON (RFC 8259) from the bytes of one line.
//
// - Strict: no comments, no trailing commas, no leading zeros, no raw control characters, no half of a
//   surrogate pair; an object with a key twice is refused.
// - It goes no deeper than a value may be nested, and reads each byte once.

internal import CairnGraph
internal import Foundation

struct JSONScanner {
    /// An error in the text, with its byte offset from 0.
    struct Problem: Error {
        let code: ExchangeError.Code
        let offset: Int
        var name: String?
        var cause: GraphError?
    }

    let bytes: [UInt8]
    private(set) var offset = 0
    /// Whether a key of the value that is being read begins with $.
    private var hasExtensions = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    // MARK: Structure

    /// Moves past blanks.
    mutating func skipBlanks() {
        while offset < bytes.count, [0x20, 0x09, 0x0d].contains(bytes[offset]) { offset += 1 }
    }

    /// Moves past blanks and tells whether the end is there.
    mutating func isAtEnd() -> Bool {
        skipBlanks()
        return offset == bytes.count
    }

    /// The next byte behind blanks, which stays; nil at the end.
    mutating func peek() -> UInt8? {
        skipBlanks()
        return offset < bytes.count ? bytes[offset] : nil
    }

    /// Moves past one character if it comes next.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws(Problem) {
        guard take(character) else { throw Problem(code: .syntax, offset: offset) }
    }

    /// Calls `body` for each key of an object; it has to read the value.
    mutating func forEachField(
        _ body: (inout JSONScanner, String, Int) throws(Problem) -> Void
    ) throws(Problem) {
        try expect("{")
        if take("}") { return }
        repeat {
            skipBlanks()
            let start = offset
            let key = try string()
            try expect(":")
            try body(&self, key, start)
        } while take(",")
        try expect("}")
    }

    /// Calls `body` for each element of an array; it has to read it.
    mutating func forEachElement(
        _ body: (inout JSONScanner) throws(Problem) -> Void
    ) throws(Problem) {
        try expect("[")
        if take("]") { return }
        repeat { try body(&self) } while take(",")
        try expect("]")
    }

    // MARK: Values

    /// The number of lists and maps that a text may have within one another: twice as many as a value, because each
    /// map may need a `$map` around it, and one for what is innermost and needs a `$value`.
    static let depthMax = 2 * Value.nestingCountMax + 1

    /// A value of the graph.
    mutating func value() throws(Problem) -> Value {
        skipBlanks()
        let start = offset
        hasExtensions = false
        let plain = try plainValue(depth: Self.depthMax)
        return hasExtensions ? try Self.extended(plain, at: start) : plain
    }

    /// Properties: values by key, which may begin with $.
    mutating func properties() throws(Problem) -> Properties {
        var values: Properties = [:]
        try forEachField { (scanner, key, start) throws(Problem) in
            let value = try scanner.value()
            guard values.updateValue(value, forKey: key) == nil else {
                throw Problem(code: .duplicateKey, offset: start, name: key)
            }
        }
        return values
    }

    /// A value in which every object is a map.
    private mutating func plainValue(depth: Int) throws(Problem) -> Value {
        switch peek() {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "["):
            guard depth > 0 else { throw Problem(code: .nestingTooDeep, offset: offset) }
            var values: [Value] = []
            try forEachElement { (scanner) throws(Problem) in
                values.append(try scanner.plainValue(depth: depth - 1))
            }
            return .list(values)
        case UInt8(ascii: "{"):
            guard depth > 0 else { throw Problem(code: .nestingTooDeep, offset: offset) }
            var values: Properties = [:]
            try forEachField { (scanner, key, start) throws(Problem) in
                if key.utf8.first == 0x24 { scanner.hasExtensions = true }
                let value = try scanner.plainValue(depth: depth - 1)
                guard values.updateValue(value, forKey: key) == nil else {
                    throw Problem(code: .duplicateKey, offset: start, name: key)
                }
            }
            return .map(values)
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    /// The value with those maps replaced that stand for what JSON does not have.
    private static func extended(_ value: Value, at offset: Int) throws(Problem) -> Value {
        switch value {
        case .list(let values):
            var result: [Value] = []
            for value in values { result.append(try extended(value, at: offset)) }
            return .list(result)
        case .map(let values):
            guard values.count == 1, let (key, only) = values.first, key.utf8.first == 0x24 else {
                return .map(try extended(values, at: offset))
            }
            let wrong = Problem(code: .wrongType, offset: offset, name: key)
            switch (key, only) {
            case ("$map", .map(let inner)): return .map(try extended(inner, at: offset))
            case ("$bytes", .string(let text)):
                guard let data = Data(base64Encoded: text) else { throw wrong }
                return .bytes(Array(data))
            case ("$double", .string(let text)):
                guard let double = NonFiniteDouble.value(of: text) else { throw wrong }
                return .double(double)
            case ("$value", .string(let text)):
                guard let value = Value(base64: text) else { throw wrong }
                return value
            case ("$map", _), ("$bytes", _), ("$double", _), ("$value", _): throw wrong
            default: throw Problem(code: .unknownExtension, offset: offset, name: key)
            }
        default: return value
        }
    }

    private static func extended(
        _ values: Properties, at offset: Int
    ) throws(Problem) -> Properties {
        var result = Properties(minimumCapacity: values.count)
        for (key, value) in values { result[key] = try extended(value, at: offset) }
        return result
    }

    private mutating func word(_ word: StaticString, _ value: Value) throws(Problem) -> Value {
        let end = offset + word.utf8CodeUnitCount
        let isThere = word.withUTF8Buffer { bytes[offset...].starts(with: $0) }
        guard isThere else { throw Problem(code: .syntax, offset: offset) }
        offset = end
        return value
    }

    // MARK: Numbers

    /// A number; an integer when it has neither a point nor an exponent.
    private mutating func number() throws(Problem) -> Value {
        let start = offset
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        let whole = offset
        guard skipDigits(), bytes[whole] != 0x30 || offset == whole + 1 else {
            throw Problem(code: .syntax, offset: start)
        }
        var isInteger = true
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            isInteger = false
            offset += 1
            guard skipDigits() else { throw Problem(code: .syntax, offset: offset) }
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            offset += 1
            if offset < bytes.count, [0x2b, 0x2d].contains(bytes[offset]) { offset += 1 }
            guard skipDigits() else { throw Problem(code: .syntax, offset: offset) }
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isInteger, let integer = Int64(text) { return .int(integer) }
        if !isInteger, let double = Double(text), double.isFinite { return .double(double) }
        throw Problem(code: .numberOutOfRange, offset: start)
    }

    /// - Returns: False when there is no digit.
    private mutating func skipDigits() -> Bool {
        let start = offset
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) { offset += 1 }
        return offset > start
    }

    /// A number of 64 bits without a sign.
    mutating func unsigned(_ name: String) throws(Problem) -> UInt64 {
        skipBlanks()
        let start = offset
        guard peek().map({ $0 == 0x2d || (0x30...0x39).contains($0) }) == true,
            case .int = try number()
        else {
            throw Problem(code: .wrongType, offset: start, name: name)
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard let number = UInt64(text) else {
            throw Problem(code: .numberOutOfRange, offset: start)
        }
        return number
    }

    // MARK: Strings

    /// A string.
    mutating func string(_ name: String) throws(Problem) -> String {
        guard peek() == UInt8(ascii: "\"") else {
            throw Problem(code: .wrongType, offset: offset, name: name)
        }
        return try string()
    }

    private mutating func string() throws(Problem) -> String {
        try expect("\"")
        let start = offset
        while offset < bytes.count, bytes[offset] >= 0x20, bytes[offset] != 0x5c {
            if bytes[offset] == 0x22 {
                offset += 1
                return try text(bytes.span.extracting(start..<offset - 1), at: start)
            }
            offset += 1
        }
        var unescaped = Array(bytes[start..<offset])
        while offset < bytes.count, bytes[offset] >= 0x20 {
            let byte = bytes[offset]
            switch byte {
            case 0x22:
                offset += 1
                return try text(unescaped.span, at: start)
            case 0x5c: try escape(into: &unescaped)
            default:
                unescaped.append(byte)
                offset += 1
            }
        }
        throw Problem(code: .syntax, offset: offset)
    }

    private func text(_ utf8: Span<UInt8>, at start: Int) throws(Problem) -> String {
        do {
            return String(copying: try UTF8Span(validating: utf8))
        } catch {
            throw Problem(code: .invalidUTF8, offset: start)
        }
    }

    /// Reads what a backslash begins.
    private mutating func escape(into text: inout [UInt8]) throws(Problem) {
        let start = offset
        offset += 1
        guard offset < bytes.count else { throw Problem(code: .syntax, offset: start) }
        let character = bytes[offset]
        offset += 1
        switch Unicode.Scalar(character) {
        case "\"", "\\", "/": text.append(character)
        case "b": text.append(0x08)
        case "f": text.append(0x0c)
        case "n": text.append(0x0a)
        case "r": text.append(0x0d)
        case "t": text.append(0x09)
        case "u":
            let scalar = try codePoint(at: start)
            text.append(contentsOf: Array(String(scalar).utf8))
        default: throw Problem(code: .syntax, offset: start)
        }
    }

    private mutating func codePoint(at start: Int) throws(Problem) -> Unicode.Scalar {
        let first = try fourDigits(at: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        let isPair =
            first < 0xdc00 && offset + 1 < bytes.count && bytes[offset] == 0x5c
            && bytes[offset + 1] == UInt8(ascii: "u")
        guard isPair else { throw Problem(code: .invalidUTF8, offset: start) }
        offset += 2
        let second = try fourDigits(at: start)
        guard (0xdc00..<0xe000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
        else { throw Problem(code: .invalidUTF8, offset: start) }
        return scalar
    }

    private mutating func fourDigits(at start: Int) throws(Problem) -> UInt32 {
        guard offset + 4 <= bytes.count else { throw Problem(code: .syntax, offset: start) }
        var number: UInt32 = 0
        for byte in bytes[offset..<offset + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw Problem(code: .syntax, offset: start)
            }
            number = number << 4 | UInt32(digit)
        }
        offset += 4
        return number
    }
}
