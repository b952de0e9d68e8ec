// SPDX-License-Identifier: Apache-2.0
//
// Holds the documents against the descriptions: whatever a program finds in the JSON must stand in the
// Markdown, too.
//
// - What is expected is made from the JSON alone, and compared with the text of the documents; formulas are
//   parsed, not compared as text.
// - A member of the JSON that no rule here knows is a defect: so nothing new is left out silently.
// - Types, tables and layouts may stand in the document of another format, if this one links to it.

import CairnFormat
import CairnFormats
import CairnInterpreter

/// Compares the documents with the descriptions.
struct Completeness {
    private let formats: [ResolvedFormat]
    private let descriptions: [String: JSON]
    private var documents: [String: DocumentText]

    /// - Parameters:
    ///   - files: The generated files, by path from the root of the repository.
    ///   - changed: Descriptions that take the place of those of the formats.
    init(
        _ formats: [ResolvedFormat], in files: [String: String], changed: [String: JSON] = [:]
    ) {
        self.formats = formats
        descriptions = Dictionary(formats.map { ($0.name, $0.json) }) { first, _ in first }
            .merging(changed) { $1 }
        let documents = formats.map { format in
            (format.name, DocumentText(files["Docs/Formats/\(format.name).md"] ?? ""))
        }
        self.documents = Dictionary(documents) { first, _ in first }
    }

    /// The same with another text for the document of a format.
    func replacing(_ name: String, with text: String) -> Completeness {
        var copy = self
        copy.documents[name] = DocumentText(text)
        return copy
    }

    /// One line for everything that a description has and its document has not, or the reverse.
    var defects: [String] { formats.flatMap(defects) }

    /// The defects of one document.
    func defects(of name: String) -> [String] {
        formats.first { $0.name == name }.map(defects) ?? []
    }

    private func defects(_ format: ResolvedFormat) -> [String] {
        guard let json = descriptions[format.name], let document = documents[format.name] else {
            return ["\(format.name): there is no document"]
        }
        var defects: [String] = []
        for member in json.members {
            switch member.name {
            case "$schema": break
            case "name":
                if document.body("# Format: \(member.value.word)") == nil {
                    defects.append("no title")
                }
            case "version", "meaning": break
            case "root", "delivers", "context", "canonical", "allocation", "limits", "errors":
                defects += WholeDefects(format, json, document).defects(member.name)
            case "tags":
                for table in member.value.members { defects += tags(table, format, document) }
            case "types":
                for type in member.value.members { defects += self.type(type, format, json) }
            case "tail": defects += TailDefects(format, json, document).defects
            case "files": defects += SetDefects(format, json, document).defects
            case "carries": defects += SetDefects(format, json, document).carried
            default: defects.append("no document says the member \(member.name)")
            }
        }
        defects += WholeDefects(format, json, document).title
        return defects.map { "\(format.name).md: \($0)" }
    }

    // MARK: Types

    private func type(_ type: JSON.Member, _ format: ResolvedFormat, _ json: JSON) -> [String] {
        guard let document = documents[format.name] else { return [] }
        var place = document
        let heading = "### `\(type.name)`"
        if place.body(heading) == nil {
            let list = (document.body("## Reading and checking, in order") ?? []).first {
                $0.hasPrefix("Types that other documents have:")
            }
            let owner = list.flatMap { link(type.name, in: $0) }
            guard let owner, let other = documents[owner], other.body(heading) != nil else {
                return ["the type \(type.name) is not there"]
            }
            place = other
        }
        return lines(of: type, place.body(heading) ?? [], format, json["tags"] ?? .null)
            + layouts(of: type, place)
    }

    private func lines(
        of type: JSON.Member, _ body: [String], _ format: ResolvedFormat, _ tags: JSON
    ) -> [String] {
        var expected = ExpectedSteps(tags: tags)
        var lines = [head(of: type.value)]
        let steps = expected.lines(type.value["steps"]?.elements ?? [])
        lines += steps.isEmpty ? [ExpectedLine(.words("No steps."))] : steps
        if let result = type.value["result"] {
            lines.append(ExpectedLine(.words("Its value is "), .formula(result), .words(".")))
        }
        var defects = expected.defects
        for member in type.value.members
        where !["meaning", "parameters", "steps", "result"].contains(member.name) {
            defects.append("no document says the member \(member.name) of a type")
        }
        for (index, line) in lines.enumerated() {
            guard index < body.count, line.matches(body[index], format) else {
                defects.append("\(type.name) does not say: \(line.description)")
                break
            }
        }
        if defects.isEmpty, body.count > lines.count { defects.append("\(type.name) says more") }
        return defects
    }

