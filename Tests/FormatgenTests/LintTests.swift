// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnFormats
import CairnInterpreter
import CairnSegments
import CairnSnapshot
import Testing

struct LintTests {
    private func defects(_ steps: [Step], limits: [LimitDescription] = []) throws -> [String] {
        let description = FormatDescription(
            "sample", "A sample.", layouts: [], limits: limits,
            reading: Reading(
                root: "sample", types: [TypeDescription("sample", "A sample.", steps)],
                delivers: "nothing", canonical: "One form.", allocation: "size"))
        return try ResolvedFormat(description, among: [description]).defects
    }

    @Test func everyLayoutIsSound() {
        for format in FormatCatalog.formats {
            for layout in format.layouts { #expect(layout.defects == []) }
        }
        #expect(SnapshotFormat.format.layouts.count == 9)
    }

    @Test func kindsOfFramesHaveOneName() throws {
        let kinds = try #require(SegmentLayout.format.tags.first { $0.name == "kind" }).values
        for kind in kinds {
            let byte = try #require(UInt8(exactly: kind.value))
            #expect("\(FrameKind(rawValue: byte))" == kind.name)
        }
        #expect(kinds.count == 11)
    }

    private let count = Step.field("byteCount", .unsigned(byteCount: 4), "How many bytes.")
    private let sum = Step.field("sum", .unsigned(byteCount: 4), "Their checksum.")
    private let bytes = Step.field("bytes", .bytes("byteCount"), "The bytes.")
    private let check = Step.check(
        Check(
            "sum", checksum: "sum", from: "start", to: "start + 4", covers: ["byteCount"],
            FormatError.Code.badChecksum.errorClass, at: "start", "The checksum holds."))

    @Test func aLengthThatIsUsedAfterItsChecksumIsSound() throws {
        #expect(try defects([count, sum, check, bytes]) == [])
    }

    @Test func aLengthThatIsUsedBeforeItsChecksumIsADefect() throws {
        #expect(
            try defects([count, sum, bytes, check])
                == ["sample.sample: byteCount is used as a length before sum is checked"])
    }

    @Test func aNodeWithoutAMeaningIsADefect() throws {
        #expect(
            try defects([.field("byteCount", .varint, "")])
                == ["sample.sample.byteCount has no meaning"])
    }

    @Test func aNameThatNothingDefinesIsADefect() throws {
        #expect(
            try defects([.field("bytes", .bytes("many"), "The bytes.")])
                == ["sample.sample: nothing is called many"])
    }

    @Test func aLimitThatNothingChecksIsADefect() throws {
        let limit = LimitDescription("byteCountMax", 9, "Bytes.")
        #expect(
            try defects([count], limits: [limit])
                == ["sample: nothing checks the limit byteCountMax"])
        let check = Check(
            "few", "byteCount <= byteCountMax", FormatError.Code.limitExceeded.errorClass,
            "There are few.")
        #expect(try defects([count, .check(check)], limits: [limit]) == [])
    }

    @Test func aTableWithoutAPolicyIsADefect() throws {
        #expect(
            try defects([.select("1", table: "kind", at: "0", cases: [])])
                == ["sample: nothing is said of unknown tags of kind"])
    }

    @Test func aFormulaThatDoesNotFollowTheGrammarIsRefused() {
        #expect(throws: (any Error).self) { try defects([.define("x", "1 +", "Nothing.")]) }
        #expect(throws: (any Error).self) { try defects([.define("x", "f(1)", "Nothing.")]) }
    }
}
