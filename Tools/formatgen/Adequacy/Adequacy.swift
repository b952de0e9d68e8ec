// SPDX-License-Identifier: Apache-2.0
//
// Measures the vectors: each check of a description is switched off in turn, and some vector must notice.

import CairnFormats
import CairnInterpreter

/// How well the vectors of a format cover its checks.
struct Adequacy {
    /// Checks, demands of the vocabulary and proofs of the format.
    let all: [String]
    /// Those whose absence no vector notices.
    let unnoticed: [String]

    /// - Parameter inherited: What the vectors of a format that this one uses did not notice.
    init(_ format: ResolvedFormat, _ set: VectorSet, inherited: [String]) {
        let needed = Self.subjects(format) + inherited
        all = needed
        let known = set.cases.map { vector in
            (vector, Reader.outcomes(format, vector.bytes, context: vector.context).outcomes)
        }
        unnoticed = needed.filter { id in
            // Those that this check refused come first: one run is then enough.
            let ordered =
                known.filter { Self.names($0.1, id) } + known.filter { !Self.names($0.1, id) }
            return !ordered.contains { vector, outcomes in
                let without = Reader.outcomes(
                    format, vector.bytes, context: vector.context, disabled: [id]
                ).outcomes
                return outcomes.contains { mode, left in
                    !(without[mode]?.agrees(with: left) ?? false)
                }
            }
        }
    }

    private static func names(_ outcomes: [ReadingMode: Outcome], _ id: String) -> Bool {
        outcomes.values.contains { $0.check == id || $0.proof == id }
    }

    /// Everything that can be switched off.
    private static func subjects(_ format: ResolvedFormat) -> [String] {
        let own = Set(format.reading.types.map(\.name))
        let reached = format.reachableTypes.filter { own.contains($0.name) }
        var ids: [String] = []
        for check in format.checks(in: reached) where !ids.contains(check.id) {
            ids.append(check.id)
        }
        ids += reached.flatMap(\.steps).flatMap(\.allSteps).compactMap { step in
            if case .inflate(let inflation) = step { inflation.id } else { nil }
        }
        ids += format.reading.tail?.proofs.map(\.id) ?? []
        ids += format.unknownTables(in: reached).map { "[\($0)]" }
        let kinds = format.kinds(in: reached)
        if kinds.contains(where: { $0.isVarint }) { ids += ["[shortest]", "[numberTooLarge]"] }
        if kinds.contains(where: { $0.isCount }) { ids.append("[countTooLarge]") }
        if kinds.contains(where: { $0.isText }) { ids.append("[utf8]") }
        if kinds.contains(where: { $0.isPacked }) { ids.append("[padding]") }
        return ids
    }
}

extension VectorCase {
    /// Whether other inputs have the same value: something in it is inflated, or put together from parts.
    func isDecodeOnly(_ format: ResolvedFormat) -> Bool {
        let reader = Reader(format, bytes)
        _ = try? reader.readRoot(context)
        return reader.hasInflated || reader.hasReadWithin
    }
}
