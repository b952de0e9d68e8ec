// SPDX-License-Identifier: Apache-2.0
//
// The lines that the steps of a description must have in its document, from the JSON alone: the text is
// written from the declaration, so what either of them leaves out shows here.

import CairnInterpreter

/// The expected lines of one type.
struct ExpectedSteps {
    typealias Piece = ExpectedLine.Piece

    private let tags: JSON
    /// What no rule here knows.
    private(set) var defects: [String] = []

    init(tags: JSON) { self.tags = tags }

    mutating func lines(_ steps: [JSON], indent: Int = 0) -> [ExpectedLine] {
        var lines: [ExpectedLine] = []
        var number = 0
        var index = 0
        func add(_ line: ExpectedLine) {
            number += 1
            let margin = String(repeating: " ", count: indent)
            lines.append(ExpectedLine(.words("\(margin)\(number). ")) + line.pieces)
        }
        while index < steps.count {
            let step = steps[index]
            if let layout = step["layout"] {
                let fields = steps[index...].prefix { $0["layout"] == layout }
                index += fields.count
                add(reading(Array(fields), of: layout.word))
                for field in fields {
                    known(field, ["step", "name", "kind", "layout", "offset", "meaning"])
                }
                continue
            }
            index += 1
            add(line(step))
            var inner: Int { indent + "\(number). ".count }
            if let steps = step["steps"] { lines += self.lines(steps.elements, indent: inner) }
            if let otherwise = step["otherwise"] {
                add(ExpectedLine(.words("Otherwise:")))
                lines += self.lines(otherwise.elements, indent: inner)
            }
            for chosen in step["cases"]?.elements ?? [] {
                known(chosen, ["tags", "steps"])
                lines.append(head(of: chosen, inner))
                lines += self.lines(chosen["steps"]?.elements ?? [], indent: inner + 2)
            }
        }
        return lines
    }

    private func reading(_ fields: [JSON], of layout: String) -> ExpectedLine {
        var line = ExpectedLine(.words("Read "))
        for (index, field) in fields.enumerated() {
            line.pieces += index == 0 ? [] : [.words(", ")]
            line.pieces.append(.code(field["name"]?.word ?? ""))
        }
        return line + [.words(" of the layout "), .code(layout), .words(".")]
    }

    private func head(of chosen: JSON, _ indent: Int) -> ExpectedLine {
        var line = ExpectedLine(.words(String(repeating: " ", count: indent) + "- "))
        for (index, tag) in (chosen["tags"]?.elements ?? []).enumerated() {
            line.pieces += index == 0 ? [] : [.words(", ")]
            line.pieces += [.code(tag.word), .anyWords]
        }
        let isEmpty = chosen["steps"]?.elements.isEmpty ?? true
        return line + [.words(isEmpty ? ": nothing follows." : ":")]
    }

    private mutating func known(_ object: JSON, _ names: [String]) {
        for member in object.members where !names.contains(member.name) {
            defects.append(
                "no document says the member \(member.name) of \(object["step"]?.word ?? "a part")")
        }
    }

    // MARK: Steps

    private mutating func line(_ step: JSON) -> ExpectedLine {
        func code(_ name: String) -> Piece { .code(step[name]?.word ?? "") }
        func formula(_ name: String) -> Piece { .formula(step[name] ?? .null) }
        let meaning = step["meaning"].map { " \($0.word)" } ?? ""
        switch step["step"]?.word {
        case "field":
            known(step, ["step", "name", "kind", "meaning"])
            return ExpectedLine(.words("Read "), code("name"), .words(", "))
                + kind(step["kind"] ?? .null) + [.words(":\(meaning)")]
        case "loop":
            known(step, ["step", "name", "times", "until", "kind", "meaning"])
            let bound: [Piece] =
                step["times"] == nil
                ? [.words("until "), formula("until"), .words(", ")]
                : [formula("times"), .words(" times ")]
            return ExpectedLine(.words("Read "), code("name"), .words(", ")) + bound
                + kind(step["kind"] ?? .null) + [.words(":\(meaning)")]
        case "check": return check(step)
        case "define", "variable":
            known(step, ["step", "name", "value", "meaning"])
            let isFixed = step["step"]?.word == "define"
            return ExpectedLine(
                .words(isFixed ? "Let " : "Begin with "), code("name"),
                .words(isFixed ? " be " : " as "), formula("value"), .words(".\(meaning)"))
        case "assign":
            known(step, ["step", "name", "value"])
            return ExpectedLine(
                .words("Set "), code("name"), .words(" to "), formula("value"), .words("."))
        case "inflate":
            known(
                step, ["step", "id", "name", "from", "to", "byteCount", "error", "at", "meaning"])
            return ExpectedLine(
                .words("**Check "), code("id"), .words("**: inflate the bytes from "),
                formula("from"),
                .words(" to "), formula("to"), .words(" as "), code("name"), .words(", "),
                formula("byteCount"), .words(" bytes, else "), code("error"), .words(" at "),
                formula("at"), .words(".\(meaning)"))
        default: return structure(step)
        }
    }

