// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter
import Testing

@testable import formatgen

/// What happens when someone changes a constant of a format: the description changes, and it no longer
/// agrees with the codec.
struct ChangedConstantTests {
    /// The coded-value format with one formula, limit or tag changed.
    private func changed(
        _ name: String, _ change: (FormatDescription) -> FormatDescription
    ) throws -> ResolvedFormat {
        let all = FormatCatalog.formats.map { $0.name == name ? change($0) : $0 }
        let description = try #require(all.first { $0.name == name })
        return try ResolvedFormat(description, among: all)
    }

    private func original(_ name: String) throws -> ResolvedFormat {
        try #require(try FormatCatalog.resolved(name, for: []))
    }

    @Test func aLimitThatDiffersIsSeenInTheDescriptionAndByTheVectors() throws {
        let format = try changed("coded-value") { old in
            FormatDescription(
                old.name, old.meaning, layouts: old.layouts, tags: old.tags,
                limits: old.limits.map { LimitDescription($0.name, $0.value + 1, $0.meaning) },
                rules: old.rules, reading: old.reading)
        }
        #expect(format.json.text != (try original("coded-value").json.text))
        let set = try #require(try VectorCatalog.set(format))
        #expect(!VectorFile(format, set.withoutSweeps).disagreements.isEmpty)
    }

    @Test func aTagThatDiffersIsSeenInTheDescriptionAndByTheVectors() throws {
        let format = try changed("segment") { old in
            let tags = old.tags.map { table in
                (
                    name: table.name,
                    values: table.values.map { tag in
                        tag.name == "segmentSeal"
                            ? TagDescription(99, tag.name, tag.meaning, attributes: tag.attributes)
                            : tag
                    }
                )
            }
            return FormatDescription(
                old.name, old.meaning, layouts: old.layouts, tags: tags, limits: old.limits,
                rules: old.rules, reading: old.reading)
        }
        #expect(format.json.text != (try original("segment").json.text))
        let set = try #require(try VectorCatalog.set(format))
        #expect(!VectorFile(format, set.withoutSweeps).disagreements.isEmpty)
    }

    @Test func aLayoutThatDiffersIsSeenByTheVectors() throws {
        // The two numbers of the frame header change places.
        let format = try changed("segment") { old in
            let reading = old.reading!
            let types = reading.types.map { type in
                type.name != "frameHeader"
                    ? type
                    : TypeDescription(
                        type.name, type.meaning, parameters: type.parameters,
                        type.steps.map { step in
                            guard case .layout(let layout, _) = step else { return step }
                            return .layout(swapped(layout))
                        })
            }
            return FormatDescription(
                old.name, old.meaning, layouts: old.layouts, tags: old.tags, limits: old.limits,
                rules: old.rules,
                reading: Reading(
                    root: reading.root, context: reading.context, types: types,
                    delivers: reading.delivers, unknownTags: reading.unknownTags,
                    version: reading.version, tail: reading.tail, canonical: reading.canonical,
                    allocation: reading.allocation))
        }
        let set = try #require(try VectorCatalog.set(format))
        #expect(!VectorFile(format, set.withoutSweeps).disagreements.isEmpty)
    }

    private func swapped(_ layout: BinaryLayout) -> BinaryLayout {
        let names = ["lsn": "relatedLSN", "relatedLSN": "lsn"]
        return BinaryLayout(
            layout.name, byteCount: layout.byteCount, layout.meaning,
            fields: layout.fields.map {
                FieldDescription(
                    name: names[$0.name] ?? $0.name, offset: $0.offset, byteCount: $0.byteCount,
                    type: $0.type, meaning: $0.meaning)
            })
    }

    @Test func aValueThatDoesNotHoldItsBytesIsNoticed() throws {
        // A checksum alone: nothing could be written from it.
        let format = try changed("crc32c") { old in
            let reading = old.reading!
            let types = reading.types.map {
                TypeDescription(
                    $0.name, $0.meaning, parameters: $0.parameters,
                    result: "object('checksum', crc32c(bytes, seed))", $0.steps)
            }
            return FormatDescription(
                old.name, old.meaning, layouts: [], rules: old.rules,
                reading: Reading(
                    root: reading.root, context: reading.context, types: types,
                    delivers: reading.delivers, canonical: reading.canonical,
                    allocation: reading.allocation))
        }
        let set = try #require(try VectorCatalog.set(format))
        let sentences = VectorFile(format, set.withoutSweeps).disagreements.map(\.sentence)
        #expect(
            sentences.contains(
                "it cannot be written again: crc32c: nothing says what bytes is"))
    }

    @Test func aMissingCheckIsNoticed() throws {
        let format = try changed("batch") { old in
            let reading = old.reading!
            let types = reading.types.map { type in
                TypeDescription(
                    type.name, type.meaning, parameters: type.parameters, result: type.result,
                    type.steps.filter { step in
                        if case .check(let check) = step { check.id != "symbolOnce" } else { true }
                    })
            }
            return FormatDescription(
                old.name, old.meaning, layouts: [], rules: old.rules,
                reading: Reading(
                    root: reading.root, types: types, delivers: reading.delivers,
                    canonical: reading.canonical, allocation: reading.allocation))
        }
        let set = try #require(try VectorCatalog.set(format))
        #expect(!VectorFile(format, set.withoutSweeps).disagreements.isEmpty)
    }
}

extension VectorSet {
    /// The cases alone.
    var withoutSweeps: VectorSet { VectorSet(format: format, cases: cases, sweeps: []) }
}
