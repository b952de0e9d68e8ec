// SPDX-License-Identifier: Apache-2.0
//
// How formulas, steps, searches and kinds of files are changed.

import CairnFormat
import CairnFormats
import CairnInterpreter

extension Formula {
    static let never: Formula = "1 == 0"
    static let always: Formula = "1 == 1"

    /// This formula without one of the operands of an `&&` or an `||` in it.
    var withoutOperands: [(label: String, formula: Formula)] { changes { $0.withoutOperands } }

    /// The same, and with another number, or without one side of a `min`, a `max`, a sum or a difference.
    var variants: [(label: String, formula: Formula)] { changes { $0.variants } }

    private func changes(
        _ change: (Expression) -> [Expression]
    ) -> [(label: String, formula: Formula)] {
        guard let expression = try? Expression(self) else { return [] }
        return change(expression).map { (label: $0.formula.text, formula: $0.formula) }
    }
}

extension Expression {
    fileprivate var withoutOperands: [Expression] {
        guard case .call(let name, let arguments) = self else { return [] }
        switch name {
        case .and, .or: return arguments + within(arguments, name) { $0.withoutOperands }
        case .not, .choose: return within(arguments, name) { $0.withoutOperands }
        default: return []
        }
    }

    fileprivate var variants: [Expression] {
        switch self {
        case .number(let value):
            return value < 2 ? [] : [.number(value * 2), .number(value / 2)]
        case .call(let name, let arguments):
            let inner =
                name == .attribute || name == .known ? [] : within(arguments, name) { $0.variants }
            switch name {
            case .and, .or, .minimum, .maximum: return arguments + inner
            case .plus, .minus: return [arguments[0]] + inner
            case .choose: return Array(arguments.dropFirst()) + inner
            case .less: return [.call(.lessOrEqual, arguments)] + inner
            case .lessOrEqual: return [.call(.less, arguments)] + inner
            case .greater: return [.call(.greaterOrEqual, arguments)] + inner
            case .greaterOrEqual: return [.call(.greater, arguments)] + inner
            default: return inner
            }
        default: return []
        }
    }

    private func within(
        _ arguments: [Expression], _ name: Operator, _ change: (Expression) -> [Expression]
    ) -> [Expression] {
        arguments.indices.flatMap { index in
            change(arguments[index]).map { new in
                var copy = arguments
                copy[index] = new
                return .call(name, copy)
            }
        }
    }
}

extension FieldKind {
    /// With another argument.
    fileprivate var changes: [(label: String, kind: FieldKind)] {
        guard case .type(let name, let arguments) = self else { return [] }
        var changes: [(label: String, kind: FieldKind)] = []
        for index in arguments.indices {
            for (label, formula) in arguments[index].value.variants {
                var copy = arguments
                copy[index] = Argument(arguments[index].name, formula)
                changes.append(("\(arguments[index].name) = \(label)", .type(name, copy)))
            }
        }
        return changes
    }
}

extension [Step] {
    /// One step changed in turn.
    var changes: [(label: String, steps: [Step])] {
        var changes: [(label: String, steps: [Step])] = []
        for index in indices {
            for (label, step) in self[index].changes {
                var copy = self
                copy[index] = step
                changes.append((label, copy))
            }
        }
        return changes
    }
}

extension Step {
    fileprivate var changes: [(label: String, step: Step)] {
        var changes: [(label: String, step: Step)] = []
        switch self {
        case .check(let check) where check.checksum == nil:
            for (label, formula) in check.formula.withoutOperands {
                let new = Check(
                    check.id, formula, check.error, at: check.at, file: check.file, check.meaning)
                changes.append(("\(check.id) as \(label)", .check(new)))
            }
        case .field(let name, let kind, let meaning):
            for (label, new) in kind.changes {
                changes.append(("\(name) with \(label)", .field(name, new, meaning)))
            }
        case .loop(let name, let repetition, let kind, let meaning):
            for (label, new) in kind.changes {
                changes.append(("\(name) with \(label)", .loop(name, repetition, new, meaning)))
            }
        case .when(let condition, let steps, let otherwise):
            return whenChanges(condition, steps, otherwise)
        case .select(let tag, let table, let at, let cases):
            for index in cases.indices {
                for (label, steps) in cases[index].steps.changes {
                    var copy = cases
                    copy[index] = Step.Case(tags: cases[index].tags, steps: steps)
                    changes.append((label, .select(tag, table: table, at: at, cases: copy)))
                }
            }
        case .each(let name, let list, let steps):
            for (label, new) in steps.changes {
                changes.append((label, .each(name, in: list, new)))
            }
        case .window(let from, let to, let steps):
            for (label, new) in steps.changes {
                changes.append((label, .window(from: from, to: to, new)))
            }
        case .within(let bytes, let place, let steps):
            for (label, new) in steps.changes {
                changes.append((label, .within(bytes, at: place, new)))
            }
        default: break
        }
        return changes
    }

