// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter
import Testing

@testable import formatgen

/// Every constant of every format is changed in turn. Two gates must see it: the generated files, which hold
/// the constant, and another one that does not look at them.
struct EveryConstantTests {
    /// A format in whose declaration something was changed.
    private struct Change {
        let what: String
        let description: FormatDescription
    }

    private static let formats = FormatCatalog.formats.filter {
        $0.reading != nil && $0.reading?.files.isEmpty != false
    }

    private static func changed(
        _ old: FormatDescription, layouts: [BinaryLayout]? = nil,
        tags: [(name: String, values: [TagDescription])]? = nil,
        limits: [LimitDescription]? = nil
    ) -> FormatDescription {
        FormatDescription(
            old.name, old.meaning, layouts: layouts ?? old.layouts, tags: tags ?? old.tags,
            limits: limits ?? old.limits, rules: old.rules, reading: old.reading)
    }

    private func resolved(_ description: FormatDescription) throws -> ResolvedFormat {
        let all = FormatCatalog.formats.map { $0.name == description.name ? description : $0 }
        return try ResolvedFormat(description, among: all)
    }

    /// The vectors of a format, and what comes of them.
    private struct Golden {
        let vector: VectorCase
        let outcomes: [ReadingMode: Outcome]
        let value: DynamicValue
    }

    /// The vectors as they are, by format.
    private static let golden: [String: [Golden]] = {
        var golden: [String: [Golden]] = [:]
        for format in (try? FormatCatalog.resolved()) ?? [] {
            golden[format.name] = (try? VectorCatalog.set(format))?.cases.map { vector in
                let (outcomes, value) = Reader.outcomes(
                    format, vector.bytes, context: vector.context)
                return Golden(vector: vector, outcomes: outcomes, value: value)
            }
        }
        return golden
    }()

    /// Whether some vector of a format, or of one that uses it, comes out differently.
    private func vectorsNotice(_ description: FormatDescription) throws -> Bool {
        let all = FormatCatalog.formats.map { $0.name == description.name ? description : $0 }
        let affected = all.filter {
            $0.name == description.name
                || $0.reading?.uses.contains(description.name) == true
        }
        return try affected.contains { one in
            let format = try ResolvedFormat(one, among: all)
            return (Self.golden[one.name] ?? []).contains { golden in
                let (outcomes, value) = Reader.outcomes(
                    format, golden.vector.bytes, context: golden.vector.context)
                // What is not shown, such as the limit as an argument, no reader tells anyone.
                return value.json != golden.value.json
                    || golden.outcomes.contains { mode, outcome in
                        !(outcomes[mode]?.agrees(with: outcome) ?? false)
                    }
            }
        }
    }

    /// Constants whose change no vector of their own format can show.
    private static let exempt: Set<String> = [
        // Zero is refused as an unknown kind, too.
        "segment.kind.none",
        // A segment does not look into its batches; the vectors of `store` do.
        "segment.compression.zlib",
        // A compressed chunk that says it is not is refused as one of an unknown compression is.
        "snapshot.compression.none",
    ]

    /// Tables that a format shares with another one, whose vectors have these values.
    private static let shared: Set<String> = [
        "GraphSnapshot.pointSystem", "GraphSnapshot.vectorElement",
    ]

    @Test(arguments: formats.indices)
    func aChangedLimitIsSeenTwice(_ index: Int) throws {
        let old = Self.formats[index]
        let before = try resolved(old).json.text
        for (place, limit) in old.limits.enumerated() {
            // One vector lies at the limit, another one just above it.
            for value in [limit.value - 1, limit.value + 1] {
                var limits = old.limits
                limits[place] = LimitDescription(limit.name, value, limit.meaning)
                let new = Self.changed(old, limits: limits)
                let name = "\(old.name).\(limit.name) of \(value)"
                #expect(try resolved(new).json.text != before, "\(name)")
                #expect(try vectorsNotice(new), "no vector sees a \(name)")
            }
        }
    }

    @Test(arguments: formats.indices)
    func aChangedTagIsSeenTwice(_ index: Int) throws {
        let old = Self.formats[index]
        let before = try resolved(old).json.text
        for (table, content) in old.tags.enumerated() {
            for (place, tag) in content.values.enumerated() {
                var tags = old.tags
                tags[table].values[place] = TagDescription(
                    tag.value ^ 0x60, tag.name, tag.meaning, attributes: tag.attributes)
                let new = Self.changed(old, tags: tags)
                let name = "\(old.name).\(content.name).\(tag.name)"
                #expect(try resolved(new).json.text != before, "\(name)")
                guard try reads(content.name, old), !Self.exempt.contains(name),
                    !Self.shared.contains("\(old.name).\(content.name)")
                else { continue }
                let isNoticed = try vectorsNotice(new) || named(tag, in: content.name, by: old)
                #expect(isNoticed, "no vector sees another \(name)")
            }
        }
    }

