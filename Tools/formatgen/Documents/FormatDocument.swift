// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter

/// The document of one format: what it is, in short; then how it is read, step by step; then examples.
struct FormatDocument {
    private let format: ResolvedFormat
    private let set: VectorSet?
    private let figures: FormatFigures?
    private let links: DocumentLinks
    private let steps: StepText

    /// - Parameter formats: All there are.
    init(
        _ format: ResolvedFormat, among formats: [ResolvedFormat], set: VectorSet?,
        figures: FormatFigures?
    ) {
        self.format = format
        self.set = set
        self.figures = figures
        links = DocumentLinks(format, among: formats)
        steps = StepText(format, links)
    }

    /// The document.
    var text: String {
        var sections = [start]
        if let picture = FilePicture.of(format.description) {
            sections.append("![\(picture.title)](images/\(format.name)-file.svg)")
        }
        if !format.description.rules.isEmpty { sections.append(rules) }
        sections.append(beginning)
        sections += format.description.layouts.map(layout)
        sections += format.usedTables.filter {
            !$0.values.isEmpty && links.owner(ofTable: $0.name) == nil
        }.map(tags)
        if format.isSet { sections.append(SetText(format: format, steps: steps).text) }
        sections.append(validation)
        if let tail = format.reading.tail {
            sections.append(RecoveryText(tail: tail, steps: steps).text)
        }
        if format.isSet { sections.append(SetText(format: format, steps: steps).modes) }
        sections += [errors, limits, "## Canonical form\n\n\(format.reading.canonical)"]
        sections += examples
        if let figures, !figures.maps.isEmpty { sections.append(integrity(figures.maps)) }
        return sections.joined(separator: "\n\n") + "\n"
    }

    // MARK: The beginning

    private var start: String {
        let version = format.reading.version.map { " Version \(Markdown.code("\($0)"))." } ?? ""
        return
            "\(Markdown.notice)\n\n# Format: \(format.name)\n\n\(format.description.meaning)\(version)\n\n"
            + "New here? [concepts.md](concepts.md) explains, [notation.md](notation.md) says what the steps mean. "
            + "For programs: [\(format.name).json](\(format.name).json). Vectors: "
            + "[`Tests/Golden/vectors/\(format.name).json`](../../Tests/Golden/vectors/\(format.name).json)."
    }

    private var rules: String {
        "## In short\n\n"
            + format.description.rules.map { "- \($0)" }.joined(separator: "\n")
    }

    private var beginning: String {
        let what = format.isSet ? "The set" : "The input"
        let head =
            "\(what) is read as a \(links.type(format.reading.root)). What vectors count as delivered is each "
            + "\(Markdown.code(format.reading.delivers)) that is handed out."
        let others = format.usedTables.map(\.name).filter { links.owner(ofTable: $0) != nil }
        let tables =
            others.isEmpty
            ? ""
            : "\n\nTables that other documents have: "
                + others.map(links.table).joined(separator: ", ") + "."
        guard !format.reading.context.isEmpty else { return "## The whole\n\n\(head)\(tables)" }
        let rows = format.reading.context.map {
            [Markdown.code($0.name), Markdown.code($0.unknown), $0.meaning]
        }
        return "## The whole\n\n\(head) Known beforehand:\n\n"
            + Markdown.table(["name", "when the caller does not know it", "what it is"], rows)
            + tables
    }

    // MARK: Tables

    private func layout(_ layout: BinaryLayout) -> String {
        "## Layout `\(layout.name)`, \(layout.byteCount) bytes\n\n\(layout.meaning)\n\n"
            + "![\(layout.name)](images/\(format.name)-\(layout.name).svg)\n\n"
            + Markdown.table(
                ["offset", "bytes", "type", "name", "meaning", "checks that look at it"],
                layout.fields.map {
                    [
                        "\($0.offset)", "\($0.byteCount)", $0.type, Markdown.code($0.name),
                        $0.meaning,
                        checks(of: $0.name, in: layout),
                    ]
                })
    }

    /// The checks of the types that read a layout, or its first fields, which look at a field.
    private func checks(of field: String, in layout: BinaryLayout) -> String {
        let readers = format.reachableTypes.filter { type in
            type.steps.flatMap(\.allSteps).contains {
                if case .layout(let own, _) = $0 { own.name == layout.name } else { false }
            }
        }
        let touching = format.checks(in: readers).filter { check in
            (try? Expression(check.formula).names.contains(field)) ?? false
                || check.checksum?.covers.contains(field) ?? false
        }
        var seen: [String] = []
        for check in touching where !seen.contains(check.id) { seen.append(check.id) }
        return seen.map(Markdown.code).joined(separator: ", ")
    }