    private func whenChanges(
        _ condition: Formula, _ steps: [Step], _ otherwise: [Step]
    ) -> [(label: String, step: Step)] {
        var conditions: [(label: String, formula: Formula)] = [
            (label: "always", formula: .always), (label: "never", formula: .never),
        ]
        for (label, formula) in condition.withoutOperands {
            conditions.append(("as \(label)", formula))
        }
        var changes: [(label: String, step: Step)] = []
        for (label, formula) in conditions {
            changes.append(
                (
                    "if \(Markdown.line(condition)), \(label)",
                    .when(formula, steps, otherwise: otherwise)
                ))
        }
        for (label, new) in steps.changes {
            changes.append((label, .when(condition, new, otherwise: otherwise)))
        }
        for (label, new) in otherwise.changes {
            changes.append((label, .when(condition, steps, otherwise: new)))
        }
        return changes
    }
}

extension TailRule.Search {
    /// Every condition switched off, and every number and every part of a formula changed.
    var changes: [(label: String, search: Self)] {
        var changes: [(label: String, search: Self)] = []
        switch self {
        case .later(let kind, let step, let when):
            for new in [step * 2, step / 2] {
                changes.append(("every \(new) bytes", .later(kind, step: new, when: when)))
            }
            for (label, new) in Self.off("always", .always, when) {
                changes.append(("when \(label)", .later(kind, step: step, when: new)))
            }
        case .flip(let kind, let byteCount, let when, let extent, let unless):
            func flip(
                count: Int? = nil, when newWhen: Formula? = nil, extent newExtent: Formula? = nil,
                unless newUnless: Formula? = nil
            ) -> Self {
                .flip(
                    kind, byteCount: count ?? byteCount, when: newWhen ?? when,
                    extent: newExtent ?? extent, unless: newUnless ?? unless)
            }
            for new in [byteCount * 2, byteCount / 2] {
                changes.append(("the first \(new) bytes", flip(count: new)))
            }
            for (label, new) in Self.off("always", .always, when) {
                changes.append(("when \(label)", flip(when: new)))
            }
            for (label, new) in extent.variants {
                changes.append(("extent \(label)", flip(extent: new)))
            }
            for (label, new) in Self.off("never", .never, unless) {
                changes.append(("unless \(label)", flip(unless: new)))
            }
        case .flipUnder(let check, let extent, let unless):
            for (label, new) in extent.variants {
                changes.append(
                    ("extent \(label)", .flipUnder(check: check, extent: new, unless: unless)))
            }
            for (label, new) in Self.off("never", .never, unless) {
                changes.append(
                    ("unless \(label)", .flipUnder(check: check, extent: extent, unless: new)))
            }
        }
        return changes
    }

    private static func off(
        _ word: String, _ formula: Formula, _ condition: Formula
    ) -> [(label: String, formula: Formula)] {
        [(label: word, formula: formula)] + condition.variants
    }
}

extension FileKind {
    /// Each property changed, each part of the name, each thing that the format is told left out.
    var changes: [(label: String, kind: FileKind)] {
        var changes: [(label: String, kind: FileKind)] = [
            (
                "the last one may \(lastMayBeTorn ? "not " : "")be torn",
                with(lastMayBeTorn: !lastMayBeTorn)
            ),
            ("\(isDescending ? "smallest" : "largest") first", with(isDescending: !isDescending)),
        ]
        if until != nil { changes.append(("until never", with(until: .never))) }
        for (index, argument) in context.enumerated() {
            var copy = context
            copy.remove(at: index)
            changes.append(("without \(argument.name)", with(context: copy)))
        }
        for (index, part) in nameParts.enumerated() {
            for (label, new) in part.changes {
                var copy = nameParts
                copy[index] = new
                changes.append((label, with(nameParts: copy)))
            }
        }
        return changes
    }

    private func with(
        nameParts: [NamePart]? = nil, context: [Argument]? = nil, lastMayBeTorn: Bool? = nil,
        isDescending: Bool? = nil, until: Formula? = nil
    ) -> FileKind {
        FileKind(
            name, in: folder, named: nameParts ?? self.nameParts, format: format,
            context: context ?? self.context, lastMayBeTorn: lastMayBeTorn ?? self.lastMayBeTorn,
            isDescending: isDescending ?? self.isDescending, until: until ?? self.until,
            rules: rules, meaning)
    }
}

extension FileKind.NamePart {
    fileprivate var changes: [(label: String, part: Self)] {
        switch self {
        case .text: []
        case .number(let name, let digits, let least):
            [
                (
                    "\(name) of \(digits + 1) digits",
                    .number(name, digits: digits + 1, least: least)
                ),
                (
                    "\(name) of \(digits - 1) digits",
                    .number(name, digits: digits - 1, least: least)
                ),
                (
                    "\(name) at least \(1 - min(least, 1))",
                    .number(name, digits: digits, least: 1 - min(least, 1))
                ),
            ]
        case .hexadecimal(let count):
            [("\(count - 1) hexadecimal digits", .hexadecimal(count - 1))]
        }
    }
}
