// SPDX-License-Identifier: Apache-2.0
//
// Runs cases and sweeps through the interpreter and the shipped codec, and writes them down if both agree.

import CairnFormat
import CairnFormats
import CairnInterpreter

/// A case on which interpreter, codec or the hand disagree.
struct Disagreement: Error, CustomStringConvertible {
    let place: String
    let sentence: String
    var description: String { "\(place): \(sentence)" }
}

/// What the interpreter makes of an input, and where the codec says otherwise.
struct BothReadings: Sendable {
    let outcomes: [ReadingMode: Outcome]
    let value: DynamicValue
    private(set) var disagreements: [Disagreement] = []

    /// - Parameter repairs: Whether the checksums of the input are made right first.
    init(
        _ format: ResolvedFormat, _ bytes: [UInt8], _ context: [String: DynamicValue],
        repairs: Bool = false, place: String
    ) {
        var bytes = bytes
        if repairs {
            (bytes, (outcomes, value)) = Reader.repaired(format, bytes, context: context)
        } else {
            (outcomes, value) = Reader.outcomes(format, bytes, context: context)
        }
        let shipped = ProductionReader.outcomes(format.name, bytes, context)
        for mode in ReadingMode.allCases {
            guard let own = outcomes[mode], let other = shipped[mode], !own.agrees(with: other)
            else { continue }
            disagreements.append(
                Disagreement(
                    place: "\(format.name)/\(place), \(mode.rawValue)",
                    sentence: "the description says \(own.line), the codec says \(other.line)"))
        }
    }
}

/// The vectors of one format, computed.
struct VectorFile {
    let format: ResolvedFormat
    let set: VectorSet
    private(set) var disagreements: [Disagreement] = []
    private(set) var derivedCount = 0
    private(set) var results: [JSON] = []
    private(set) var sweeps: [JSON] = []
    /// How many valid inputs the writer of the declaration gives again from their values.
    private(set) var writtenCount = 0
    /// What becomes of each flipped bit of the examples that are swept as a whole.
    private(set) var maps: [IntegrityMap] = []

    init(_ format: ResolvedFormat, _ set: VectorSet) {
        self.format = format
        self.set = set
        for vector in set.cases { add(vector) }
        for sweep in set.sweeps {
            guard let base = set.cases.first(where: { $0.name == sweep.base }) else {
                disagreements.append(Disagreement(place: sweep.base, sentence: "no such case"))
                continue
            }
            let range = sweep.range ?? 0..<base.bytes.count
            for operation in sweep.operations { add(base, operation, range) }
        }
        let ids = set.cases.map(id)
        if Set(ids).count < ids.count {
            disagreements.append(
                Disagreement(place: format.name, sentence: "two cases share an id"))
        }
    }

    /// Stable for ever: it follows from the name.
    private func id(_ vector: VectorCase) -> Int {
        Int(SlowCRC32C.checksum(Array("\(format.name)/\(vector.name)".utf8)))
    }

    private mutating func add(_ vector: VectorCase) {
        let both = BothReadings(format, vector.bytes, vector.context, place: vector.name)
        let (outcomes, value) = (both.outcomes, both.value)
        disagreements += both.disagreements
        let found = outcomes[.strict]?.error?.name
        if found != vector.expected {
            disagreements.append(
                Disagreement(
                    place: "\(format.name)/\(vector.name)",
                    sentence: "expected \(vector.expected ?? "valid"), found \(found ?? "valid") "
                        + "at \(outcomes[.strict]?.at ?? -1) by \(outcomes[.strict]?.check ?? "-")")
            )
        }
        if let wanted = vector.isTorn, wanted != (outcomes[.recover]?.truncateTo != nil) {
            let line = outcomes[.recover]?.line ?? "nothing"
            note(vector, "expected \(wanted ? "a torn end" : "a loss"), found \(line)")
        }
        if let wanted = vector.value, wanted != value.json {
            disagreements.append(
                Disagreement(
                    place: "\(format.name)/\(vector.name)",
                    sentence: "expected the value \(wanted.text), found \(value.json.text)"))
        }
        if let shipped = ProductionReader.value(format.name, vector.bytes, vector.context),
            found == nil, shipped != value.json
        {
            disagreements.append(
                Disagreement(
                    place: "\(format.name)/\(vector.name)",
                    sentence: "the codec's value is \(shipped.text), not \(value.json.text)"))
        }
        var rules: [JSON]?
        if let check = outcomes[.strict]?.check { rules = [.string(check)] }
        results.append(
            .members(
                ("tcId", .int(id(vector))), ("name", .string(vector.name)),
                ("comment", .string(vector.comment)),
                ("flags", .array(vector.flags.map { .string($0.rawValue) })),
                ("rules", rules.map(JSON.array)), ("context", context(vector)),
                ("bytes", bytes(vector)),
                ("expect", json(outcomes, vector.bytes.count, vector.context)),
                ("value", found == nil ? value.json : nil),
                ("roundtrip", found == nil ? .string(roundtrip(vector, value)) : nil)))
    }

