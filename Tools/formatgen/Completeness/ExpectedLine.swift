// SPDX-License-Identifier: Apache-2.0

import CairnFormats
import CairnInterpreter

/// A line that a document must have, as far as the description decides it.
struct ExpectedLine {
    /// A part of a line.
    enum Piece {
        /// These words.
        case words(String)
        /// This, in backquotes.
        case code(String)
        /// A formula in backquotes that reads as this one.
        case formula(JSON)
        /// In a list: the names of tags, which are for people.
        case anyWords
    }

    var pieces: [Piece]

    init(_ pieces: Piece...) { self.pieces = pieces }

    static func + (line: ExpectedLine, pieces: [Piece]) -> ExpectedLine {
        var copy = line
        copy.pieces += pieces
        return copy
    }

    /// Whether a line of a document is this one; links count as their words.
    func matches(_ line: String, _ format: ResolvedFormat) -> Bool {
        var rest = Substring(Self.withoutLinks(line))
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .words(let words):
                guard rest.hasPrefix(words) else { return false }
                rest = rest.dropFirst(words.count)
            case .code(let text):
                guard let found = Self.span(&rest), found == text else { return false }
            case .formula(let json):
                guard let found = Self.span(&rest),
                    let expression = try? Expression(Formula(stringLiteral: found)),
                    format.json(expression) == json
                else { return false }
            case .anyWords:
                guard index + 1 < pieces.count, case .words(let next) = pieces[index + 1] else {
                    return !rest.contains("`")
                }
                guard let place = rest.firstRange(of: next),
                    !rest[..<place.lowerBound].contains("`")
                else { return false }
                rest = rest[place.lowerBound...]
            }
        }
        return rest.isEmpty
    }

    /// Takes what stands in backquotes from the start.
    private static func span(_ rest: inout Substring) -> String? {
        guard rest.first == "`", let end = rest.dropFirst().firstIndex(of: "`") else { return nil }
        defer { rest = rest[rest.index(after: end)...] }
        return String(rest[rest.index(after: rest.startIndex)..<end])
    }

    /// The line with the words of each link instead of it.
    static func withoutLinks(_ line: String) -> String {
        guard line.contains("](") else { return line }
        var output = ""
        var rest = Substring(line)
        while let start = rest.firstRange(of: "[`"),
            let middle = rest[start.upperBound...].firstRange(of: "`]("),
            let end = rest[middle.upperBound...].firstIndex(of: ")")
        {
            // A bracket within a formula is no link: the nearest one before the words is.
            let words = rest[start.upperBound..<middle.lowerBound]
            guard !words.contains("`") else {
                output += rest[..<start.upperBound]
                rest = rest[start.upperBound...]
                continue
            }
            output += rest[..<start.lowerBound] + "`" + words + "`"
            rest = rest[rest.index(after: end)...]
        }
        return output + rest
    }

    /// The line for a message; formulas as programs have them.
    var description: String {
        pieces.map { piece in
            switch piece {
            case .words(let words): words
            case .code(let text): "`\(text)`"
            case .formula(let json): "`\(json.line)`"
            case .anyWords: "…"
            }
        }.joined()
    }
}

extension JSON {
    subscript(_ name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// A text, or a number as text; empty for anything else.
    var word: String {
        switch self {
        case .string(let text): text
        case .int(let value): "\(value)"
        default: ""
        }
    }

    var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }
    var members: [Member] { if case .object(let members) = self { members } else { [] } }
}
