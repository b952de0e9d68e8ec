// SPDX-License-Identifier: Apache-2.0
//
// - Linear in the bytes of the statement: each is looked at a bounded number of times.
// - Whatever the text is, the result is tokens or an error with a place.

/// Cuts a statement into tokens.
struct Lexer {
    let bytes: [UInt8]
    var index = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// All tokens of a text; the last one is the end.
    static func tokens(of text: String) throws(QueryError) -> [Token] {
        var lexer = Lexer(text)
        var tokens: [Token] = []
        tokens.reserveCapacity(lexer.bytes.count / 4 + 1)
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    func peek(_ distance: Int = 0) -> UInt8 {
        index + distance < bytes.count ? bytes[index + distance] : 0
    }

    private mutating func next() throws(QueryError) -> Token {
        try skipSpace()
        let start = index
        guard start < bytes.count else { return Token(kind: .end, start: start, end: start) }
        let kind = try kind(at: start)
        return Token(kind: kind, start: start, end: index)
    }

    private mutating func kind(at start: Int) throws(QueryError) -> Token.Kind {
        let byte = bytes[start]
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string(until: byte))
        case UInt8(ascii: "`"): return .quotedName(try quotedName())
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
        case UInt8(ascii: ".") where peek(1).isDigit: return number()
        case UInt8(ascii: "$"): return .parameter(try parameterName())
        default: break
        }
        if let word = try word() { return .word(word) }
        return .symbol(try symbol())
    }

    // MARK: Space

    private mutating func skipSpace() throws(QueryError) {
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x20 || (0x09...0x0D).contains(byte) {
                index += 1
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
                while index < bytes.count, bytes[index] != 0x0A { index += 1 }
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                try skipComment()
            } else if byte >= 0x80, let (scalar, count) = scalar(at: index),
                scalar.properties.isWhitespace
            {
                index += count
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(QueryError) {
        let start = index
        index += 2
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                index += 2
                return
            }
            index += 1
        }
        throw .syntax(.unexpectedSyntax, at: start, expected: ["*/"])
    }

    // MARK: Words

    /// The character at a place and how many bytes it has.
    func scalar(at place: Int) -> (Unicode.Scalar, Int)? {
        guard place < bytes.count else { return nil }
        var decoder = UTF8()
        var iterator = bytes[place..<min(place + 4, bytes.count)].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        return (scalar, UTF8.width(scalar))
    }

    private mutating func word() throws(QueryError) -> String? {
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                guard byte.isWordByte, index > start || !byte.isDigit else { break }
                index += 1
            } else {
                guard let (scalar, count) = scalar(at: index) else { break }
                let isPart =
                    index == start
                    ? scalar.properties.isXIDStart : scalar.properties.isXIDContinue
                guard isPart else { break }
                index += count
            }
        }
        return index > start ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
    }

    private mutating func quotedName() throws(QueryError) -> String {
        let start = index
        index += 1
        var name: [UInt8] = []
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "`") {
                guard peek(1) == UInt8(ascii: "`") else {
                    index += 1
                    return String(decoding: name, as: UTF8.self)
                }
                index += 1
            }
            name.append(bytes[index])
            index += 1
        }
        throw .syntax(.unexpectedSyntax, at: start, expected: ["`"])
    }

    private mutating func parameterName() throws(QueryError) -> String {
        let start = index
        index += 1
        if peek() == UInt8(ascii: "`") { return try quotedName() }
        let first = index
        while index < bytes.count, peek().isDigit { index += 1 }
        if index > first { return String(decoding: bytes[first..<index], as: UTF8.self) }
        guard let word = try word() else {
            throw .syntax(.unexpectedSyntax, at: start, expected: ["the name of a parameter"])
        }
        return word
    }

    private mutating func symbol() throws(QueryError) -> Symbol {
        if index + 1 < bytes.count, bytes[index] < 0x80, bytes[index + 1] < 0x80,
            let symbol = Symbol(
                rawValue: String(decoding: bytes[index..<index + 2], as: UTF8.self))
        {
            index += 2
            return symbol
        }
        guard bytes[index] < 0x80 else {
            throw .syntax(.invalidUnicodeCharacter, at: index)
        }
        let text = String(decoding: bytes[index...index], as: UTF8.self)
        guard let symbol = Symbol(rawValue: text) else {
            throw .syntax(.unexpectedSyntax, at: index, name: text)
        }
        index += 1
        return symbol
    }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    /// Whether it is part of a word in ASCII.
    var isWordByte: Bool {
        isDigit || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) || self == 0x5F
    }
    /// The value as a hexadecimal digit; nil when it is none.
    var hexadecimalDigit: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