    private mutating func structure(_ step: JSON) -> ExpectedLine {
        func code(_ name: String) -> Piece { .code(step[name]?.word ?? "") }
        func formula(_ name: String) -> Piece { .formula(step[name] ?? .null) }
        switch step["step"]?.word {
        case "when":
            known(step, ["step", "condition", "steps", "otherwise"])
            return ExpectedLine(.words("If "), formula("condition"), .words(":"))
        case "select":
            known(step, ["step", "tag", "table", "at", "cases"])
            let error = tags[step["table"]?.word ?? ""]?["unknown"]?["error"]
            let outcome: [Piece] =
                error == nil || error == .null
                ? [.words("nothing")] : [.code(error?.word ?? ""), .words(" at "), formula("at")]
            return ExpectedLine(
                .words("As "), formula("tag"), .words(" says, of the values of "), code("table"),
                .words(", else ")) + outcome + [.words(":")]
        case "each":
            known(step, ["step", "name", "list", "steps"])
            return ExpectedLine(
                .words("For each "), code("name"), .words(" of "), formula("list"), .words(":"))
        case "window":
            known(step, ["step", "from", "to", "steps"])
            return ExpectedLine(
                .words("From "), formula("from"), .words(" to "), formula("to"), .words(":"))
        case "within":
            known(step, ["step", "bytes", "at", "steps"])
            return ExpectedLine(
                .words("Within "), formula("bytes"), .words(", as if at "), formula("at"),
                .words(":"))
        case "seek":
            known(step, ["step", "to"])
            return ExpectedLine(.words("Go on at "), formula("to"), .words("."))
        case "deliver":
            known(step, ["step", "name"])
            return ExpectedLine(.words("Hand out the "), code("name"), .words("."))
        default:
            defects.append("no document says the step \(step["step"]?.word ?? "?")")
            return ExpectedLine()
        }
    }

    private mutating func check(_ step: JSON) -> ExpectedLine {
        known(
            step, ["step", "id", "formula", "text", "checksum", "error", "at", "file", "meaning"])
        let isAlways = step["formula"] == .array([.string("=="), .int(1), .int(0)])
        var line = ExpectedLine(
            .words(isAlways ? "**Error " : "**Check "), .code(step["id"]?.word ?? ""),
            .words("**: "))
        if !isAlways { line.pieces += [.formula(step["formula"] ?? .null), .words(", else ")] }
        if let sum = step["checksum"] { checkParts(of: sum, step["formula"] ?? .null) }
        line.pieces += [
            .code(step["error"]?.word ?? ""), .words(" at "), .formula(step["at"] ?? .null),
        ]
        if let file = step["file"] { line.pieces += [.words(" of the file "), .formula(file)] }
        return line + [.words(". \(step["meaning"]?.word ?? "")")]
    }

    /// A checksum says the same twice: in parts, and as the formula that the document has.
    private mutating func checkParts(of sum: JSON, _ formula: JSON) {
        known(sum, ["algorithm", "field", "from", "to", "seed", "storedAt", "covers"])
        let bytes = JSON.array([.string("bytes"), sum["from"] ?? .null, sum["to"] ?? .null])
        let computed = JSON.array([sum["algorithm"] ?? .null, bytes, sum["seed"] ?? .null])
        let names = (sum["field"]?.word ?? "").split(separator: ".").map { JSON.string(String($0)) }
        let field = names.dropFirst().reduce(names.first ?? .null) {
            .array([.string("."), $0, $1])
        }
        let whole = JSON.array([.string("=="), computed, field])
        guard whole == formula, sum["storedAt"] == sum["to"] else {
            return defects.append("a checksum is not what its formula says: \(formula.line)")
        }
    }

    // MARK: Kinds

    mutating func kind(_ kind: JSON) -> [Piece] {
        switch kind["kind"]?.word {
        case "unsigned":
            known(kind, ["kind", "bytes"])
            guard case .int(let count) = kind["bytes"] else { return [] }
            return [.code("u\(count * 8)")]
        case "varint", "zigzag":
            known(kind, ["kind"])
            return [.code(kind["kind"]?.word ?? "")]
        case "count":
            known(kind, ["kind", "each"])
            return [
                .words("a "), .code("count"), .words(" of things of "),
                .code(kind["each"]?.word ?? ""),
                .words(" bytes or more"),
            ]
        case "bytes":
            known(kind, ["kind", "count"])
            return [
                .code("bytes"), .words(", "), .formula(kind["count"] ?? .null), .words(" of them"),
            ]
        case "packed":
            known(kind, ["kind", "count", "width"])
            return [
                .code("packed"), .words(", "), .formula(kind["count"] ?? .null), .words(" of "),
                .formula(kind["width"] ?? .null), .words(" bits"),
            ]
        case "text":
            known(kind, ["kind", "count"])
            return [
                .code("text"), .words(" of "), .formula(kind["count"] ?? .null), .words(" bytes"),
            ]
        case "type":
            known(kind, ["kind", "type", "arguments"])
            return [.words("a "), .code(kind["type"]?.word ?? "")] + given(kind["arguments"])
        case "named":
            known(kind, ["kind", "type", "arguments"])
            return [.words("the type that "), .formula(kind["type"] ?? .null), .words(" names")]
                + given(kind["arguments"])
        default:
            defects.append("no document says the kind \(kind.line)")
            return []
        }
    }

    func given(_ arguments: JSON?) -> [Piece] {
        let members = arguments?.members ?? []
        return members.enumerated().flatMap { index, member -> [Piece] in
            [
                .words(index == 0 ? " with " : ", "), .code(member.name), .words(" = "),
                .formula(member.value),
            ]
        }
    }
}
