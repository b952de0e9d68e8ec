// SPDX-License-Identifier: Apache-2.0

/// One alternative of a relation field such as `Depends`.
struct Relation: Hashable, Sendable {
    /// The index of the comma clause, from 0.
    var group: Int
    /// The package it names.
    var name: String
    /// The version it asks for, as `>= 1.2`.
    var constraint: String?
    /// The architecture after the colon, as `any`.
    var qualifier: String?
    /// Architectures and build profiles, as `[amd64 i386] <!nocheck>`.
    var restriction: String?
}

/// Reads the value of a relation field: `a (>= 1.2) | b:any, c [amd64] <!nocheck>`.
///
/// - Empty clauses are passed over and not counted, wherever they stand: lists have them, as apt takes a comma at the
///   end. Otherwise it accepts what dpkg accepts. A version without an operator means `=`. The old operators `<`
///   and `>` are kept.
/// - Blanks between the parts do not matter; the texts handed out have one where there were any.
struct RelationParser: ~Escapable {
    /// An error in a relation.
    enum Problem: String, Hashable, Sendable, CustomStringConvertible {
        case missingName = "a package name is missing"
        case invalidName = "a package name has characters that it cannot have"
        case missingQualifier = "an architecture is missing after a colon"
        case invalidOperator = "a version operator is none of << <= = >= >>"
        case missingVersion = "a version is missing between parentheses"
        case unclosedVersion = "a parenthesis around a version is not closed"
        case unclosedRestriction = "a bracket around architectures or profiles is not closed"
        case emptyRestriction = "brackets have no architectures or profiles between them"
        case unexpectedText = "a relation is followed by something that is not , or |"

        var description: String { rawValue }
    }

    /// A problem and where it was seen.
    struct Failure: Error, Hashable {
        let problem: Problem
        /// In bytes from the start of the text.
        let offset: Int
    }

    private let text: Span<UInt8>
    private var position = 0

    @_lifetime(copy text)
    private init(_ text: Span<UInt8>) { self.text = text }

    /// Hands every alternative in `text` to `body`, in order.
    ///
    /// - Parameter text: Valid UTF-8.
    static func parse(
        _ text: Span<UInt8>, _ body: (Relation) -> Void
    ) throws(Failure) {
        var parser = RelationParser(text)
        parser.skipCommas()
        if parser.next == nil { return }
        var group = 0
        while true {
            body(try parser.relation(group: group))
            switch parser.next {
            case nil: return
            case UInt8(ascii: "|"): parser.advance()
            case UInt8(ascii: ","):
                parser.skipCommas()
                if parser.next == nil { return }
                group += 1
            default: throw parser.failure(.unexpectedText)
            }
            parser.skipSpace()
        }
    }

    private mutating func relation(group: Int) throws(Failure) -> Relation {
        var relation = Relation(group: group, name: try name())
        if next == UInt8(ascii: ":") {
            advance()
            let qualifier = word()
            guard !qualifier.isEmpty else { throw failure(.missingQualifier) }
            relation.qualifier = string(qualifier)
        }
        skipSpace()
        if next == UInt8(ascii: "(") { relation.constraint = try constraint() }
        while next == UInt8(ascii: "[") || next == UInt8(ascii: "<") {
            let part = try restriction()
            relation.restriction = relation.restriction.map { $0 + " " + part } ?? part
        }
        return relation
    }

    private mutating func name() throws(Failure) -> String {
        let range = word()
        guard !range.isEmpty else { throw failure(.missingName) }
        guard Self.isName(text.extracting(range)) else {
            throw Failure(problem: .invalidName, offset: range.lowerBound)
        }
        return string(range)
    }

    private mutating func constraint() throws(Failure) -> String {
        advance()
        skipSpace()
        let operatorStart = position
        let symbol = string(take { $0.isOperator })
        guard ["", "<<", "<=", "=", ">=", ">>", "<", ">"].contains(symbol) else {
            throw Failure(problem: .invalidOperator, offset: operatorStart)
        }
        skipSpace()
        let version = take {
            !$0.isSpace && $0 != UInt8(ascii: ")") && $0 != UInt8(ascii: "(")
        }
        skipSpace()
        guard next == UInt8(ascii: ")") else { throw failure(.unclosedVersion) }
        guard !version.isEmpty else { throw failure(.missingVersion) }
        advance()
        skipSpace()
        return (symbol.isEmpty ? "=" : symbol) + " " + string(version)
    }

    /// One pair of brackets with the words in it, and one blank between them.
    private mutating func restriction() throws(Failure) -> String {
        let isArchitecture = next == UInt8(ascii: "[")
        let closing = UInt8(ascii: isArchitecture ? "]" : ">")
        let start = position
        advance()
        var words: [String] = []
        while true {
            skipSpace()
            if next == closing { break }
            let word = take { !$0.isSpace && !$0.isDelimiter && $0 != closing }
            guard !word.isEmpty else { throw Failure(problem: .unclosedRestriction, offset: start) }
            words.append(string(word))
        }
        guard !words.isEmpty else { throw failure(.emptyRestriction) }
        advance()
        skipSpace()
        let content = words.joined(separator: " ")
        return isArchitecture ? "[\(content)]" : "<\(content)>"
    }

    /// Moves past space and any number of commas: clauses that say nothing.
    private mutating func skipCommas() {
        _ = take { $0.isSpace || $0 == UInt8(ascii: ",") }
    }

    /// True when `name` begins with a letter or digit and goes on with those or `+-._`.
    static func isName(_ name: Span<UInt8>) -> Bool {
        for index in name.indices {
            switch name[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                continue
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                if index == 0 { return false }
            default: return false
            }
        }
        return !name.isEmpty
    }

    // MARK: - Bytes

    private var next: UInt8? { position < text.count ? text[position] : nil }

    private mutating func advance() { position += 1 }

    private mutating func skipSpace() {
        while position < text.count, text[position].isSpace { position += 1 }
    }

    private mutating func take(while condition: (UInt8) -> Bool) -> Range<Int> {
        let start = position
        while position < text.count, condition(text[position]) { position += 1 }
        return start..<position
    }

    /// A name or a qualifier: everything up to what can follow one.
    private mutating func word() -> Range<Int> {
        take { !$0.isSpace && !$0.isDelimiter && $0 != UInt8(ascii: ":") }
    }

    private func string(_ range: Range<Int>) -> String {
        text.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    private func failure(_ problem: Problem) -> Failure {
        Failure(problem: problem, offset: position)
    }
}

extension UInt8 {
    /// True for what a version operator is made of.
    var isOperator: Bool {
        self == UInt8(ascii: "<") || self == UInt8(ascii: ">") || self == UInt8(ascii: "=")
    }

    /// True for what separates relations and opens or closes their parts; `]` and `>` are no such.
    var isDelimiter: Bool {
        switch self {
        case UInt8(ascii: ","), UInt8(ascii: "|"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "["), UInt8(ascii: "<"):
            true
        default: false
        }
    }
}
