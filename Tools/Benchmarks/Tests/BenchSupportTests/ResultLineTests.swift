// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BenchSupport

struct ResultLineTests {
    @Test func fieldsKeepTheirOrder() {
        var line = ResultLine(workload: "w", peer: "p")
        line["count"] = .count(3)
        line["flag"] = .flag(true)
        line["number"] = .number(1.5)
        #expect(line.json == #"{"workload":"w","peer":"p","count":3,"flag":true,"number":1.5}"#)
        line["count"] = .count(4)
        line["flag"] = nil
        #expect(line.json == #"{"workload":"w","peer":"p","count":4,"number":1.5}"#)
    }

    @Test(arguments: [
        (0.0, "0"), (1.0, "1"), (-1.0, "-1"), (0.000_000_4, "0"), (0.003_567_1, "0.003567"),
        (1.0006, "1.001"), (1.05, "1.05"),
        (-2.5, "-2.5"), (123456.7891, "123456.789"), (0.999_999_9, "1"), (1e11, "100000000000"),
        (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
    ])
    func numbersHaveThreeDecimalsAndBelowOneSix(number: Double, text: String) {
        #expect(ResultLine.rounded(number) == text)
    }

    @Test func stringsAreEscaped() {
        #expect(ResultLine.quoted("a\"b\\c\nd\te\u{1}\u{1F}ü") == #""a\"b\\c\nd\te\u0001\u001fü""#)
    }

    @Test func ratesComeFromTimeAndAmount() {
        var line = ResultLine(workload: "w", peer: "p")
        line.setRates(operations: 500, bytes: 1_000_000, nanoseconds: 250_000_000)
        #expect(line["ops_per_s"] == .number(2000))
        #expect(line["mb_per_s"] == .number(4))
        #expect(line["seconds"] == .number(0.25))
    }

    @Test func nothingMeasuredHasNoLatency() {
        var line = ResultLine(workload: "w", peer: "p")
        line.setLatency(LatencyHistogram())
        #expect(line.json == #"{"workload":"w","peer":"p"}"#)
    }
}
