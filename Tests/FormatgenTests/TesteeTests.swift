// SPDX-License-Identifier: Apache-2.0

import CAllocationMeter
import CairnFormats
import CairnInterpreter
import Foundation
import Testing

@testable import formatgen

/// The shipped code as a testee, and how much it allocates.
struct TesteeTests {
    private func answer(_ line: String) throws -> [String: Any] {
        let text = try Testee.answer(to: line)
        #expect(!text.contains("\n"))
        return try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func itGreets() throws {
        let greeting = try answer(#"{"protocol": 1}"#)
        #expect(greeting["protocol"] as? Int == 1)
        #expect((greeting["formats"] as? [String])?.contains("store") == true)
    }

    @Test func itAnswersForEachMode() throws {
        let bytes = (try SegmentVectors.twoTransactions() + [1, 2, 3, 4, 5, 6, 7]).hex
        let answer = try answer(
            #"{"id": 9, "format": "segment", "modes": ["strict", "recover"], "bytes": "\#(bytes)"}"#
        )
        let outcomes = try #require(answer["outcomes"] as? [String: [String: Any]])
        #expect(answer["id"] as? Int == 9)
        #expect(outcomes["strict"]?["error"] as? String == "truncated")
        #expect(
            outcomes["recover"]?["truncateTo"] as? Int
                == (try SegmentVectors.twoTransactions().count))
    }

    @Test func theMeterCounts() {
        guard meter_works() else { return }
        let (_, none) = Testee.metered { 1 }
        let (count, some) = Testee.metered { [UInt8](repeating: 7, count: 100_000).count }
        #expect(count == 100_000)
        #expect(none < 1000)
        #expect(some >= 100_000 && some < 110_000)
        // What is freed counts no more.
        let (_, twice) = Testee.metered {
            for byte: UInt8 in 1...2 { #expect([UInt8](repeating: byte, count: 100_000).count > 0) }
        }
        #expect(twice < 190_000)
    }

    /// The most that the shipped code holds while it reads an input.
    private func held(_ format: String, _ vector: VectorCase) -> Int {
        Testee.metered { ProductionReader.outcomes(format, vector.bytes, vector.context) }.1
    }

    @Test func noVectorTakesMoreThanItsCap() throws {
        guard meter_works() else { return }
        for format in try FormatCatalog.resolved() {
            guard let set = try VectorCatalog.set(format) else { continue }
            for vector in set.cases {
                let cap = format.allocationCap(inputByteCount: vector.bytes.count, vector.context)
                let found = held(format.name, vector)
                #expect(found <= cap, "\(format.name)/\(vector.name): \(found) of \(cap)")
            }
        }
    }

    @Test func aLengthOfTwoToThe32TakesNoMoreThanNone() throws {
        guard meter_works() else { return }
        let format = try #require(try FormatCatalog.resolved("segment", for: []))
        let cases = try #require(try VectorCatalog.set(format)).cases
        let plain = try #require(cases.first { $0.name == "one-transaction" })
        let usual = held("segment", plain)
        #expect(usual > 0)
        for name in [
            "payload-2-32", "payload-2-31", "payload-at-limit", "uncompressed-above-limit",
        ] {
            let vector = try #require(cases.first { $0.name == name })
            #expect(held("segment", vector) <= usual + 4096, "\(name)")
        }
    }

    @Test func aBombOf64MiBIsRefusedBeforeAnythingIsAllocated() throws {
        guard meter_works() else { return }
        // 64 MiB of zeros in 64 KB, as a frame that says so and as a stream that does not.
        let segment = try #require(try FormatCatalog.resolved("segment", for: []))
        let inFrame = try #require(
            VectorCatalog.set(segment)?.cases.first { $0.name == "bomb-ratio" })
        #expect(inFrame.bytes.count > 65_536)
        #expect(held("segment", inFrame) < 1 << 20)
        let stream = CompressedBatchVectors.zeros(64 << 20)
        #expect(stream.count < 1 << 20)
        for declared in [0, 1, 1 << 16] {
            let bomb = VectorCase(
                "bomb", .bomb, expect: "decompressionFailed", stream,
                context: ["uncompressedByteCount": .int(Int128(declared))], "")
            let outcomes = ProductionReader.outcomes("compressed-batch", stream, bomb.context)
            #expect(outcomes[.strict]?.error?.name == "decompressionFailed", "\(declared)")
            #expect(held("compressed-batch", bomb) < 1 << 20, "\(declared)")
        }
    }
}
