// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with a description, beyond what the compiler sees.

import CairnFormat
import CairnFormats

extension ResolvedFormat {
    /// Nodes without a meaning, names that nothing defines, types that nothing reads, lengths that are
    /// used before the checksum that covers them is checked, and limits that nothing checks. Empty when sound.
    package var defects: [String] {
        var defects: [String] = []
        for name in typeNames {
            guard let type = types[name] else { continue }
            if type.meaning.isEmpty { defects.append("\(self.name).\(name) has no meaning") }
            defects += type.steps.flatMap { meaningless($0, name) }
            defects += uncheckedLengths(type)
            defects += unknownNames(type)
        }
        var seen: [String: Check] = [:]
        for check in checks {
            if let other = seen[check.id], other.error != check.error {
                defects.append("\(name): two checks are called \(check.id)")
            }
            seen[check.id] = check
        }
        for tag in tables.flatMap(\.values) where tag.meaning.isEmpty {
            defects.append("\(name): the tag \(tag.name) has no meaning")
        }
        return defects + uncheckedLimits
    }

    /// Limits that are promised and not checked: no vector could show where they are.
    private var uncheckedLimits: [String] {
        let used = types.values.flatMap(\.steps).flatMap(\.formulas)
            .reduce(into: Set<String>()) { $0.formUnion(expression($1).names) }
        return description.limits.map(\.name).filter { !used.contains($0) }.map {
            "\(name): nothing checks the limit \($0)"
        }
    }

    private func meaningless(_ step: Step, _ type: String) -> [String] {
        var found: [String] = []
        switch step {
        case .layout(let layout, _): found += layout.defects
        case .field(let name, _, let meaning), .define(let name, _, let meaning),
            .variable(let name, _, let meaning), .loop(let name, _, _, let meaning):
            if meaning.isEmpty { found.append("\(self.name).\(type).\(name) has no meaning") }
        case .check(let check):
            if check.meaning.isEmpty { found.append("\(self.name).\(check.id) has no meaning") }
        case .select(_, let table, _, _):
            if unknownTags[table] == nil {
                found.append("\(self.name): nothing is said of unknown tags of \(table)")
            }
        default: break
        }
        return found + step.inner.flatMap { meaningless($0, type) }
    }

    /// Steps that take a length from a field before the checksum that covers the field is checked.
    private func uncheckedLengths(_ type: TypeDescription) -> [String] {
        var defects: [String] = []
        var unchecked: [String: String] = [:]
        let steps = type.steps.flatMap(\.flattened)
        for step in steps {
            if case .check(let check) = step, let sum = check.checksum {
                for name in sum.covers { unchecked[name] = check.id }
            }
        }
        for step in steps {
            if case .check(let check) = step, let sum = check.checksum {
                for name in sum.covers { unchecked[name] = nil }
            }
            for formula in step.lengths {
                for name in expression(formula).names {
                    guard let check = unchecked[name] else { continue }
                    defects.append(
                        "\(self.name).\(type.name): \(name) is used as a length before \(check) is checked"
                    )
                }
            }
        }
        return defects
    }

    /// Names in formulas that no type, parameter, context or limit has.
    private func unknownNames(_ type: TypeDescription) -> [String] {
        var known = Set(limits.keys).union(reading.context.map(\.name))
        known.formUnion(["damage", "byte", "extent", "tag"])
        if isSet { known.formUnion(["mode", "folder", "file", "element"]) }
        for other in types.values {
            known.formUnion(other.parameters)
            known.formUnion(other.steps.flatMap(\.flattened).flatMap(\.definedNames))
        }
        return type.steps.flatMap(\.formulas).flatMap { formula in
            expression(formula).names.subtracting(known).sorted().map {
                "\(self.name).\(type.name): nothing is called \($0)"
            }
        }
    }
}

extension Step {
    /// This step and all within it, in order.
    fileprivate var flattened: [Step] { [self] + inner.flatMap(\.flattened) }

    /// Formulas that say how much is read.
    fileprivate var lengths: [Formula] {
        switch self {
        case .field(_, let kind, _): kind.lengths
        case .loop(_, .times(let bound), let kind, _): [bound] + kind.lengths
        case .loop(_, .until, let kind, _): kind.lengths
        case .window(let from, let to, _): [from, to]
        case .seek(let place): [place]
        case .inflate(let inflation): [inflation.from, inflation.to, inflation.byteCount]
        default: []
        }
    }

    fileprivate var definedNames: [String] {
        switch self {
        case .layout(let layout, _): layout.fields.map(\.name)
        case .field(let name, _, _), .define(let name, _, _), .variable(let name, _, _),
            .loop(let name, _, _, _), .each(let name, _, _):
            [name]
        case .inflate(let inflation): [inflation.name]
        default: []
        }
    }
}

extension FieldKind {
    fileprivate var lengths: [Formula] {
        switch self {
        case .bytes(let count), .text(let count): [count]
        case .packed(let count, let width): [count, width]
        default: []
        }
    }
}
