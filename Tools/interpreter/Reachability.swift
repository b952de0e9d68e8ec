// SPDX-License-Identifier: Apache-2.0
//
// What of a format, and of the formats that it uses, reading it can come to.

import CairnFormat
package import CairnFormats

extension ResolvedFormat {
    /// The types that reading the root, or taking the rules of a set, can come to.
    package var reachableTypes: [TypeDescription] {
        var names = [reading.root] + reading.files.flatMap { $0.rules.all.map(\.type) }
        var index = 0
        while index < names.count {
            for step in types[names[index]]?.steps ?? [] {
                for name in step.typeNames where types[name] != nil && !names.contains(name) {
                    names.append(name)
                }
            }
            index += 1
        }
        return names.compactMap { types[$0] }
    }

    /// The steps of these types, those within others among them.
    package var reachableSteps: [Step] { reachableTypes.flatMap(\.steps).flatMap(\.allSteps) }

    /// All checks that reading it can come to, in the order of the types.
    package var checks: [Check] { checks(in: reachableTypes) }

    /// The inflating steps that reading it can come to.
    package var inflations: [Inflation] {
        reachableSteps.compactMap {
            if case .inflate(let inflation) = $0 { inflation } else { nil }
        }
    }

    /// The checks of some types.
    package func checks(in types: [TypeDescription]) -> [Check] {
        types.flatMap(\.steps).flatMap(\.allSteps).compactMap { step in
            if case .check(let check) = step { check } else { nil }
        }
    }

    /// The kinds of the fields of some types.
    package func kinds(in types: [TypeDescription]) -> [FieldKind] {
        types.flatMap(\.steps).flatMap(\.allSteps).compactMap { step in
            switch step {
            case .field(_, let kind, _), .loop(_, _, let kind, _): kind
            default: nil
            }
        }
    }

    /// The tables that the steps of some types choose by.
    package func unknownTables(in types: [TypeDescription]) -> [String] {
        types.flatMap(\.steps).flatMap(\.allSteps).compactMap { step in
            if case .select(_, let table, _, _) = step { table } else { nil }
        }
    }

    /// Its own tables, and those of other formats that a formula or a step looks into.
    package var usedTables: [(name: String, values: [TagDescription])] {
        let own = Set(description.tags.map(\.name))
        let chosen = Set(unknownTables(in: reachableTypes))
        let texts = reachableSteps.flatMap(\.formulas).map(\.text)
        return tables.filter { table in
            own.contains(table.name) || chosen.contains(table.name)
                || texts.contains {
                    $0.contains("'\(table.name)'") || $0.contains("\(table.name)::")
                }
        }
    }

    /// Its own limits, and those of other formats that a formula looks at.
    package var usedLimits: [LimitDescription] {
        let used = (reachableSteps.flatMap(\.formulas) + [reading.allocation])
            .reduce(into: Set<String>()) { $0.formUnion(expression($1).names) }
        let own = Set(description.limits.map(\.name))
        return limitDescriptions.filter { own.contains($0.name) || used.contains($0.name) }
    }

    /// Every class of errors that reading this format can end in.
    package var errors: [String: ErrorClass] {
        var errors = kindErrors.map(\.errorClass)
        errors += unknownTables(in: reachableTypes).compactMap { unknownTags[$0]?.error }
        errors += checks.map(\.error) + inflations.map(\.error)
        return Dictionary(errors.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The errors of the kinds of fields that there are.
    private var kindErrors: [FormatError.Code] {
        let kinds = kinds(in: reachableTypes)
        var codes: [FormatError.Code] = []
        if !reading.isBounded, kinds.contains(where: \.canEndEarly) { codes.append(.truncated) }
        if kinds.contains(where: \.isVarint) { codes += [.numberTooLarge, .nonCanonical] }
        if kinds.contains(where: \.isCount) { codes.append(.countTooLarge) }
        if kinds.contains(where: \.isText) { codes.append(.invalidUTF8) }
        if kinds.contains(where: \.isPacked) { codes.append(.nonCanonical) }
        return codes
    }
}

extension Step {
    /// This step and all within it.
    package var allSteps: [Step] { [self] + inner.flatMap(\.allSteps) }

    /// The types that this step and those within it read; names in formulas count, too.
    package var typeNames: [String] {
        allSteps.flatMap { step -> [String] in
            switch step {
            case .field(_, let kind, _), .loop(_, _, let kind, _): return kind.typeNames
            default: return []
            }
        }
    }
}

extension FieldKind {
    fileprivate var typeNames: [String] {
        switch self {
        case .type(let name, let arguments):
            [name] + arguments.map { $0.value.text.filter { $0 != "'" } }
        default: []
        }
    }

    /// Whether it is a number that takes as many bytes as it needs.
    package var isVarint: Bool {
        switch self {
        case .varint, .zigzag, .count: true
        default: false
        }
    }
    package var isCount: Bool { if case .count = self { true } else { false } }
    package var isText: Bool { if case .text = self { true } else { false } }
    package var isPacked: Bool { if case .packed = self { true } else { false } }

    /// Whether the bytes may end before a field of the kind does. What takes all bytes that there are does not.
    private static let whole: Set<String> = ["size", "end - here"]

    fileprivate var canEndEarly: Bool {
        switch self {
        case .bytes(let count): !Self.whole.contains(count.text)
        case .type, .named: false
        default: true
        }
    }
}
