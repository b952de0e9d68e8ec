// SPDX-License-Identifier: Apache-2.0
//
// Measures the vectors: each condition, extent, attribute, argument and part of a file name is switched off
// or changed in turn, and some vector must come out differently.

import CairnFormats
import CairnInterpreter

/// How well the vectors of all formats cover what is not a check by itself.
struct ChangeAdequacy {
    /// How many changes there are, by format.
    private(set) var counts: [String: Int] = [:]
    /// Changes that no vector notices, by format.
    private(set) var unnoticed: [String: [String]] = [:]
    /// What is said to be equivalent, and is not changed at all or is noticed.
    private(set) var stale: [String] = []

    /// - Parameter formats: All there are.
    init(_ formats: [ResolvedFormat]) throws {
        let golden = try GoldenOutcomes(formats)
        for format in formats {
            let changes = Change.all(format)
            let noticed = (0..<changes.count).concurrentMap { golden.notice(changes[$0]) }
            let excused = Self.equivalent[format.name] ?? [:]
            let missed = zip(changes, noticed).filter { !$1 }.map(\.0.label)
            counts[format.name] = changes.count - missed.count { excused[$0] != nil }
            unnoticed[format.name] = missed.filter { excused[$0] == nil }
            stale += excused.keys.filter { !missed.contains($0) }.sorted().map {
                "\(format.name): \($0)"
            }
        }
    }

    var disagreements: [Disagreement] {
        unnoticed.sorted { $0.key < $1.key }.flatMap { format, labels in
            labels.map {
                Disagreement(place: format, sentence: "no vector notices this change: \($0)")
            }
        }
            + stale.map {
                Disagreement(
                    place: $0,
                    sentence: "said to be equivalent, and a vector notices it, or it is gone")
            }
    }
}

/// What comes of all vectors of all formats, to compare changed declarations with.
struct GoldenOutcomes: @unchecked Sendable {
    private struct Golden {
        let vector: VectorCase
        let outcomes: [ReadingMode: Outcome]
        let value: JSON
    }

    private struct GoldenSet {
        let vector: SetCase
        let outcomes: [ReadingMode: SetOutcome]
    }

    private let formats: [ResolvedFormat]
    private var golden: [String: [Golden]] = [:]
    private var sets: [GoldenSet] = []
    private let common = FileReadings()

    /// - Parameter dropping: The names of vectors that are left out, as if they were not there.
    init(_ formats: [ResolvedFormat], dropping: Set<String> = []) throws {
        self.formats = formats
        for format in formats where !format.isSet {
            golden[format.name] = try VectorCatalog.set(format)?.cases
                .filter { !dropping.contains("\(format.name)/\($0.name)") }
                .map { vector in
                    let (outcomes, value) = Reader.outcomes(
                        format, vector.bytes, context: vector.context)
                    return Golden(vector: vector, outcomes: outcomes, value: value.json)
                }
        }
        guard let set = formats.first(where: \.isSet) else { return }
        sets = try StoreVectors(formats: formats).cases()
            .filter { !dropping.contains("\(set.name)/\($0.name)") }
            .map { vector in
                let outcomes = vector.modes.map { mode in
                    (mode, SetReader(set, formats, vector.files, mode, readings: common).outcome())
                }
                return GoldenSet(
                    vector: vector, outcomes: Dictionary(outcomes) { first, _ in first })
            }
    }

    /// Whether a vector of the format, or of one that uses it, comes out differently.
    func notice(_ change: Change) -> Bool {
        let all = formats.map {
            $0.name == change.format.name ? change.format : $0.description
        }
        let isNoticed = all.contains { one in
            guard
                one.name == change.format.name
                    || one.reading?.uses.contains(change.format.name) == true
            else { return false }
            guard let format = try? ResolvedFormat(one, among: all) else { return true }
            return format.isSet
                ? noticeInSets(format, formats, common.withoutNames) : notice(format)
        }
        return isNoticed || noticeInSets(of: change, among: all)
    }

    private func notice(_ format: ResolvedFormat) -> Bool {
        (golden[format.name] ?? []).contains { golden in
            let (outcomes, value) = Reader.outcomes(
                format, golden.vector.bytes, context: golden.vector.context)
            return golden.outcomes.contains { mode, outcome in
                !(outcomes[mode]?.agrees(with: outcome) ?? false)
            } || value.json != golden.value
        }
    }

    /// Whether a set comes out differently of whose files the changed format is.
    private func noticeInSets(of change: Change, among all: [FormatDescription]) -> Bool {
        guard let set = formats.first(where: \.isSet),
            set.reading.files.contains(where: {
                !$0.rules.all.isEmpty && $0.format == change.format.name
            })
        else { return false }
        guard let changed = try? ResolvedFormat(change.format, among: all) else { return true }
        let formats = formats.map { $0.name == changed.name ? changed : $0 }
        return noticeInSets(set, formats, FileReadings())
    }

    private func noticeInSets(
        _ format: ResolvedFormat, _ formats: [ResolvedFormat], _ readings: FileReadings
    ) -> Bool {
        sets.contains { golden in
            golden.outcomes.contains { mode, outcome in
                let new = SetReader(format, formats, golden.vector.files, mode, readings: readings)
                    .outcome()
                return !new.outcome.agrees(with: outcome.outcome) || new.file != outcome.file
                    || new.value.json != outcome.value.json
            }
        }
    }
}
