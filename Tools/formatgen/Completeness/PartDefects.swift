// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter

/// What a document says of a format as a whole.
struct WholeDefects {
    private let format: ResolvedFormat
    private let json: JSON
    private let document: DocumentText

    init(_ format: ResolvedFormat, _ json: JSON, _ document: DocumentText) {
        (self.format, self.json, self.document) = (format, json, document)
    }

    /// Meaning and version, below the title.
    var title: [String] {
        var line = ExpectedLine(.words(json["meaning"]?.word ?? ""))
        if let version = json["version"], version != .null {
            let text = "\(version["major"]?.word ?? "").\(version["minor"]?.word ?? "")"
            line.pieces += [.words(" Version "), .code(text), .words(".")]
        }
        return missing(line, below: "# Format: \(format.name)")
    }

    func defects(_ name: String) -> [String] {
        let value = json[name] ?? .null
        switch name {
        case "root", "delivers":
            let what = json["files"] == nil ? "The input" : "The set"
            var line = ExpectedLine(
                .words("\(what) is read as a "), .code(json["root"]?.word ?? ""),
                .words(". What vectors count as delivered is each "),
                .code(json["delivers"]?.word ?? ""), .words(" that is handed out."))
            if json["context"]?.elements.isEmpty == false {
                line.pieces.append(.words(" Known beforehand:"))
            }
            return missing(line, below: "## The whole")
        case "context":
            let rows = value.elements.map { [$0["name"], $0["unknown"], $0["meaning"]] }
            return same(
                rows.map {
                    ["`\($0[0]?.word ?? "")`", "`\($0[1]?.word ?? "")`", $0[2]?.word ?? ""]
                },
                "## The whole")
        case "canonical":
            return missing(ExpectedLine(.words(value.word)), below: "## Canonical form")
        case "allocation":
            return missing(
                ExpectedLine(
                    .words("A reader allocates at most "), .formula(value),
                    .words(" bytes for an input of "), .code("size"), .words(" bytes.")),
                below: "## Limits")
        case "limits":
            let rows = document.rows("## Limits").map { Array($0.prefix(2)) }
            let expected = value.members.map { ["`\($0.name)`", $0.value.word] }
            return difference(expected, rows, "## Limits")
        default:
            return same(
                value.members.map {
                    [
                        "`\($0.name)`", "`\($0.value["category"]?.word ?? "")`",
                        $0.value["meaning"]?.word ?? "",
                    ]
                }, "## Errors")
        }
    }

    private func missing(_ line: ExpectedLine, below heading: String) -> [String] {
        let isThere = (document.body(heading) ?? []).contains { line.matches($0, format) }
        return isThere ? [] : ["\(heading) does not say: \(line.description)"]
    }

    private func same(_ expected: [[String]], _ heading: String) -> [String] {
        difference(expected, document.rows(heading), heading)
    }

    private func difference(
        _ expected: [[String]], _ rows: [[String]], _ heading: String
    ) -> [String] {
        expected.filter { !rows.contains($0) }.map {
            "\(heading) has no row \($0.joined(separator: " | "))"
        }
            + rows.filter { !expected.contains($0) }.map {
                "\(heading) has a row that is not so: \($0.joined(separator: " | "))"
            }
    }
}

/// The values of a table, with a column for each attribute.
struct TableDefects {
    let defects: [String]

    init(_ table: JSON.Member, _ head: [String], _ rows: [[String]]) {
        let values = table.value["values"]?.elements ?? []
        let names = Set(values.flatMap { $0["attributes"]?.members.map(\.name) ?? [] }).sorted()
        guard !values.isEmpty else {
            defects = []
            return
        }
        var defects: [String] = []
        let expectedHead = ["value", "name"] + names.map { "`\($0)`" } + ["since", "meaning"]
        if head != expectedHead {
            defects.append("\(table.name) has not the columns \(expectedHead)")
        }
        let expected = values.map { value in
            [value["value"]?.word ?? "", "`\(value["name"]?.word ?? "")`"]
                + names.map { value["attributes"]?[$0]?.word ?? "" }
                + [value["since"]?.word ?? "", value["meaning"]?.word ?? ""]
        }
        if rows != expected {
            let missing = expected.first { !rows.contains($0) } ?? ["the order"]
            defects.append("\(table.name) has no row \(missing.joined(separator: " | "))")
        }
        for member in values.flatMap(\.members)
        where !["value", "name", "since", "meaning", "attributes"].contains(member.name) {
            defects.append("no document says the member \(member.name) of a tag")
        }
        self.defects = defects
    }
}

/// The rule of a torn end.
struct TailDefects {
    private(set) var defects: [String] = []

    init(_ format: ResolvedFormat, _ json: JSON, _ document: DocumentText) {
        guard let tail = json["tail"], tail != .null else { return }
        let body = document.body("## The end, and recovery") ?? []
        var steps = ExpectedSteps(tags: .null)
        var lines = [ExpectedLine(.words(tail["meaning"]?.word ?? ""))]
        var rule = ExpectedLine(
            .words("In the mode "), .code("strict"), .words(" every error stands. In "),
            .code("recover"),
            .words(", an error that was met in a round of "), .code(tail["loop"]?.word ?? ""),
            .words(" is a torn end if it is one of "))
        for (index, error) in (tail["torn"]?.elements ?? []).enumerated() {
            rule.pieces += index == 0 ? [] : [.words(", ")]
            rule.pieces.append(.code(error.word))
        }
        rule.pieces += [
            .words(", unless a proof holds; the input is then valid and is to be cut off at "),
            .code("damage"),
            .words(
                ", where that round began. Any other error stands. [notation.md](notation.md#proofs) says how the searches go."
            ),
        ]
        lines.append(rule)
        for (index, proof) in (tail["proofs"]?.elements ?? []).enumerated() {
            lines.append(Self.line(proof, index + 1, &steps))
        }
        defects = steps.defects
        for line in lines where !body.contains(where: { line.matches($0, format) }) {
            defects.append("the end does not say: \(line.description)")
        }
        for member in tail.members
        where !["loop", "torn", "meaning", "proofs"].contains(member.name) {
            defects.append("no document says the member \(member.name) of a tail")
        }
    }

    private static func line(_ proof: JSON, _ number: Int, _ steps: inout ExpectedSteps)
        -> ExpectedLine
    {
        let search = proof["search"] ?? .null
        func formula(_ name: String) -> ExpectedLine.Piece { .formula(search[name] ?? .null) }
        func code(_ name: String) -> ExpectedLine.Piece { .code(search[name]?.word ?? "") }
        var line = ExpectedLine(
            .words("\(number). "), .code(proof["id"]?.word ?? ""), .words(", search "),
            code("search"))
        switch search["search"]?.word {
        case "later":
            line.pieces += [
                .words(": at "), .code("damage"), .words(" and every "), code("step"),
                .words(" bytes behind it, "),
            ]
            line.pieces += steps.kind(search["kind"] ?? .null)
        case "flip":
            line.pieces += [
                .words(": with a bit of the first "), code("byteCount"), .words(" bytes flipped, "),
            ]
            line.pieces += steps.kind(search["kind"] ?? .null)
        default:
            line.pieces += [
                .words(": with a bit flipped of what "), code("check"),
                .words(" covers or of the checksum itself"),
            ]
        }
        for name in ["when", "extent", "unless"] where search[name] != nil {
            line.pieces += [.words("; \(name) "), formula(name)]
        }
        return line + [.words(". \(proof["meaning"]?.word ?? "")")]
    }
}
