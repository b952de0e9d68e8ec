// SPDX-License-Identifier: Apache-2.0
//
// The machine-readable description of a format: complete in itself, so that a program that knows no
// format can read one from it. Its own form is in `description.schema.json`.

import CairnFormat
import CairnFormats

extension ResolvedFormat {
    /// The description.
    package var json: JSON {
        .members(
            ("$schema", .string("description.schema.json")), ("name", .string(name)),
            (
                "version",
                reading.version.map {
                    .members(("major", .int(Int($0.major))), ("minor", .int(Int($0.minor))))
                } ?? .null
            ), ("meaning", .string(description.meaning)), ("root", .string(reading.root)),
            ("delivers", .string(reading.delivers)),
            (
                "context",
                .array(
                    reading.context.map {
                        .members(
                            ("name", .string($0.name)), ("unknown", json($0.unknown)),
                            ("meaning", .string($0.meaning)))
                    })
            ), ("canonical", .string(reading.canonical)), ("allocation", json(reading.allocation)),
            (
                "limits",
                .sorted(
                    Dictionary(usedLimits.map { ($0.name, .number(Int128($0.value))) }) {
                        first, _ in first
                    })
            ), ("tags", tagsJSON),
            ("errors", errorsJSON), ("tail", reading.tail.map(json) ?? .null),
            ("types", typesJSON), ("files", reading.files.isEmpty ? nil : filesJSON),
            (
                "carries",
                reading.carries.map {
                    .members(
                        ("member", .string($0.member)),
                        ("formats", .array($0.formats.map(JSON.string))))
                }
            ))
    }

    private var filesJSON: JSON {
        .array(
            reading.files.map { kind in
                .members(
                    ("name", .string(kind.name)), ("folder", .string(kind.folder)),
                    ("named", .array(kind.nameParts.map(json))), ("format", .string(kind.format)),
                    ("context", json(kind.context)),
                    ("lastMayBeTorn", .bool(kind.lastMayBeTorn)),
                    ("isDescending", .bool(kind.isDescending)), ("until", kind.until.map(json)),
                    (
                        "rules",
                        .object(
                            kind.rules.all.map { .init(name: $0.when, value: .string($0.type)) })
                    ), ("meaning", .string(kind.meaning)))
            })
    }

    private func json(_ part: FileKind.NamePart) -> JSON {
        switch part {
        case .text(let text): .members(("text", .string(text)))
        case .number(let name, let digits, let least):
            .members(
                ("number", .string(name)), ("digits", .int(digits)),
                ("least", .number(Int128(least))))
        case .hexadecimal(let count): .members(("hexadecimal", .int(count)))
        }
    }

    private var errorsJSON: JSON {
        .sorted(
            errors.mapValues {
                .members(
                    ("category", .string($0.category.rawValue)), ("meaning", .string($0.meaning)))
            })
    }

    /// The tables, as programs read them.
    package var tagsForPrograms: JSON { tagsJSON }

    private var tagsJSON: JSON {
        .object(
            usedTables.map { table in
                JSON.Member(
                    name: table.name,
                    value: .members(
                        ("unknown", unknownTags[table.name].map(json) ?? .null),
                        (
                            "values",
                            .array(
                                table.values.map { tag in
                                    .members(
                                        ("value", .number(Int128(tag.value))),
                                        ("name", .string(tag.name)),
                                        ("since", .string("\(tag.since)")),
                                        ("meaning", .string(tag.meaning)),
                                        (
                                            "attributes",
                                            tag.attributes.isEmpty
                                                ? nil
                                                : .sorted(
                                                    tag.attributes.mapValues { .number(Int128($0)) }
                                                )
                                        ))
                                })
                        )))
            })
    }

    private func json(_ policy: UnknownPolicy) -> JSON {
        .members(
            ("error", policy.error.map { .string($0.name) } ?? .null),
            ("ignorable", policy.ignorable.flatMap { try? Expression($0) }.map(json)),
            ("meaning", .string(policy.meaning)))
    }

