// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnInterpreter

/// The document of one format.
struct FormatDocument {
    private let format: ResolvedFormat
    private let set: VectorSet?
    private let figures: FormatFigures?

    init(_ format: ResolvedFormat, set: VectorSet?, figures: FormatFigures?) {
        self.format = format
        self.set = set
        self.figures = figures
    }

    static let notice =
        "<!-- Written by `swift run formatgen generate`. Change the declaration, not this. -->"

    /// The document.
    var text: String {
        let description = format.description
        let version = format.reading.version.map { " Version \($0)." } ?? ""
        var sections = [
            "\(Self.notice)\n\n# Format: \(format.name)\n\n\(description.meaning)\(version)\n\n"
                + "The same for programs: [\(format.name).json](\(format.name).json), explained in "
                + "[description.md](description.md); test vectors: "
                + "[`Tests/Golden/vectors/\(format.name).json`](../../Tests/Golden/vectors/\(format.name).json)."
        ]
        sections += description.layouts.map(layout)
        sections += format.tables.filter { !$0.values.isEmpty }.map(tags)
        if format.isSet { sections.append(files) }
        sections.append(validation)
        if let tail = format.reading.tail { sections.append(recovery(tail)) }
        if format.isSet { sections.append(modesOfSets) }
        sections.append(errors)
        sections.append(limits)
        sections.append("## Canonical form\n\n\(format.reading.canonical)")
        if !description.rules.isEmpty {
            sections.append(
                "## In words\n\n"
                    + description.rules.enumerated().map { "\($0 + 1). \($1)" }.joined(
                        separator: "\n"))
        }
        sections += examples
        if let figures, !figures.maps.isEmpty { sections.append(integrity(figures.maps)) }
        return sections.joined(separator: "\n\n") + "\n"
    }

    private func layout(_ layout: Layout) -> String {
        "## `\(layout.name)`, \(layout.byteCount) bytes\n\n\(layout.meaning)\n\n"
            + "![\(layout.name)](images/\(format.name)-\(layout.name).svg)\n\n"
            + Self.table(
                ["offset", "bytes", "type", "name", "meaning", "when it is wrong"],
                layout.fields.map {
                    [
                        "\($0.offset)", "\($0.byteCount)", $0.type, "`\($0.name)`", $0.meaning,
                        violation(of: $0.name, in: layout),
                    ]
                })
    }

    /// The checks of the type that reads a layout which look at a field.
    private func violation(of field: String, in layout: Layout) -> String {
        let readers = format.types.values.filter { type in
            type.steps.contains {
                if case .layout(let own, _) = $0 { own.name == layout.name } else { false }
            }
        }
        let own = format.checks.filter { check in
            readers.contains { $0.steps.contains(.check(check)) }
        }
        let touching = own.filter { check in
            (try? Expression(check.formula).names.contains(field)) ?? false
                || check.checksum?.covers.contains(field) ?? false
        }
        var seen: [String] = []
        for check in touching where !seen.contains(check.error.name) {
            seen.append(check.error.name)
        }
        return seen.map { "`\($0)`" }.joined(separator: ", ")
    }

    private func tags(_ table: (name: String, values: [TagDescription])) -> String {
        let policy = format.unknownTags[table.name]
        let unknown = policy.map { policy in
            let error = policy.error.map { " Error: `\($0.name)` (\($0.category.rawValue))." } ?? ""
            return "\n\nUnknown values: \(policy.meaning)\(error)"
        }
        return "## Values of `\(table.name)`\n\n"
            + Self.table(
                ["value", "name", "since", "meaning"],
                table.values.map { ["\($0.value)", "`\($0.name)`", "\($0.since)", $0.meaning] })
            + (unknown ?? "")
    }

    // MARK: Validation

    private var validation: String {
        var parts = [
            """
            ## Reading and checking, in order

            A reader takes the steps of each type in this order; the first check that fails decides. \
            \(format.isSet
                ? "The types are those of the table above, and what they use."
                : "A file is a `\(format.reading.root)`.") \
            Formulas are explained in [description.md](description.md).
            """
        ]
        for type in format.reachableTypes {
            let parameters = type.parameters.map { "`\($0)`" }.joined(separator: ", ")
            parts.append(
                "### `\(type.name)`\n\n\(type.meaning)"
                    + (parameters.isEmpty ? "" : " Given: \(parameters).") + "\n\n"
                    + lines(type.steps, indent: 0).joined(separator: "\n")
                    + (type.result.map { "\n\nIts value is `\(Self.line($0))`." } ?? ""))
        }
        return parts.joined(separator: "\n\n")
    }

