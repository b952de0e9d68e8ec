// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter

/// The kinds of files of a set.
struct SetDefects {
    private let format: ResolvedFormat
    private let json: JSON
    private let body: [String]

    init(_ format: ResolvedFormat, _ json: JSON, _ document: DocumentText) {
        self.format = format
        self.json = json
        body = document.body("## The files, in the order in which they are read") ?? []
    }

    var defects: [String] {
        let kinds = json["files"]?.elements ?? []
        let known = [
            "name", "folder", "named", "format", "context", "lastMayBeTorn", "isDescending",
            "until",
            "rules", "meaning",
        ]
        let others = kinds.flatMap(\.members).map(\.name).filter { !known.contains($0) }
        return others.map { "no document says the member \($0) of a kind of files" }
            + kinds.enumerated().map { line($1, $0 + 1) }
            .filter { line in !body.contains { line.matches($0, format) } }
            .map { "the files do not say: \($0.description)" }
    }

    private func line(_ kind: JSON, _ number: Int) -> ExpectedLine {
        let folder = kind["folder"]?.word ?? ""
        var line = ExpectedLine(
            .words("\(number). **"), .code(kind["name"]?.word ?? ""), .words("**: in "))
        line.pieces +=
            folder.isEmpty ? [.words("the set itself")] : [.words("the folder "), .code(folder)]
        for (index, part) in (kind["named"]?.elements ?? []).enumerated() {
            line.pieces.append(.words(index == 0 ? ", named " : " then "))
            line.pieces += self.part(part)
        }
        line.pieces += [.words("; each a "), .code(kind["format"]?.word ?? "")]
        line.pieces += ExpectedSteps(tags: .null).given(kind["context"])
        line.pieces += [
            .words("; "), .code(kind["isDescending"] == .bool(true) ? "largest" : "smallest"),
            .words(" first"),
        ]
        if kind["lastMayBeTorn"] == .bool(true) {
            line.pieces += [.words("; the last one is read in the mode "), .code("recover")]
        }
        if let until = kind["until"] { line.pieces += [.words("; until "), .formula(until)] }
        for rule in kind["rules"]?.members ?? [] {
            line.pieces += [.words("; "), .code(rule.name), .words(": "), .code(rule.value.word)]
        }
        return line + [.words(". \(kind["meaning"]?.word ?? "")")]
    }

    private func part(_ part: JSON) -> [ExpectedLine.Piece] {
        if let text = part["text"] { return [.code(text.word)] }
        if let count = part["hexadecimal"] {
            return [.code(count.word), .words(" hexadecimal digits")]
        }
        return [
            .words("the number "), .code(part["number"]?.word ?? ""), .words(" of "),
            .code(part["digits"]?.word ?? ""), .words(" digits, at least "),
            .code(part["least"]?.word ?? ""),
        ]
    }

    /// What is delivered along.
    var carried: [String] {
        var line = ExpectedLine(
            .words("What is delivered carries bytes of another format in "),
            .code(json["carries"]?["member"]?.word ?? ""),
            .words(": of the first that reads them of "))
        for (index, name) in (json["carries"]?["formats"]?.elements ?? []).enumerated() {
            line.pieces += index == 0 ? [] : [.words(", ")]
            line.pieces.append(.code(name.word))
        }
        line.pieces.append(.words("."))
        return body.contains { line.matches($0, format) }
            ? [] : ["it does not say: \(line.description)"]
    }
}