    /// Whether the value has this one encoding; then the declaration alone must write it as it was.
    private mutating func roundtrip(_ vector: VectorCase, _ value: DynamicValue) -> String {
        guard !vector.isDecodeOnly(format) else { return "decodeOnly" }
        // Zeros behind the end are no part of a value.
        let isPrepared = format.reading.tail != nil
        let writer = Writer(format, byteCount: isPrepared ? vector.bytes.count : 0)
        do throws(WritingFailure) {
            let written = try writer.write(value, context: vector.context)
            writtenCount += written == vector.bytes ? 1 : 0
            guard written != vector.bytes else { return "exact" }
            let place = zip(written, vector.bytes).enumerated().first {
                $0.element.0 != $0.element.1
            }
            note(vector, "written again, it differs at \(place?.offset ?? written.count)")
        } catch {
            note(vector, "it cannot be written again: \(error)")
        }
        return "exact"
    }

    private mutating func note(_ vector: VectorCase, _ sentence: String) {
        disagreements.append(
            Disagreement(place: "\(format.name)/\(vector.name)", sentence: sentence))
    }

    private func context(_ vector: VectorCase) -> JSON? {
        vector.context.isEmpty ? nil : .sorted(vector.context.mapValues(\.known))
    }

    private func bytes(_ vector: VectorCase) -> JSON {
        guard let name = vector.base, let base = set.cases.first(where: { $0.name == name }),
            let operations = Self.difference(base.bytes, vector.bytes)
        else { return .members(("hex", .string(vector.bytes.hex))) }
        return .members(("from", .int(id(base))), ("ops", .array(operations)))
    }

    /// What makes `to` out of `from`, if that is shorter to say.
    private static func difference(_ from: [UInt8], _ to: [UInt8]) -> [JSON]? {
        var operations: [JSON] = []
        let shared = min(from.count, to.count)
        if to.count < from.count {
            operations.append(.array([.string("truncate"), .int(to.count)]))
        }
        var index = 0
        while index < shared {
            guard from[index] != to[index] else {
                index += 1
                continue
            }
            let start = index
            while index < shared, from[index] != to[index] { index += 1 }
            operations.append(
                .array([.string("set"), .int(start), .string(Array(to[start..<index]).hex)]))
        }
        if to.count > shared {
            operations += appending(Array(to[shared...]))
        }
        return operations.count <= 24 ? operations : nil
    }

    /// Bytes as runs of one value and what is between them.
    private static func appending(_ bytes: [UInt8]) -> [JSON] {
        var operations: [JSON] = []
        var plain: [UInt8] = []
        var index = 0
        while index < bytes.count {
            var end = index
            while end < bytes.count, bytes[end] == bytes[index] { end += 1 }
            if end - index > 64 {
                if !plain.isEmpty {
                    operations.append(.array([.string("append"), .string(plain.hex)]))
                }
                plain = []
                operations.append(
                    .array([.string("repeat"), .string([bytes[index]].hex), .int(end - index)]))
            } else {
                plain += bytes[index..<end]
            }
            index = end
        }
        if !plain.isEmpty { operations.append(.array([.string("append"), .string(plain.hex)])) }
        return operations
    }