    /// Whether formulas of a format look into a table. Other tables are there for people: their numbers are
    /// those of the codec's enumeration, which the committed vectors hold it to.
    private func reads(_ table: String, _ format: FormatDescription) throws -> Bool {
        try resolved(format).types.values.flatMap(\.steps).contains { step in
            step.formulas.contains {
                $0.text.contains("'\(table)'") || $0.text.contains("\(table)::")
            }
                || step.allSteps.contains {
                    if case .select(_, table, _, _) = $0 { true } else { false }
                }
        }
    }

    /// Whether the steps of a format take the tag's number from the same enumeration as the codec: then the
    /// vectors that are committed have the old number, and the shipped code no longer reads them.
    private func named(
        _ tag: TagDescription, in table: String, by format: FormatDescription
    ) throws -> Bool {
        try resolved(format).types.values.flatMap(\.steps).flatMap(\.allSteps).contains { step in
            if case .select(_, table, _, let cases) = step {
                return cases.contains { $0.tags.contains(tag.value) }
            }
            return false
        }
    }

    @Test(arguments: formats.indices)
    func aChangedLayoutIsSeenTwice(_ index: Int) throws {
        let old = Self.formats[index]
        let before = try resolved(old).json.text
        for (place, layout) in old.layouts.enumerated() {
            for field in layout.fields.indices {
                var layouts = old.layouts
                let new = Self.resized(layout, field)
                layouts[place] = new
                let format = Self.replacing(
                    layout, with: new, in: Self.changed(old, layouts: layouts))
                let name = "\(layout.name).\(layout.fields[field].name)"
                // The description and the diagram are other ones; the layout has a hole, which the tool refuses.
                #expect(try resolved(format).json.text != before, "\(name)")
                #expect(LayoutDiagram(new).text != LayoutDiagram(layout).text, "\(name)")
                #expect(!new.defects.isEmpty, "\(name)")
                #expect(try vectorsNotice(format), "no vector sees another \(name)")
            }
        }
    }

    /// One field is a byte longer, or the next size of a number.
    private static func resized(_ layout: BinaryLayout, _ index: Int) -> BinaryLayout {
        var fields = layout.fields
        let field = fields[index]
        let byteCount =
            field.type == "bytes"
            ? field.byteCount + 1 : field.byteCount == 8 ? 4 : field.byteCount * 2
        fields[index] = FieldDescription(
            name: field.name, offset: field.offset, byteCount: byteCount,
            type: field.type == "bytes" ? "bytes" : "u\(byteCount * 8)", meaning: field.meaning)
        return BinaryLayout(
            layout.name, byteCount: layout.byteCount, layout.meaning, fields: fields)
    }

    private static func replacing(
        _ layout: BinaryLayout, with new: BinaryLayout, in old: FormatDescription
    ) -> FormatDescription {
        guard let reading = old.reading else { return old }
        func replaced(_ step: Step) -> Step {
            if case .window(let from, let to, let steps) = step {
                return .window(from: from, to: to, steps.map(replaced))
            }
            if case .when(let condition, let steps, let otherwise) = step {
                return .when(
                    condition, steps.map(replaced), otherwise: otherwise.map(replaced))
            }
            guard case .layout(let own, let after) = step else { return step }
            if own.name == layout.name { return .layout(new, after: after) }
            // The preamble is the start of several layouts, and is read by itself.
            return step
        }
        let types = reading.types.map { type in
            TypeDescription(
                type.name, type.meaning, parameters: type.parameters, result: type.result,
                type.steps.map { step in
                    // The fields of the preamble are read as such.
                    if case .layout(let own, _) = step, own.name == "preamble",
                        new.fields.first?.name == own.fields.first?.name
                    {
                        let head = new.fields.filter { $0.offset < own.byteCount }
                        return .layout(
                            BinaryLayout(
                                own.name, byteCount: own.byteCount, own.meaning, fields: head))
                    }
                    return replaced(step)
                })
        }
        return FormatDescription(
            old.name, old.meaning, layouts: old.layouts, tags: old.tags, limits: old.limits,
            rules: old.rules,
            reading: Reading(
                root: reading.root, context: reading.context, types: types, uses: reading.uses,
                delivers: reading.delivers, unknownTags: reading.unknownTags,
                version: reading.version, tail: reading.tail, canonical: reading.canonical,
                allocation: reading.allocation, files: reading.files, carries: reading.carries))
    }
}