    private var typesJSON: JSON {
        .object(
            reachableTypes.map { type in
                JSON.Member(
                    name: type.name,
                    value: .members(
                        ("meaning", .string(type.meaning)),
                        (
                            "parameters",
                            type.parameters.isEmpty
                                ? nil : .array(type.parameters.map(JSON.string))
                        ), ("steps", json(type.steps)), ("result", type.result.map(json))))
            })
    }

    // MARK: Steps

    private func json(_ steps: [Step]) -> JSON { .array(steps.flatMap(json)) }

    private func json(_ step: Step) -> [JSON] {
        switch step {
        case .layout(let layout, let after):
            return layout.fields.filter { $0.offset >= after }.map { field in
                let kind: JSON =
                    field.type == "bytes"
                    ? .members(("kind", .string("bytes")), ("count", .int(field.byteCount)))
                    : .members(("kind", .string("unsigned")), ("bytes", .int(field.byteCount)))
                return .members(
                    ("step", .string("field")), ("name", .string(field.name)), ("kind", kind),
                    ("layout", .string(layout.name)), ("offset", .int(field.offset)),
                    ("meaning", .string(field.meaning)))
            }
        case .field(let name, let kind, let meaning):
            return [
                .members(
                    ("step", .string("field")), ("name", .string(name)), ("kind", json(kind)),
                    ("meaning", .string(meaning)))
            ]
        case .check(let check): return [json(check)]
        case .define(let name, let value, let meaning):
            return [named("define", name, value, meaning)]
        case .variable(let name, let value, let meaning):
            return [named("variable", name, value, meaning)]
        case .assign(let name, let value): return [named("assign", name, value, nil)]
        default: return [structure(step)]
        }
    }

    private func named(_ step: String, _ name: String, _ value: Formula, _ meaning: String?) -> JSON
    {
        .members(
            ("step", .string(step)), ("name", .string(name)), ("value", json(value)),
            ("meaning", meaning.map(JSON.string)))
    }

    private func structure(_ step: Step) -> JSON {
        switch step {
        case .when(let condition, let steps, let otherwise):
            .members(
                ("step", .string("when")), ("condition", json(condition)), ("steps", json(steps)),
                ("otherwise", otherwise.isEmpty ? nil : json(otherwise)))
        case .select(let tag, let table, let at, let cases):
            .members(
                ("step", .string("select")), ("tag", json(tag)), ("table", .string(table)),
                ("at", json(at)),
                (
                    "cases",
                    .array(
                        cases.map {
                            .members(
                                ("tags", .array($0.tags.map { .number(Int128($0)) })),
                                ("steps", json($0.steps)))
                        })
                ))
        case .loop(let name, let repetition, let kind, let meaning):
            loop(name, repetition, kind, meaning)
        case .each(let name, let list, let steps):
            .members(
                ("step", .string("each")), ("name", .string(name)), ("list", json(list)),
                ("steps", json(steps)))
        case .window(let from, let to, let steps):
            .members(
                ("step", .string("window")), ("from", json(from)), ("to", json(to)),
                ("steps", json(steps)))
        case .within(let bytes, let place, let steps):
            .members(
                ("step", .string("within")), ("bytes", json(bytes)), ("at", json(place)),
                ("steps", json(steps)))
        case .seek(let place): .members(("step", .string("seek")), ("to", json(place)))
        case .inflate(let inflation): json(inflation)
        case .deliver(let name):
            .members(("step", .string("deliver")), ("name", .string(name)))
        default: .null
        }
    }

    private func loop(
        _ name: String, _ repetition: Step.Repetition, _ kind: FieldKind, _ meaning: String
    ) -> JSON {
        var times: JSON?
        var until: JSON?
        switch repetition {
        case .times(let bound): times = json(bound)
        case .until(let bound): until = json(bound)
        }
        return .members(
            ("step", .string("loop")), ("name", .string(name)), ("times", times), ("until", until),
            ("kind", json(kind)), ("meaning", .string(meaning)))
    }

