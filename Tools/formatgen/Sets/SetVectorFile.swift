// SPDX-License-Identifier: Apache-2.0
//
// Runs sets of files through the interpreter and the shipped code, and writes them down if both agree.

import CairnFormat
import CairnFormats
import CairnInterpreter

/// The vectors of a set of files, computed.
struct SetVectorFile {
    private let sets: SetFormat
    private var format: ResolvedFormat { sets.format }
    let cases: [SetCase]
    private(set) var disagreements: [Disagreement] = []
    private(set) var results: [JSON] = []
    private(set) var sweeps: [JSON] = []
    private(set) var derivedCount = 0
    /// What each case gives, by mode, for ``unnoticed``.
    private var known: [(readings: FileReadings, outcomes: [ReadingMode: SetOutcome])] = []

    init(
        _ format: ResolvedFormat, _ formats: [ResolvedFormat], _ cases: [SetCase],
        _ sweeps: [SetSweep]
    ) {
        sets = SetFormat(format: format, formats: formats)
        self.cases = cases
        for vector in cases { add(vector) }
        for sweep in sweeps {
            guard let base = cases.first(where: { $0.name == sweep.base }) else {
                disagree(sweep.base, "no such case")
                continue
            }
            for part in sweep.parts(base) { add(part) }
        }
        if Set(cases.map(id)).count < cases.count { disagree("", "two cases share an id") }
    }

    private func id(_ vector: SetCase) -> Int {
        Int(SlowCRC32C.checksum(Array("\(format.name)/\(vector.name)".utf8)))
    }

    private mutating func disagree(_ name: String, _ sentence: String) {
        disagreements.append(Disagreement(place: "\(format.name)/\(name)", sentence: sentence))
    }

    private mutating func add(_ vector: SetCase) {
        let shipped: ProductionStore
        do { shipped = try ProductionStore(vector.files) } catch {
            return disagree(vector.name, "\(error)")
        }
        let readings = FileReadings()
        let both = BothSetReadings(sets, vector.files, vector.modes, readings, shipped)
        let outcomes = both.outcomes
        known.append((readings, outcomes))
        for sentence in both.sentences { disagree(vector.name, sentence) }
        for (mode, outcome) in outcomes {
            let wanted = mode == .recover ? vector.opens : vector.verifies
            guard outcome.outcome.error?.name != wanted else { continue }
            disagree(vector.name, "expected \(wanted ?? "valid"), found \(outcome.line)")
        }
        let recovered = outcomes[.recover]
        let rules = [recovered?.outcome.check].compactMap(\.self)
        results.append(
            .members(
                ("tcId", .int(id(vector))), ("name", .string(vector.name)),
                ("comment", .string(vector.comment)),
                ("flags", .array(vector.flags.map { .string($0.rawValue) })),
                ("rules", rules.isEmpty ? nil : .array(rules.map(JSON.string))),
                ("files", .array(vector.files.map(json))),
                (
                    "expect",
                    .members(
                        ("strict", outcomes[.strict]?.json(cap(vector))),
                        ("recover", recovered?.json(cap(vector))),
                        ("salvage", outcomes[.salvage]?.json(cap(vector))))
                ), ("value", recovered?.outcome.error == nil ? recovered?.value.json : nil)))
    }

    private mutating func add(_ part: SetSweep.Part) {
        let readings = part.range.concurrentParts { [sets] in sets.read(part, $0) }
        var runs = OutcomeRuns()
        for (index, both) in zip(part.range, readings) {
            for sentence in both.sentences { disagree("\(part.name)/\(index)", sentence) }
            let cut = part.operation == .truncate ? index : nil
            runs.add(
                .members(
                    ("strict", both.outcomes[.strict]?.json(cut: cut)),
                    ("recover", both.outcomes[.recover]?.json(cut: cut)),
                    ("salvage", both.outcomes[.salvage]?.json(cut: cut))))
        }
        derivedCount += part.range.count
        sweeps.append(
            .members(
                ("name", .string(part.name)), ("from", .int(id(part.base))),
                ("file", part.file.map { .string(part.base.files[$0].path) }),
                ("op", .string(part.operation?.rawValue ?? SetSweep.removal)),
                ("range", .array([.int(part.range.lowerBound), .int(part.range.upperBound)])),
                ("outcomes", runs.json)))
    }

    private func cap(_ vector: SetCase) -> Int {
        format.allocationCap(
            inputByteCount: vector.files.reduce(0) { $0 + ($1.bytes?.count ?? 0) }, [:])
    }

    private func json(_ file: SetFile) -> JSON {
        .members(
            ("name", .string(file.path)),
            ("bytes", file.bytes.map { .members(("hex", .string($0.hex))) } ?? .null))
    }

    /// Everything that can be switched off, and what of it no case notices.
    func adequacy() -> (all: [String], unnoticed: [String]) {
        var all: [String] = []
        for id in format.checks.map(\.id) + format.inflations.map(\.id) where !all.contains(id) {
            all.append(id)
        }
        let unnoticed = all.filter { id in
            // Those that this check refused come first: one reading is then enough.
            let pairs = Array(zip(cases, known))
            let refused = pairs.filter { $0.1.outcomes.values.contains { $0.outcome.check == id } }
            return !(refused + pairs).contains { vector, known in
                known.outcomes.contains { mode, outcome in
                    let without = sets.read(vector.files, mode, known.readings, disabled: [id])
                    return !outcome.outcome.agrees(with: without.outcome)
                        || outcome.file != without.file
                }
            }
        }
        return (all, unnoticed)
    }

    /// The file.
    func json(descriptionSHA256: String) -> JSON {
        let flags = Set(cases.flatMap(\.flags)).map { flag in
            (
                flag.rawValue,
                JSON.members(
                    ("effect", .string(flag.effect)), ("description", .string(flag.meaning)))
            )
        }
        return .members(
            ("$schema", .string("../vectors.schema.json")), ("schema", .int(1)),
            (
                "format",
                .members(
                    ("id", .string(format.name)), ("version", .string("1.0")),
                    ("descriptionSHA256", .string(descriptionSHA256)))
            ), ("numberOfTests", .int(cases.count)), ("numberOfDerivedTests", .int(derivedCount)),
            ("modes", .array(ReadingMode.allCases.map { .string($0.rawValue) })),
            ("notes", .sorted(Dictionary(flags) { first, _ in first })),
            ("errors", .sorted(format.errors.mapValues { .string($0.category.rawValue) })),
            ("tests", .array(results)), ("sweeps", .array(sweeps)))
    }
}
