// SPDX-License-Identifier: Apache-2.0
//
// The steps of a type as a numbered list. What stands between backquotes is all that decides; the words
// around it are always the same, and `notation.md` says what they mean. `Completeness` compares both with the
// description.

import CairnFormat
import CairnFormats
import CairnInterpreter

/// The steps of one type, in words.
struct StepText {
    private let format: ResolvedFormat
    private let links: DocumentLinks

    init(_ format: ResolvedFormat, _ links: DocumentLinks) {
        self.format = format
        self.links = links
    }

    /// The numbered lines of some steps.
    func lines(_ steps: [Step], indent: Int = 0) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var number = 0
        func add(_ sentence: String) {
            number += 1
            lines.append("\(margin)\(number). \(sentence)")
        }
        for step in steps {
            add(sentence(step))
            switch step {
            case .when(_, let steps, let otherwise):
                lines += self.lines(steps, indent: indent + Markdown.width(ofNumber: number))
                guard !otherwise.isEmpty else { continue }
                add("Otherwise:")
                lines += self.lines(otherwise, indent: indent + Markdown.width(ofNumber: number))
            case .select(_, let table, _, let cases):
                let inner = indent + Markdown.width(ofNumber: number)
                for chosen in cases {
                    lines.append(head(of: chosen, table, String(repeating: " ", count: inner)))
                    lines += self.lines(chosen.steps, indent: inner + 2)
                }
            default:
                lines += self.lines(step.inner, indent: indent + Markdown.width(ofNumber: number))
            }
        }
        return lines
    }

    private func head(of chosen: Step.Case, _ table: String, _ margin: String) -> String {
        let names = format.tables.first { $0.name == table }?.values ?? []
        let tags = chosen.tags.map { tag in
            let name = names.first { $0.value == tag }?.name
            return Markdown.code("\(tag)") + (name.map { " " + $0 } ?? "")
        }
        let rest = chosen.steps.isEmpty ? ": nothing follows." : ":"
        return "\(margin)- \(tags.joined(separator: ", "))\(rest)"
    }

    private func sentence(_ step: Step) -> String {
        let code: (String) -> String = Markdown.code
        switch step {
        case .layout(let layout, let after):
            let names = layout.fields.filter { $0.offset >= after }.map { code($0.name) }
            return "Read \(names.joined(separator: ", ")) of the layout \(code(layout.name))."
        case .field(let name, let kind, let meaning):
            return "Read \(code(name)), \(text(kind)): \(meaning)"
        case .check(let check): return sentence(check)
        case .define(let name, let value, let meaning):
            return "Let \(code(name)) be \(Markdown.code(value)). \(meaning)"
        case .variable(let name, let value, let meaning):
            return "Begin with \(code(name)) as \(Markdown.code(value)). \(meaning)"
        case .assign(let name, let value): return "Set \(code(name)) to \(Markdown.code(value))."
        case .when(let condition, _, _): return "If \(Markdown.code(condition)):"
        case .select(let tag, let table, let at, _):
            let error = format.unknownTags[table]?.error
            return "As \(Markdown.code(tag)) says, of the values of \(links.table(table)), else "
                + (error.map { "\(code($0.name)) at \(Markdown.code(at))" } ?? "nothing") + ":"
        case .loop(let name, .times(let bound), let kind, let meaning):
            return "Read \(code(name)), \(Markdown.code(bound)) times \(text(kind)): \(meaning)"
        case .loop(let name, .until(let bound), let kind, let meaning):
            return "Read \(code(name)), until \(Markdown.code(bound)), \(text(kind)): \(meaning)"
        case .each(let name, let list, _):
            return "For each \(code(name)) of \(Markdown.code(list)):"
        case .window(let from, let to, _):
            return "From \(Markdown.code(from)) to \(Markdown.code(to)):"
        case .within(let bytes, let place, _):
            return "Within \(Markdown.code(bytes)), as if at \(Markdown.code(place)):"
        case .seek(let place): return "Go on at \(Markdown.code(place))."
        case .inflate(let inflation):
            return "**Check \(code(inflation.id))**: inflate the bytes from "
                + "\(Markdown.code(inflation.from)) to \(Markdown.code(inflation.to)) as "
                + "\(code(inflation.name)), \(Markdown.code(inflation.byteCount)) bytes, else "
                + "\(code(inflation.error.name)) at \(Markdown.code(inflation.at)). "
                + inflation.meaning
        case .deliver(let name): return "Hand out the \(code(name))."
        }
    }

    private func sentence(_ check: Check) -> String {
        let file = check.file.map { " of the file \(Markdown.code($0))" } ?? ""
        let error = "\(Markdown.code(check.error.name)) at \(Markdown.code(check.at))\(file)"
        let id = Markdown.code(check.id)
        // A check that never holds says by its place when it fails.
        return check.formula == "1 == 0"
            ? "**Error \(id)**: \(error). \(check.meaning)"
            : "**Check \(id)**: \(Markdown.code(check.formula)), else \(error). \(check.meaning)"
    }

    /// How a kind is read.
    func text(_ kind: FieldKind) -> String {
        switch kind {
        case .bytes(let count): "`bytes`, \(Markdown.code(count)) of them"
        case .packed(let count, let width):
            "`packed`, \(Markdown.code(count)) of \(Markdown.code(width)) bits"
        case .text(let count): "`text` of \(Markdown.code(count)) bytes"
        case .count(let each): "a `count` of things of \(Markdown.code("\(each)")) bytes or more"
        case .type(let name, let arguments): "a \(links.type(name))\(given(arguments))"
        case .named(let name, let arguments):
            "the type that \(Markdown.code(name)) names\(given(arguments))"
        default: Markdown.code(kind.text)
        }
    }

    /// What is given to a type, or to a format.
    func given(_ arguments: [Argument]) -> String {
        guard !arguments.isEmpty else { return "" }
        let list = arguments.map { "\(Markdown.code($0.name)) = \(Markdown.code($0.value))" }
        return " with " + list.joined(separator: ", ")
    }
}