    private func json(_ check: Check) -> JSON {
        var checksum: JSON?
        if let sum = check.checksum {
            checksum = .members(
                ("algorithm", .string("crc32c")), ("field", .string(sum.field)),
                ("from", json(sum.from)), ("to", json(sum.to)), ("seed", json(sum.seed)),
                ("storedAt", json(sum.to)),
                ("covers", .array(sum.covers.map(JSON.string))))
        }
        return .members(
            ("step", .string("check")), ("id", .string(check.id)), ("formula", json(check.formula)),
            ("text", .string(check.formula.text)), ("checksum", checksum),
            ("error", .string(check.error.name)), ("at", json(check.at)),
            ("file", check.file.map(json)), ("meaning", .string(check.meaning)))
    }

    private func json(_ inflation: Inflation) -> JSON {
        .members(
            ("step", .string("inflate")), ("id", .string(inflation.id)),
            ("name", .string(inflation.name)), ("from", json(inflation.from)),
            ("to", json(inflation.to)), ("byteCount", json(inflation.byteCount)),
            ("error", .string(inflation.error.name)), ("at", json(inflation.at)),
            ("meaning", .string(inflation.meaning)))
    }

    private func json(_ kind: FieldKind) -> JSON {
        switch kind {
        case .unsigned(let count):
            .members(("kind", .string("unsigned")), ("bytes", .int(count)))
        case .varint: .members(("kind", .string("varint")))
        case .zigzag: .members(("kind", .string("zigzag")))
        case .count(let each): .members(("kind", .string("count")), ("each", .int(each)))
        case .bytes(let count): .members(("kind", .string("bytes")), ("count", json(count)))
        case .text(let count): .members(("kind", .string("text")), ("count", json(count)))
        case .packed(let count, let width):
            .members(
                ("kind", .string("packed")), ("count", json(count)), ("width", json(width)))
        case .type(let name, let arguments):
            .members(
                ("kind", .string("type")), ("type", .string(name)), ("arguments", json(arguments)))
        case .named(let name, let arguments):
            .members(
                ("kind", .string("named")), ("type", json(name)), ("arguments", json(arguments)))
        }
    }

    private func json(_ arguments: [Argument]) -> JSON? {
        arguments.isEmpty
            ? nil : .object(arguments.map { JSON.Member(name: $0.name, value: json($0.value)) })
    }

    // MARK: Tail

    private func json(_ tail: TailRule) -> JSON {
        .members(
            ("loop", .string(tail.loop)), ("torn", .array(tail.torn.map { .string($0.name) })),
            ("meaning", .string(tail.meaning)),
            (
                "proofs",
                .array(
                    tail.proofs.map { proof in
                        .members(
                            ("id", .string(proof.id)), ("search", json(proof.search)),
                            ("meaning", .string(proof.meaning)))
                    })
            ))
    }

    private func json(_ search: TailRule.Search) -> JSON {
        switch search {
        case .later(let kind, let step, let when):
            .members(
                ("search", .string("later")), ("kind", json(kind)), ("step", .int(step)),
                ("when", json(when)))
        case .flip(let kind, let count, let when, let extent, let unless):
            .members(
                ("search", .string("flip")), ("kind", json(kind)), ("byteCount", .int(count)),
                ("when", json(when)), ("extent", json(extent)), ("unless", json(unless)))
        case .flipUnder(let check, let extent, let unless):
            .members(
                ("search", .string("flipUnder")), ("check", .string(check)),
                ("extent", json(extent)), ("unless", json(unless)))
        }
    }

    // MARK: Formulas

    private func json(_ formula: Formula) -> JSON { json(expression(formula)) }

    /// A formula as programs read it.
    package func json(_ expression: Expression) -> JSON {
        switch expression {
        case .number(let value):
            value.magnitude < 1 << 53 ? .int(Int(value)) : .members(("number", .string("\(value)")))
        case .text(let text): .members(("text", .string(text)))
        case .name(let name): .string(name)
        case .builtin(let name): .string(name.rawValue)
        case .tag(let table, let name):
            .members(("tag", .array([.string(table), .string(name)])))
        case .member(let object, let name): .array([.string("."), json(object), .string(name)])
        case .call(let name, let arguments): .array([.string(name.rawValue)] + arguments.map(json))
        }
    }
}