    private func lines(_ steps: [Step], indent: Int) -> [String] {
        var number = 0
        return steps.flatMap { step -> [String] in
            let own = sentences(step)
            guard !own.isEmpty else { return [] }
            let margin = String(repeating: " ", count: indent)
            var lines: [String] = []
            for sentence in own {
                number += 1
                lines.append("\(margin)\(number). \(sentence)")
            }
            if case .select(_, _, _, let cases) = step {
                for chosen in cases where !chosen.steps.isEmpty {
                    let tags = chosen.tags.map(String.init).joined(separator: ", ")
                    lines.append("\(margin)   - \(tags):")
                    lines += self.lines(chosen.steps, indent: indent + 5)
                }
                return lines
            }
            if case .when(_, let steps, let otherwise) = step {
                lines += self.lines(steps, indent: indent + 3)
                guard !otherwise.isEmpty else { return lines }
                number += 1
                lines.append("\(margin)\(number). Otherwise:")
                return lines + self.lines(otherwise, indent: indent + 3)
            }
            return lines + self.lines(step.inner, indent: indent + 3)
        }
    }

    private func sentences(_ step: Step) -> [String] {
        switch step {
        case .layout(let layout, let after):
            return [
                after == 0
                    ? "Read the layout `\(layout.name)`." : "Read the rest of `\(layout.name)`."
            ]
        case .field(let name, let kind, let meaning):
            return ["Read `\(name)`, \(Self.text(kind)): \(meaning)"]
        case .check(let check) where check.formula == "1 == 0":
            return [
                "**Error `\(check.id)`**: `\(check.error.name)` (\(check.error.category.rawValue)) at "
                    + "`\(check.at)`" + (check.file.map { " of `\($0)`" } ?? "")
                    + ". \(check.meaning)"
            ]
        case .check(let check):
            return [
                "**Check `\(check.id)`**: `\(Self.line(check.formula))`, else `\(check.error.name)` "
                    + "(\(check.error.category.rawValue)) at `\(check.at)`"
                    + (check.file.map { " of `\($0)`" } ?? "") + ". \(check.meaning)"
            ]
        case .define(let name, let value, let meaning):
            return ["Let `\(name)` be `\(Self.line(value))`. \(meaning)"]
        case .variable(let name, let value, let meaning):
            return ["Begin with `\(name)` as `\(Self.line(value))`. \(meaning)"]
        case .assign(let name, let value): return ["Set `\(name)` to `\(Self.line(value))`."]
        case .when(let condition, _, _): return ["If `\(Self.line(condition))`:"]
        case .select(let tag, let table, _, _):
            return ["As `\(tag)` says, of the values of `\(table)`:"]
        case .loop(let name, .times(let bound), let kind, let meaning):
            return ["Read `\(name)`, `\(bound)` times \(Self.text(kind)): \(meaning)"]
        case .loop(let name, .until(let bound), let kind, let meaning):
            return ["Read `\(name)`, until `\(bound)`, \(Self.text(kind)): \(meaning)"]
        case .each(let name, let list, _): return ["For each `\(name)` of `\(list)`:"]
        case .window(let from, let to, _):
            return ["From `\(Self.line(from))` to `\(Self.line(to))`:"]
        case .seek(let place): return ["Go on at `\(Self.line(place))`."]
        case .inflate(let inflation): return ["Inflate `\(inflation.name)`. \(inflation.meaning)"]
        case .deliver(let name): return ["A \(name) is handed out."]
        }
    }