    private mutating func add(
        _ base: VectorCase, _ operation: SweepOperation, _ bytes: Range<Int>
    ) {
        var runs = OutcomeRuns()
        let isMapped =
            operation == .flip && set.mapped.contains(base.name) && bytes == 0..<base.bytes.count
        var map = isMapped ? IntegrityMap(base) : nil
        let range = operation.indices(bytes)
        let readings = range.concurrentMap { [format] index in
            BothReadings(
                format, operation.apply(index, to: base.bytes), base.context,
                repairs: operation == .flipAndRepair,
                place: "\(base.name)/\(operation.rawValue)/\(index)")
        }
        for (index, both) in zip(range, readings) {
            disagreements += both.disagreements
            map?.add(both.outcomes, bit: index)
            let expect = json(both.outcomes, nil, [:], cut: operation == .truncate ? index : nil)
            runs.add(expect)
        }
        maps += map.map { [$0] } ?? []
        derivedCount += range.count
        sweeps.append(
            .members(
                ("name", .string("\(base.name)-\(operation.rawValue)")), ("from", .int(id(base))),
                ("op", .string(operation.rawValue)),
                ("range", .array([.int(range.lowerBound), .int(range.upperBound)])),
                ("outcomes", runs.json)))
    }

    // MARK: Writing

    /// Strict, and the other modes where they differ from it.
    private func json(
        _ outcomes: [ReadingMode: Outcome], _ size: Int?, _ context: [String: DynamicValue],
        cut: Int? = nil
    ) -> JSON {
        let cap = size.map { format.allocationCap(inputByteCount: $0, context) }
        let strict = outcomes[.strict]?.json(cap, cut: cut) ?? .null
        let recover = outcomes[.recover]?.json(cap, cut: cut) ?? .null
        return .members(("strict", strict), ("recover", recover == strict ? nil : recover))
    }

    /// The file.
    func json(descriptionSHA256: String) -> JSON {
        .members(
            ("$schema", .string("../vectors.schema.json")), ("schema", .int(1)),
            (
                "format",
                .members(
                    ("id", .string(format.name)),
                    (
                        "version",
                        .string("\(format.reading.version ?? FormatVersion(major: 1, minor: 0))")
                    ), ("descriptionSHA256", .string(descriptionSHA256)))
            ), ("numberOfTests", .int(set.cases.count)),
            ("numberOfDerivedTests", .int(derivedCount)),
            ("modes", .array([.string("strict"), .string("recover")])),
            (
                "notes",
                .sorted(
                    Dictionary(
                        Set(set.cases.flatMap(\.flags)).map {
                            (
                                $0.rawValue,
                                JSON.members(
                                    ("effect", .string($0.effect)),
                                    ("description", .string($0.meaning))
                                )
                            )
                        }
                    ) { first, _ in first })
            ),
            (
                "errors", .sorted(format.errors.mapValues { .string($0.category.rawValue) })
            ), ("tests", .array(results)), ("sweeps", .array(sweeps)))
    }
}

/// The outcomes of a sweep, in order: equal ones that follow each other are counted.
struct OutcomeRuns {
    private var runs: [(count: Int, expect: JSON)] = []

    mutating func add(_ expect: JSON) {
        if let last = runs.last, last.expect == expect {
            runs[runs.count - 1].count += 1
        } else {
            runs.append((1, expect))
        }
    }

    var json: JSON {
        .array(runs.map { .members(("count", .int($0.count)), ("expect", $0.expect)) })
    }
}

extension ResolvedFormat {
    /// The most bytes that reading an input of that size may allocate.
    func allocationCap(inputByteCount: Int, _ context: [String: DynamicValue]) -> Int {
        Reader(self, [UInt8](repeating: 0, count: inputByteCount)).allocationCap(context)
    }
}

extension Outcome {
    /// One line for messages.
    var line: String {
        let end = truncateTo.map { ", cut at \($0)" } ?? ""
        guard let error else { return "valid, \(delivered) delivered\(end)" }
        return "\(error.name) at \(at.map(String.init) ?? "?"), \(delivered) delivered"
            + (check.map { " (\($0))" } ?? "")
    }

    /// As vectors have it. An error where the input was cut is said to be there, so that many cuts have
    /// the same outcome.
    func json(_ cap: Int?, cut: Int? = nil) -> JSON {
        .members(
            ("result", .string(error == nil ? "valid" : "invalid")),
            ("error", error.map { .string($0.name) }),
            ("at", at.map { $0 == cut ? .string("cut") : .int($0) }),
            ("delivered", .int(delivered)),
            ("end", .string(error != nil ? "error" : truncateTo == nil ? "clean" : "torn")),
            ("truncateTo", truncateTo.map(JSON.int)), ("proof", proof.map(JSON.string)),
            ("maxAllocation", cap.map(JSON.int)))
    }
}