    private func tags(_ table: (name: String, values: [TagDescription])) -> String {
        let attributes = Set(table.values.flatMap(\.attributes.keys)).sorted()
        let rows = table.values.map { tag in
            ["\(tag.value)", Markdown.code(tag.name)]
                + attributes.map { name in tag.attributes[name].map { "\($0)" } ?? "" }
                + ["\(tag.since)", tag.meaning]
        }
        let head = ["value", "name"] + attributes.map(Markdown.code) + ["since", "meaning"]
        return "## Values of `\(table.name)`\n\n" + Markdown.table(head, rows) + unknown(table.name)
    }

    private func unknown(_ table: String) -> String {
        guard let policy = format.unknownTags[table] else { return "" }
        let error = policy.error.map { " Error: \(Markdown.code($0.name))." } ?? ""
        let ignorable = policy.ignorable.map { " Passed over where \(Markdown.code($0))." } ?? ""
        return "\n\nUnknown values: \(policy.meaning)\(error)\(ignorable)"
    }

    private var errors: String {
        "## Errors\n\nReading it ends in one of these, and in no other.\n\n"
            + Markdown.table(
                ["error", "category", "meaning"],
                format.errors.values.sorted { $0.name < $1.name }.map {
                    [Markdown.code($0.name), Markdown.code($0.category.rawValue), $0.meaning]
                })
    }

    private var limits: String {
        let rows = format.usedLimits.map { [Markdown.code($0.name), "\($0.value)", $0.meaning] }
        let allocation =
            "A reader allocates at most \(Markdown.code(format.reading.allocation)) bytes for an input of `size` bytes."
        return "## Limits\n\n"
            + (rows.isEmpty
                ? "" : Markdown.table(["limit", "largest value", "of what"], rows) + "\n\n")
            + allocation
    }

    // MARK: Validation

    private var validation: String {
        let own = format.reachableTypes.filter { links.owner(ofType: $0.name) == nil }
        let others = format.reachableTypes.filter { links.owner(ofType: $0.name) != nil }
        var parts = [
            "## Reading and checking, in order\n\nThe steps of a type are taken in this order; the first check that "
                + "fails decides."
        ]
        if !others.isEmpty {
            let list = others.map { links.type($0.name) }.joined(separator: ", ")
            parts.append("Types that other documents have: \(list).")
        }
        parts += own.map(type)
        let reached = Set(format.reachableTypes.map(\.name))
        let lent = format.reading.types.filter { !reached.contains($0.name) }
        guard !lent.isEmpty else { return parts.joined(separator: "\n\n") }
        parts.append("## Types that only other formats use")
        return (parts + lent.map(type)).joined(separator: "\n\n")
    }

    private func type(_ type: TypeDescription) -> String {
        let parameters = type.parameters.map(Markdown.code).joined(separator: ", ")
        let lines = steps.lines(type.steps)
        return "### `\(type.name)`\n\n\(type.meaning)"
            + (parameters.isEmpty ? "" : " Given: \(parameters).") + "\n\n"
            + (lines.isEmpty ? "No steps." : lines.joined(separator: "\n"))
            + (type.result.map { "\n\nIts value is \(Markdown.code($0))." } ?? "")
    }

    // MARK: Examples

    private var examples: [String] {
        var text = ExampleText()
        return (set?.examples ?? []).compactMap { name in
            guard let vector = set?.cases.first(where: { $0.name == name }) else { return nil }
            let annotation = Annotation(format, vector.bytes, context: vector.context)
            return text.section(name, vector.comment, text.dump(name, vector.bytes, annotation))
        }
    }

    private func integrity(_ maps: [IntegrityMap]) -> String {
        let lines = maps.map { map in
            let runs = map.runs.map {
                "\($0.bytes.lowerBound) to \($0.bytes.upperBound - 1) \(Markdown.code($0.check))"
            }
            return
                "- \(Markdown.code(map.example)), \(map.bitCount) bits, \(map.undetected) undetected, "
                + "\(map.tornCommitted) that make a committed transaction look torn. Bytes "
                + runs.joined(separator: ", ") + "."
        }
        return
            "## Integrity map\n\nEvery bit of these was flipped; which check catches it:\n\n"
            + lines.joined(separator: "\n")
    }
}
