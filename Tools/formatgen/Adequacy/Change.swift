// SPDX-License-Identifier: Apache-2.0
//
// A declaration in which one thing was switched off or changed: some vector must come out differently.

import CairnFormat
import CairnFormats
import CairnInterpreter

/// One change of a declaration.
struct Change {
    /// What was changed, in words; the same for ever.
    let label: String
    let format: FormatDescription

    /// Everything in a format that is changed in turn.
    static func all(_ format: ResolvedFormat) -> [Change] {
        let old = format.description
        guard let reading = old.reading else { return [] }
        var changes: [Change] = []
        for (label, tail) in inTail(format) {
            changes.append(
                Change(label: label, format: old.replacing(reading: reading.replacing(tail: tail))))
        }
        for (label, tags) in inTags(format) {
            changes.append(Change(label: label, format: old.replacing(tags: tags)))
        }
        for (label, files) in inFiles(reading.files) {
            changes.append(
                Change(
                    label: label, format: old.replacing(reading: reading.replacing(files: files))))
        }
        let reached = Set(format.reachableTypes.map(\.name))
        for (index, type) in reading.types.enumerated() where reached.contains(type.name) {
            for (label, steps) in type.steps.changes {
                var types = reading.types
                types[index] = TypeDescription(
                    type.name, type.meaning, parameters: type.parameters, result: type.result, steps
                )
                changes.append(
                    Change(
                        label: "\(type.name): \(label)",
                        format: old.replacing(reading: reading.replacing(types: types))))
            }
        }
        return changes
    }

    // MARK: Parts of a declaration

    /// The numbers of each tag.
    private static func inTags(
        _ format: ResolvedFormat
    ) -> [(String, [(name: String, values: [TagDescription])])] {
        let tags = format.description.tags
        var changes: [(String, [(name: String, values: [TagDescription])])] = []
        for (index, table) in tags.enumerated() {
            let names = Set(table.values.flatMap(\.attributes.keys)).sorted()
            let looked = names.filter { format.looks(at: $0, of: table.name) }
            for (place, tag) in table.values.enumerated() {
                for name in looked {
                    let old = tag.attributes[name] ?? 0
                    for value in Set([0, old + 1]).sorted() where value != old {
                        var copy = tags
                        copy[index].values[place] = TagDescription(
                            tag.value, tag.name, tag.meaning, since: tag.since,
                            attributes: tag.attributes.merging([name: value]) { $1 })
                        changes.append(("\(table.name).\(tag.name): \(name) of \(value)", copy))
                    }
                }
            }
        }
        return changes
    }

    /// The kinds of files that have rules.
    private static func inFiles(_ files: [FileKind]) -> [(String, [FileKind])] {
        var changes: [(String, [FileKind])] = []
        for (index, kind) in files.enumerated() where !kind.rules.all.isEmpty {
            for (label, new) in kind.changes {
                var copy = files
                copy[index] = new
                changes.append(("files \(kind.name): \(label)", copy))
            }
        }
        return changes
    }

    /// The errors that can be a torn end, and all of each proof.
    private static func inTail(_ format: ResolvedFormat) -> [(String, TailRule)] {
        guard let tail = format.reading.tail else { return [] }
        var changes: [(String, TailRule)] = []
        for (index, error) in tail.torn.enumerated() {
            var torn = tail.torn
            torn.remove(at: index)
            changes.append(("\(error.name) is no torn end", tail.replacing(torn: torn)))
        }
        for error in format.errors(inRoundsOf: tail.loop)
        where !tail.torn.contains(where: { $0.name == error.name }) {
            changes.append(
                ("\(error.name) is a torn end", tail.replacing(torn: tail.torn + [error])))
        }
        for (index, proof) in tail.proofs.enumerated() {
            for (label, search) in proof.search.changes {
                var proofs = tail.proofs
                proofs[index] = TailRule.Proof(proof.id, search, proof.meaning)
                changes.append(("\(proof.id): \(label)", tail.replacing(proofs: proofs)))
            }
        }
        return changes
    }
}

extension ResolvedFormat {
    /// Whether a formula of its own types asks for an attribute of a table.
    fileprivate func looks(at attribute: String, of table: String) -> Bool {
        let formulas =
            reading.types.flatMap(\.steps).flatMap(\.formulas)
            + (reading.tail?.proofs.flatMap(\.search.formulas) ?? [])
        return formulas.contains {
            $0.text.contains("attribute('\(table)'") && $0.text.contains("'\(attribute)'")
        }
    }

    /// The errors that can be met in a round of a loop.
    fileprivate func errors(inRoundsOf loop: String) -> [ErrorClass] {
        let kinds = types.values.flatMap(\.steps).flatMap(\.allSteps).compactMap {
            step -> String? in
            guard case .loop(loop, _, .type(let name, _), _) = step else { return nil }
            return name
        }
        var names = kinds
        var index = 0
        while index < names.count {
            for name in types[names[index]]?.steps.flatMap(\.typeNames) ?? []
            where types[name] != nil && !names.contains(name) {
                names.append(name)
            }
            index += 1
        }
        let found = checks(in: names.compactMap { types[$0] }).map(\.error)
        return Dictionary(found.map { ($0.name, $0) }) { first, _ in first }.values
            .sorted { $0.name < $1.name }
    }
}

extension FormatDescription {
    func replacing(
        tags: [(name: String, values: [TagDescription])]? = nil, reading: Reading? = nil
    ) -> FormatDescription {
        FormatDescription(
            name, meaning, layouts: layouts, tags: tags ?? self.tags, limits: limits, rules: rules,
            reading: reading ?? self.reading)
    }
}

extension Reading {
    func replacing(
        types: [TypeDescription]? = nil, tail: TailRule? = nil, files: [FileKind]? = nil
    ) -> Reading {
        Reading(
            root: root, context: context, types: types ?? self.types, uses: uses,
            delivers: delivers, unknownTags: unknownTags, version: version, tail: tail ?? self.tail,
            canonical: canonical, allocation: allocation, isBounded: isBounded,
            files: files ?? self.files,
            carries: carries)
    }
}

extension TailRule {
    fileprivate func replacing(torn: [ErrorClass]? = nil, proofs: [Proof]? = nil) -> TailRule {
        TailRule(loop: loop, torn: torn ?? self.torn, proofs: proofs ?? self.proofs, meaning)
    }
}
