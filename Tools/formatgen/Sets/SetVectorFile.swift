// SPDX-License-Identifier: Apache-2.0
//
// Runs sets of files through the interpreter and the shipped code, and writes them down if both agree.

import CairnFormat
import CairnInterpreter

/// The vectors of a set of files, computed.
struct SetVectorFile {
    let format: ResolvedFormat
    let formats: [ResolvedFormat]
    let cases: [SetCase]
    private(set) var disagreements: [Disagreement] = []
    private(set) var results: [JSON] = []
    /// What each case gives, by mode, for ``unnoticed``.
    private var known: [[ReadingMode: SetOutcome]] = []

    init(_ format: ResolvedFormat, _ formats: [ResolvedFormat], _ cases: [SetCase]) {
        self.format = format
        self.formats = formats
        self.cases = cases
        for vector in cases { add(vector) }
        if Set(cases.map(id)).count < cases.count { disagree("", "two cases share an id") }
    }

    private func id(_ vector: SetCase) -> Int {
        Int(SlowCRC32C.checksum(Array("\(format.name)/\(vector.name)".utf8)))
    }

    private mutating func disagree(_ name: String, _ sentence: String) {
        disagreements.append(Disagreement(place: "\(format.name)/\(name)", sentence: sentence))
    }

    private func read(
        _ vector: SetCase, _ mode: ReadingMode, disabled: Set<String> = []
    ) -> SetOutcome {
        SetReader(format, formats, vector.files, mode, disabled: disabled).outcome()
    }

    private mutating func add(_ vector: SetCase) {
        var outcomes: [ReadingMode: SetOutcome] = [:]
        for mode in vector.modes { outcomes[mode] = read(vector, mode) }
        known.append(outcomes)
        compare(vector, outcomes)
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
                        ("strict", outcomes[.strict].map { json($0, vector) }),
                        ("recover", recovered.map { json($0, vector) }),
                        ("salvage", outcomes[.salvage].map { json($0, vector) }))
                ), ("value", recovered?.outcome.error == nil ? recovered?.value.json : nil)))
    }

    private mutating func compare(_ vector: SetCase, _ outcomes: [ReadingMode: SetOutcome]) {
        let shipped: ProductionStore
        do { shipped = try ProductionStore(vector.files) } catch {
            return disagree(vector.name, "\(error)")
        }
        let (opened, value) = shipped.opened()
        if let own = outcomes[.recover] {
            expect(vector, .recover, vector.opens, own, opened)
            if let value, value != own.value.json {
                disagree(
                    vector.name,
                    "the codec's value is \(value.text), the description's \(own.value.json.text)")
            }
        }
        guard let strict = outcomes[.strict], let salvage = outcomes[.salvage] else { return }
        guard let verified = try? shipped.verified(), let ended = try? shipped.strict() else {
            return disagree(vector.name, "it cannot be verified")
        }
        expect(vector, .strict, vector.verifies, strict, ended)
        expect(vector, .salvage, vector.verifies, salvage, verified)
    }

    private mutating func expect(
        _ vector: SetCase, _ mode: ReadingMode, _ wanted: String?, _ own: SetOutcome,
        _ other: SetOutcome
    ) {
        let place = "\(vector.name), \(mode.rawValue)"
        if own.outcome.error?.name != wanted {
            disagree(place, "expected \(wanted ?? "valid"), found \(line(own))")
        }
        let agrees =
            own.outcome.error?.name == other.outcome.error?.name
            && (other.outcome.at == nil || own.outcome.at == other.outcome.at)
            && (other.file == nil || own.file == other.file)
            && own.outcome.delivered == other.outcome.delivered
            && (mode != .recover || own.outcome.truncateTo == other.outcome.truncateTo)
        if !agrees {
            disagree(place, "the description says \(line(own)), the code says \(line(other))")
        }
    }

    private func line(_ outcome: SetOutcome) -> String {
        "\(outcome.outcome.line) in \(outcome.file ?? "?")"
    }

    private func json(_ outcome: SetOutcome, _ vector: SetCase) -> JSON {
        let size = vector.files.reduce(0) { $0 + ($1.bytes?.count ?? 0) }
        let cap = format.allocationCap(inputByteCount: size, [:])
        guard case .object(var members) = outcome.outcome.json(cap) else { return .null }
        if let file = outcome.file { members.append(.init(name: "file", value: .string(file))) }
        return .object(members)
    }

    private func json(_ file: SetFile) -> JSON {
        .members(
            ("name", .string(file.path)),
            ("bytes", file.bytes.map { .members(("hex", .string($0.hex))) } ?? .null))
    }

    /// Everything that can be switched off, and what of it no case notices.
    func adequacy() -> (all: [String], unnoticed: [String]) {
        var all: [String] = []
        for id in format.checks.map(\.id) + format.inflationIDs where !all.contains(id) {
            all.append(id)
        }
        let unnoticed = all.filter { id in
            // Those that this check refused come first: one reading is then enough.
            let pairs = Array(zip(cases, known))
            let refused = pairs.filter { $0.1.values.contains { $0.outcome.check == id } }
            return !(refused + pairs).contains { vector, outcomes in
                outcomes.contains { mode, outcome in
                    let without = read(vector, mode, disabled: [id])
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
            ), ("numberOfTests", .int(cases.count)), ("numberOfDerivedTests", .int(0)),
            ("modes", .array(ReadingMode.allCases.map { .string($0.rawValue) })),
            ("notes", .sorted(Dictionary(flags) { first, _ in first })),
            ("errors", .sorted(format.errors.mapValues { .string($0.category.rawValue) })),
            ("tests", .array(results)), ("sweeps", .array([])))
    }
}

extension ResolvedFormat {
    var inflationIDs: [String] {
        types.values.flatMap(\.steps).flatMap(\.allSteps).compactMap { step in
            if case .inflate(let inflation) = step { inflation.id } else { nil }
        }
    }
}
