// SPDX-License-Identifier: Apache-2.0

extension Lexer {
    // MARK: Texts

    mutating func string(until quote: UInt8) throws(QueryError) -> String {
        let start = index
        index += 1
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == quote { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") {
                try escape(into: &text)
            } else {
                text.append(byte)
            }
        }
        throw .syntax(.unexpectedSyntax, at: start, expected: [quote == 0x27 ? "'" : "\""])
    }

    private mutating func escape(into text: inout [UInt8]) throws(QueryError) {
        let start = index - 1
        let byte = peek()
        index += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"),
            UInt8(ascii: "/"):
            text.append(byte)
        case UInt8(ascii: "u"): try unicode(4, start, into: &text)
        case UInt8(ascii: "U"): try unicode(8, start, into: &text)
        default: throw .syntax(.unexpectedSyntax, at: start, expected: ["an escape"])
        }
    }

    private mutating func unicode(
        _ count: Int, _ start: Int, into text: inout [UInt8]
    ) throws(QueryError) {
        var value = try hexadecimal(count, start)
        // Two escapes can stand for one character.
        if (0xD800...0xDBFF).contains(value), peek() == 0x5C, peek(1) == UInt8(ascii: "u") {
            index += 2
            let low = try hexadecimal(4, start)
            guard (0xDC00...0xDFFF).contains(low) else {
                throw .syntax(.invalidUnicodeLiteral, at: start)
            }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw .syntax(.invalidUnicodeLiteral, at: start)
        }
        text.append(contentsOf: Array(String(Character(scalar)).utf8))
    }

    private mutating func hexadecimal(_ count: Int, _ start: Int) throws(QueryError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = peek().hexadecimalDigit else {
                throw .syntax(.invalidUnicodeLiteral, at: start)
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    // MARK: Numbers

    mutating func number() -> Token.Kind {
        let start = index
        if peek() == 0x30 {
            switch peek(1) {
            case UInt8(ascii: "x"), UInt8(ascii: "X"): return integer(radix: 16)
            case UInt8(ascii: "o"), UInt8(ascii: "O"): return integer(radix: 8)
            default: break
            }
        }
        while peek().isDigit { index += 1 }
        var isDouble = false
        // `1..2` are bounds, and `1.name` is no number.
        if peek() == UInt8(ascii: "."), peek(1).isDigit {
            isDouble = true
            index += 1
            while peek().isDigit { index += 1 }
        }
        if peek() | 0x20 == UInt8(ascii: "e"), hasExponent {
            isDouble = true
            index += peek(1).isDigit ? 1 : 2
            while peek().isDigit { index += 1 }
        }
        guard !peek().isWordByte else {
            while peek().isWordByte { index += 1 }
            return .malformedNumber(.invalidNumberLiteral)
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        return isDouble ? double(text) : decimal(text)
    }

    private var hasExponent: Bool {
        peek(1).isDigit
            || (peek(1) == UInt8(ascii: "-") || peek(1) == UInt8(ascii: "+")) && peek(2).isDigit
    }

    private func double(_ text: String) -> Token.Kind {
        guard let value = Double(text), value.isFinite else {
            return .malformedNumber(.floatingPointOverflow)
        }
        return .double(value)
    }

    private func decimal(_ text: String) -> Token.Kind {
        guard let magnitude = UInt64(text) else { return .malformedNumber(.integerOverflow) }
        return integer(magnitude)
    }

    private func integer(_ magnitude: UInt64) -> Token.Kind {
        if let value = Int64(exactly: magnitude) { return .integer(value) }
        guard magnitude == Int64.min.magnitude else {
            return .malformedNumber(.integerOverflow)
        }
        return .minimumMagnitude
    }

    private mutating func integer(radix: UInt64) -> Token.Kind {
        index += 2
        let first = index
        while peek().isWordByte { index += 1 }
        var magnitude: UInt64 = 0
        for byte in bytes[first..<index] {
            guard let digit = byte.hexadecimalDigit, UInt64(digit) < radix else {
                return .malformedNumber(.invalidNumberLiteral)
            }
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: radix)
            guard !overflow else { return .malformedNumber(.integerOverflow) }
            magnitude = product + UInt64(digit)
        }
        guard index > first else { return .malformedNumber(.invalidNumberLiteral) }
        return integer(magnitude)
    }
}
