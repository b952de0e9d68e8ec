// SPDX-License-Identifier: Apache-2.0

import CairnFormats
import CairnInterpreter
import Testing

@testable import formatgen

/// That the measure of the vectors sees what a vector is there for.
struct ChangeAdequacyTests {
    private static let formats = (try? FormatCatalog.resolved()) ?? []

    private func change(_ format: String, _ start: String) throws -> Change {
        let resolved = try #require(Self.formats.first { $0.name == format })
        return try #require(Change.all(resolved).first { $0.label.hasPrefix(start) }, "\(start)")
    }

    /// A change, and the vectors without which it is not noticed.
    private static let needed: [(format: String, change: String, vectors: Set<String>)] = [
        (
            "segment", "kind.transactionBegin: carriesWatermark of 0",
            ["watermark-by-begin", "watermark-40-bytes-on"]
        ),
        ("segment", "kind.checkpoint: carriesWatermark of 1", ["no-watermark-by-checkpoint"]),
        ("segment", "laterWatermark: every 4 bytes", ["watermark-44-bytes-on"]),
        (
            "segment", "flippedPayloadBit: unless never",
            ["flipped-bit-of-a-zero-sector", "flipped-last-bit-of-a-frame", "torn-sector"]
        ),
        (
            "segment", "flippedHeaderBit: unless never",
            [
                "flipped-header-before-zeros", "flipped-header-in-a-zero-part",
                "flipped-header-of-a-zero-sector",
            ]
        ),
    ]

    @Test(arguments: needed.indices)
    func aChangeIsNoticedByItsVectorAlone(_ index: Int) throws {
        let (format, start, vectors) = Self.needed[index]
        let change = try change(format, start)
        #expect(try GoldenOutcomes(Self.formats).notice(change), "\(start)")
        let without = try GoldenOutcomes(
            Self.formats, dropping: Set(vectors.map { "\(format)/\($0)" }))
        #expect(!without.notice(change), "\(start) is noticed by other vectors, too")
    }

    @Test func everyConditionOfEveryProofIsChanged() throws {
        let segment = try #require(Self.formats.first { $0.name == "segment" })
        let labels = Change.all(segment).map(\.label)
        for proof in segment.reading.tail?.proofs ?? [] {
            switch proof.search {
            case .later: #expect(labels.contains("\(proof.id): when always"))
            case .flip:
                #expect(labels.contains("\(proof.id): when always"))
                #expect(labels.contains("\(proof.id): unless never"))
                #expect(labels.contains { $0.hasPrefix("\(proof.id): extent ") })
            case .flipUnder:
                #expect(labels.contains("\(proof.id): unless never"))
                #expect(labels.contains { $0.hasPrefix("\(proof.id): extent ") })
            }
        }
    }

    @Test func aFormulaIsWrittenAsItReads() throws {
        for format in Self.formats {
            for formula in format.reachableSteps.flatMap(\.formulas) {
                let expression = try Expression(formula)
                #expect(try Expression(expression.formula) == expression, "\(formula)")
            }
        }
    }
}