    static func line(_ formula: Formula) -> String {
        formula.text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private static func text(_ kind: FieldKind) -> String {
        switch kind {
        case .bytes(let count): "bytes, `\(line(count))` of them"
        case .text(let count): "UTF-8, `\(line(count))` bytes"
        case .count(let each): "a count of things of at least \(each) bytes"
        case .type(let name, _): "a `\(name)`"
        case .named(let name, _): "the type that `\(name)` names"
        default: "\(kind.text)"
        }
    }

    // MARK: Sets of files

    private var files: String {
        let rows = format.reading.files.map { kind in
            [
                kind.name, "`\(kind.pattern)`", "[\(kind.format)](\(kind.format).md)",
                kind.isDescending ? "largest first" : "smallest first",
                kind.rules.all.map { "\($0.when): `\($0.type)`" }.joined(separator: ", "),
                kind.meaning,
            ]
        }
        return "## The files, in the order in which they are read\n\n"
            + Self.table(["kind", "name", "format", "numbers", "rules", "what they are"], rows)
            + "\n\nA number in a name has at least as many digits as are shown, with zeros in front only up to "
            + "that many. Files with other names are not read."
    }

    private var modesOfSets: String {
        """
        ## Modes

        | mode | a check that does not hold | a torn end of the last segment | what the code of Cairn does so |
        | --- | --- | --- | --- |
        | `recover` | ends the reading | is passed over: it begins at `truncateTo`, where it may be cut | opening |
        | `strict` | ends the reading | is an error | verifying |
        | `salvage` | is noted, the next step is taken, and the next file is read; the first one noted is the outcome | is an error | what verifying hands out |
        """
    }

    // MARK: Recovery, errors, limits

    private func recovery(_ tail: TailRule) -> String {
        let classes = format.errors.values.sorted { $0.name < $1.name }
        let rows = classes.map { error -> [String] in
            let isTorn = tail.torn.contains { $0.name == error.name }
            return [
                "`\(error.name)`", "ends, error",
                isTorn
                    ? "in `\(tail.loop)`: torn end, cut there, unless a proof says that it is a loss"
                    : "ends, error",
            ]
        }
        let proofs = tail.proofs.map { "- `\($0.id)`: \($0.meaning)" }.joined(separator: "\n")
        return """
            ## The end, and recovery

            \(tail.meaning)

            Proofs of a loss, in the order in which they are tried:

            \(proofs)

            \(Self.table(["error", "strict", "recover"], rows))
            """
    }

    private var errors: String {
        "## Errors\n\n"
            + Self.table(
                ["error", "category", "meaning"],
                format.errors.values.sorted { $0.name < $1.name }.map {
                    ["`\($0.name)`", $0.category.rawValue, $0.meaning]
                })
    }

    private var limits: String {
        let rows = format.description.limits.map { ["`\($0.name)`", "\($0.value)", $0.meaning] }
        let allocation =
            "A reader allocates at most `\(format.reading.allocation)` bytes for an input of `size` bytes."
        return "## Limits\n\n"
            + (rows.isEmpty
                ? "" : Self.table(["limit", "largest value", "of what"], rows) + "\n\n")
            + allocation
    }

    // MARK: Examples

    private var examples: [String] {
        (set?.examples ?? []).compactMap { name in
            guard let vector = set?.cases.first(where: { $0.name == name }) else { return nil }
            let annotation = Annotation(format, vector.bytes, context: vector.context)
            return "## Example: \(name)\n\n\(vector.comment)\n\n```text\n\(annotation.text())```"
        }
    }

    private func integrity(_ maps: [IntegrityMap]) -> String {
        let tables = maps.map { map in
            "`\(map.example)`: of \(map.bitCount) bits, \(map.undetected) undetected, "
                + "\(map.tornCommitted) that make a committed transaction look torn.\n\n"
                + Self.table(
                    ["bytes", "bits", "caught by"],
                    map.runs.map {
                        [
                            "\($0.bytes.lowerBound) to \($0.bytes.upperBound - 1)", "\($0.bits)",
                            "`\($0.check)`",
                        ]
                    })
        }
        return
            "## Integrity map\n\nWhich check catches a flipped bit, for every bit of an example.\n\n"
            + tables.joined(separator: "\n\n")
    }

    static func table(_ head: [String], _ rows: [[String]]) -> String {
        ([head, head.map { _ in "---" }] + rows)
            .map {
                "| " + $0.map { $0.replacing("||", with: "\\|\\|") }.joined(separator: " | ") + " |"
            }
            .joined(separator: "\n")
    }
}

extension FileKind {
    /// The name of such a file, for people.
    var pattern: String {
        let name = nameParts.map { part -> String in
            switch part {
            case .text(let text): text
            case .number(let name, let digits, _):
                digits > 1 ? "<\(name), \(digits) digits>" : "<\(name)>"
            case .hexadecimal(let count): "<\(count) hexadecimal digits>"
            }
        }.joined()
        return folder.isEmpty ? name : "\(folder)/\(name)"
    }
}