    private func head(of type: JSON) -> ExpectedLine {
        var line = ExpectedLine(.words(type["meaning"]?.word ?? ""))
        for (index, parameter) in (type["parameters"]?.elements ?? []).enumerated() {
            line.pieces += [.words(index == 0 ? " Given: " : ", "), .code(parameter.word)]
        }
        return type["parameters"] == nil ? line : line + [.words(".")]
    }

    /// The fields of layouts, which stand in tables of their own.
    private func layouts(of type: JSON.Member, _ document: DocumentText) -> [String] {
        let rows = document.headings("## Layout `").flatMap { document.rows($0) }
            .filter { $0.count == 6 }
        var defects: [String] = []
        for step in Self.all(type.value["steps"]?.elements ?? []) where step["layout"] != nil {
            let byteCount = step["kind"]?["bytes"]?.word ?? step["kind"]?["count"]?.word ?? ""
            let isBytes = step["kind"]?["kind"]?.word == "bytes"
            let word = isBytes ? "bytes" : "u\((Int(byteCount) ?? 0) * 8)"
            let expected = [
                step["offset"]?.word ?? "", byteCount, word, "`\(step["name"]?.word ?? "")`",
                step["meaning"]?.word ?? "",
            ]
            guard !rows.contains(where: { Array($0.prefix(5)) == expected }) else { continue }
            defects.append("no layout has the row \(expected.joined(separator: " | "))")
        }
        for step in Self.all(type.value["steps"]?.elements ?? []) {
            for name in step["checksum"]?["covers"]?.elements ?? [] {
                let check = "`\(step["id"]?.word ?? "")`"
                // What is no field of a layout stands in the formula of the checksum alone.
                let own = rows.filter { $0[3] == "`\(name.word)`" }
                guard !own.isEmpty, !own.contains(where: { $0[5].contains(check) }) else {
                    continue
                }
                defects.append("no layout says that \(check) covers \(name.word)")
            }
        }
        return defects
    }

    private static func all(_ steps: [JSON]) -> [JSON] {
        steps.flatMap { step in
            [step] + all(step["steps"]?.elements ?? []) + all(step["otherwise"]?.elements ?? [])
                + (step["cases"]?.elements ?? []).flatMap { all($0["steps"]?.elements ?? []) }
        }
    }

    // MARK: Tables

    private func tags(
        _ table: JSON.Member, _ format: ResolvedFormat, _ document: DocumentText
    ) -> [String] {
        let heading = "## Values of `\(table.name)`"
        var place = document
        if place.body(heading) == nil {
            let list = (document.body("## The whole") ?? []).first {
                $0.hasPrefix("Tables that other documents have:")
            }
            let owner = list.flatMap { link(table.name, in: $0) }
            guard let owner, let other = documents[owner], other.body(heading) != nil else {
                return ["the table \(table.name) is not there"]
            }
            place = other
        }
        return TableDefects(table, place.head(heading), place.rows(heading)).defects
            + unknown(table, place.body(heading) ?? [], format)
    }

    private func unknown(
        _ table: JSON.Member, _ body: [String], _ format: ResolvedFormat
    ) -> [String] {
        guard let policy = table.value["unknown"], policy != .null else { return [] }
        var line = ExpectedLine(.words("Unknown values: \(policy["meaning"]?.word ?? "")"))
        if let error = policy["error"], error != .null {
            line.pieces += [.words(" Error: "), .code(error.word), .words(".")]
        }
        if let ignorable = policy["ignorable"] {
            line.pieces += [.words(" Passed over where "), .formula(ignorable), .words(".")]
        }
        let others = policy.members.map(\.name).filter {
            !["meaning", "error", "ignorable"].contains($0)
        }
        return others.map { "no document says the member \($0) of a policy" }
            + (body.contains { line.matches($0, format) }
                ? [] : ["\(table.name) does not say: \(line.description)"])
    }

    /// The document that a link with such words leads to.
    private func link(_ name: String, in line: String) -> String? {
        guard let start = line.firstRange(of: "[`\(name)`]("),
            let end = line[start.upperBound...].firstRange(of: ".md")
        else { return nil }
        return String(line[start.upperBound..<end.lowerBound])
    }
}
