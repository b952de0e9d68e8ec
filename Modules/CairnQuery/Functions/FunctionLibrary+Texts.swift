// SPDX-License-Identifier: Apache-2.0
//
// Places and lengths within a text count Unicode scalars.

extension FunctionLibrary {
    static let texts: [String: FunctionBody] = [
        "toupper": text { $0.uppercased() },
        "tolower": text { $0.lowercased() },
        "trim": text { trimmed($0, atStart: true, atEnd: true) },
        "ltrim": text { trimmed($0, atStart: true, atEnd: false) },
        "rtrim": text { trimmed($0, atStart: false, atEnd: true) },
        "left": .variadic { (values, _) throws(QueryError) in
            guard let (text, count) = try textAndCount(values, "left") else { return .null }
            return .string(String(text.unicodeScalars.prefix(count)))
        },
        "right": .variadic { (values, _) throws(QueryError) in
            guard let (text, count) = try textAndCount(values, "right") else { return .null }
            return .string(String(text.unicodeScalars.suffix(count)))
        },
        "substring": .variadic { (values, _) throws(QueryError) in
            guard let (text, start) = try textAndCount(values, "substring") else { return .null }
            let rest = text.unicodeScalars.dropFirst(start)
            guard values.count > 2 else { return .string(String(rest)) }
            guard let (_, count) = try textAndCount([values[0], values[2]], "substring") else {
                return .null
            }
            return .string(String(rest.prefix(count)))
        },
        "replace": .variadic { (values, execution) throws(QueryError) in
            var parts: [String] = []
            for value in values {
                if value.isNull { return .null }
                guard case .string(let text) = value else { throw refusal("replace") }
                parts.append(text)
            }
            guard !parts[1].isEmpty else { return values[0] }
            let pieces = pieces(of: parts[0], parts[1])
            try execution.reserve(
                (parts[0].utf8.count + pieces.count * parts[2].utf8.count) / 16)
            return .string(pieces.joined(separator: parts[2]))
        },
        "split": .variadic { (values, execution) throws(QueryError) in
            if values[0].isNull || values[1].isNull { return .null }
            guard case .string(let text) = values[0], case .string(let separator) = values[1]
            else { throw refusal("split") }
            try execution.reserve(text.utf8.count + 1)
            if separator.isEmpty {
                return .list(text.unicodeScalars.map { .string(String($0)) })
            }
            return .list(pieces(of: text, separator).map(QueryValue.string))
        },
    ]

    private static func text(_ body: @escaping @Sendable (String) -> String) -> FunctionBody {
        .unary { (value, _) throws(QueryError) in
            guard case .string(let text) = value else { throw refusal("text") }
            return .string(body(text))
        }
    }

    private static func trimmed(_ text: String, atStart: Bool, atEnd: Bool) -> String {
        var rest = text.unicodeScalars[...]
        if atStart { rest = rest.drop { $0.properties.isWhitespace } }
        while atEnd, let last = rest.last, last.properties.isWhitespace { rest.removeLast() }
        return String(String.UnicodeScalarView(rest))
    }

    /// A text and a number of characters that is not negative; nil when one is null.
    private static func textAndCount(
        _ values: [QueryValue], _ name: String
    ) throws(QueryError) -> (String, Int)? {
        if values[0].isNull || values[1].isNull { return nil }
        guard case .string(let text) = values[0], case .int(let count) = values[1] else {
            throw refusal(name)
        }
        guard count >= 0 else {
            throw .runtime(.argument, .numberOutOfRange, name: name)
        }
        return (text, Int(clamping: count))
    }

    /// The parts of a text between separators, which are not empty. By bytes: a separator in UTF-8 begins at no
    /// byte within a character.
    private static func pieces(of text: String, _ separator: String) -> [String] {
        let bytes = Array(text.utf8)
        let mark = Array(separator.utf8)
        var pieces: [String] = []
        var start = 0
        var index = 0
        while index + mark.count <= bytes.count {
            if bytes[index] == mark[0], bytes[index..<index + mark.count].elementsEqual(mark) {
                pieces.append(String(decoding: bytes[start..<index], as: UTF8.self))
                index += mark.count
                start = index
            } else {
                index += 1
            }
        }
        pieces.append(String(decoding: bytes[start...], as: UTF8.self))
        return pieces
    }
}
