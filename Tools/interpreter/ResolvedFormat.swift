// SPDX-License-Identifier: Apache-2.0

package import CairnFormats
import Synchronization

/// A format with everything that it uses, ready to be interpreted.
package final class ResolvedFormat: Sendable {
    /// Its name.
    package let name: String
    /// The declaration.
    package let description: FormatDescription
    /// How it is read.
    package let reading: Reading
    /// All types, by name; those of formats that it uses are among them.
    package let types: [String: TypeDescription]
    /// The names of the types in the order in which they are declared, its own first.
    package let typeNames: [String]
    /// All tag tables.
    package let tables: [(name: String, values: [TagDescription])]
    /// All limits, by name.
    package let limits: [String: UInt64]
    /// The same with their meanings, its own first.
    let limitDescriptions: [LimitDescription]
    /// What is done with unknown tags, by table.
    package let unknownTags: [String: UnknownPolicy]
    private let tagsByTable: [String: [UInt64: TagDescription]]
    private let expressions: [Formula: Expression]

    /// Resolves a declaration that says how it is read.
    ///
    /// - Throws: ``FormulaError``, or ``DescriptionDefect`` for a format that is not there.
    package init(_ description: FormatDescription, among all: [FormatDescription]) throws {
        guard let reading = description.reading else {
            throw DescriptionDefect("\(description.name) does not say how it is read")
        }
        name = description.name
        self.description = description
        self.reading = reading
        var types: [String: TypeDescription] = [:]
        var names: [String] = []
        var tables: [(name: String, values: [TagDescription])] = []
        var limits: [String: UInt64] = [:]
        var limitDescriptions: [LimitDescription] = []
        var policies: [String: UnknownPolicy] = [:]
        var sources = [description]
        for used in reading.uses {
            guard let found = all.first(where: { $0.name == used }) else {
                throw DescriptionDefect("\(description.name) uses \(used), which is not there")
            }
            sources.append(found)
        }
        for source in sources {
            for type in source.reading?.types ?? [] where types[type.name] == nil {
                types[type.name] = type
                names.append(type.name)
            }
            for table in source.tags where !tables.contains(where: { $0.name == table.name }) {
                tables.append(table)
            }
            for limit in source.limits where limits[limit.name] == nil {
                limits[limit.name] = limit.value
                limitDescriptions.append(limit)
            }
            policies.merge(source.reading?.unknownTags ?? [:]) { own, _ in own }
        }
        (self.types, typeNames, self.tables, self.limits) = (types, names, tables, limits)
        unknownTags = policies
        self.limitDescriptions = limitDescriptions
        tagsByTable = Dictionary(
            tables.map { table in
                (table.name, Dictionary(table.values.map { ($0.value, $0) }) { first, _ in first })
            }
        ) { first, _ in first }
        var expressions: [Formula: Expression] = [:]
        for formula in Self.formulas(of: reading, types.values.map(\.self)) {
            expressions[formula] = try Self.parsed(formula)
        }
        self.expressions = expressions
    }

    /// Formulas that were parsed before: formats share types, and are resolved again and again.
    private static let known = Mutex<[Formula: Expression]>([:])

    private static func parsed(_ formula: Formula) throws -> Expression {
        if let found = known.withLock({ $0[formula] }) { return found }
        let expression = try Expression(formula)
        known.withLock { $0[formula] = expression }
        return expression
    }

    func expression(_ formula: Formula) -> Expression {
        expressions[formula] ?? .builtin(.none)
    }

    func tag(_ table: String, _ value: UInt64) -> TagDescription? { tagsByTable[table]?[value] }

    func tagValue(_ table: String, _ name: String) -> UInt64? {
        tagsByTable[table]?.values.first { $0.name == name }?.value
    }

    private static func formulas(of reading: Reading, _ types: [TypeDescription]) -> [Formula] {
        var all = [reading.allocation] + reading.context.map(\.unknown)
        for type in types {
            all += type.result.map { [$0] } ?? []
            all += type.steps.flatMap(\.formulas)
        }
        for proof in reading.tail?.proofs ?? [] { all += proof.search.formulas }
        for kind in reading.files {
            all += kind.context.map(\.value) + (kind.until.map { [$0] } ?? [])
        }
        return all
    }
}

/// What is wrong with a declaration.
package struct DescriptionDefect: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

extension FieldKind {
    /// The formulas in it.
    package var formulas: [Formula] {
        switch self {
        case .unsigned, .varint, .zigzag, .count: []
        case .bytes(let count), .text(let count): [count]
        case .packed(let count, let width): [count, width]
        case .type(_, let arguments): arguments.map(\.value)
        case .named(let name, let arguments): [name] + arguments.map(\.value)
        }
    }
}

extension TailRule.Search {
    /// The formulas in it.
    package var formulas: [Formula] {
        switch self {
        case .later(let kind, _, let when): kind.formulas + [when]
        case .flip(let kind, _, let when, let extent, let unless):
            kind.formulas + [when, extent, unless]
        case .flipUnder(_, let extent, let unless): [extent, unless]
        }
    }
}

extension Step {
    /// The formulas in it and in the steps within it.
    package var formulas: [Formula] {
        switch self {
        case .layout, .deliver: []
        case .field(_, let kind, _): kind.formulas
        case .check(let check):
            [check.formula, check.at] + (check.file.map { [$0] } ?? [])
                + (check.checksum.map { [$0.from, $0.to, $0.seed, $0.stored] }
                    ?? [])
        case .define(_, let value, _), .variable(_, let value, _), .assign(_, let value),
            .seek(let value):
            [value]
        case .when(let condition, let steps, let otherwise):
            [condition] + (steps + otherwise).flatMap(\.formulas)
        case .select(let tag, _, let at, let cases):
            [tag, at] + cases.flatMap { $0.steps.flatMap(\.formulas) }
        case .loop(_, .times(let bound), let kind, _), .loop(_, .until(let bound), let kind, _):
            [bound] + kind.formulas
        case .each(_, let list, let steps): [list] + steps.flatMap(\.formulas)
        case .window(let from, let to, let steps), .within(let from, let to, let steps):
            [from, to] + steps.flatMap(\.formulas)
        case .inflate(let inflation):
            [inflation.from, inflation.to, inflation.byteCount, inflation.at]
        }
    }

    /// The steps directly within it.
    package var inner: [Step] {
        switch self {
        case .when(_, let steps, let otherwise): steps + otherwise
        case .select(_, _, _, let cases): cases.flatMap(\.steps)
        case .each(_, _, let steps), .window(_, _, let steps), .within(_, _, let steps): steps
        default: []
        }
    }
}
