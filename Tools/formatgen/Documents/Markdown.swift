// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter

/// Forms that all documents share.
enum Markdown {
    static let notice =
        "<!-- Written by `swift run formatgen generate`. Change the declaration, not this. -->"

    /// A table. Bars in cells are escaped.
    static func table(_ head: [String], _ rows: [[String]]) -> String {
        ([head, head.map { _ in "---" }] + rows)
            .map {
                "| " + $0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
            }
            .joined(separator: "\n")
    }

    /// How far what belongs to an item of a numbered list is indented behind it: as wide as its number.
    static func width(ofNumber number: Int) -> Int { "\(number). ".count }

    /// Something that decides: a name, a number or a formula.
    static func code(_ text: String) -> String { "`\(text)`" }

    /// A formula on one line.
    static func code(_ formula: Formula) -> String { code(line(formula)) }

    static func line(_ formula: Formula) -> String {
        formula.text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// The anchor of a heading.
    static func anchor(_ heading: String) -> String {
        String(
            heading.lowercased().compactMap { character -> Character? in
                if character == " " { return "-" }
                return character.isLetter || character.isNumber || "-_".contains(character)
                    ? character : nil
            })
    }
}

/// Where the types and tables of a format stand: each once, in the document of the format that declares it.
struct DocumentLinks {
    private let format: ResolvedFormat
    private let owners: [ResolvedFormat]

    /// - Parameter formats: All there are.
    init(_ format: ResolvedFormat, among formats: [ResolvedFormat]) {
        self.format = format
        let used = format.reading.uses + (format.isSet ? format.reading.files.map(\.format) : [])
        var names: [String] = []
        for name in used where !names.contains(name) { names.append(name) }
        owners = names.compactMap { name in formats.first { $0.name == name } }
    }

    /// The format whose document has a type; nil for this one.
    func owner(ofType name: String) -> ResolvedFormat? {
        owners.first { other in
            format.reading.uses.contains(other.name)
                && other.reading.types.contains { $0 == format.types[name] }
        }
    }

    /// The format whose document has a table; nil for this one.
    func owner(ofTable name: String) -> ResolvedFormat? {
        let own = format.tables.first { $0.name == name }?.values
        return owners.first { other in
            other.description.tags.contains { $0.name == name && $0.values == own }
        }
    }

    func type(_ name: String) -> String {
        let file = owner(ofType: name).map { "\($0.name).md" } ?? ""
        return "[`\(name)`](\(file)#\(Markdown.anchor(name)))"
    }

    func table(_ name: String) -> String {
        let file = owner(ofTable: name).map { "\($0.name).md" } ?? ""
        return "[`\(name)`](\(file)#\(Markdown.anchor("values of \(name)")))"
    }
}
