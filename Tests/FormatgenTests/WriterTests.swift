// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter
import Testing

@testable import formatgen

/// Values are written again by the declaration alone, without what it determines.
struct WriterTests {
    /// Formats whose values have many encodings: different streams inflate to the same.
    private static let withManyEncodings = ["compressed-batch"]
    /// Those, and the ones of which a part may be compressed.
    private static let inflating =
        withManyEncodings + [
            "snapshot", "GraphSnapshot", "program", "timeline", "backup-manifest", "archive-record",
        ]

    /// Formats whose value is put together from parts, which may end anywhere in it.
    private static let inParts = ["timeline", "backup-manifest", "archive-record"]

    /// Formats of single files that have one encoding.
    private static let formats = FormatCatalog.formats.filter {
        $0.reading?.files.isEmpty == true && !(withManyEncodings + inParts).contains($0.name)
    }.map(\.name)

    private func format(_ name: String) throws -> ResolvedFormat {
        try #require(try FormatCatalog.resolved(name, for: []))
    }

    private func set(_ format: ResolvedFormat) throws -> VectorSet {
        try #require(try VectorCatalog.set(format))
    }

    private func value(_ bytes: [UInt8], _ format: ResolvedFormat) throws -> DynamicValue {
        try Reader(format, bytes).readRoot()
    }

    private func good(_ name: String, _ format: ResolvedFormat) throws -> [UInt8] {
        try #require(try set(format).cases.first { $0.name == name }).bytes
    }

    /// Zeros behind the end belong to no value.
    private func writer(_ format: ResolvedFormat, _ vector: VectorCase) -> Writer {
        Writer(format, byteCount: format.reading.tail == nil ? 0 : vector.bytes.count)
    }

    // MARK: Vectors

    @Test(arguments: formats)
    func everyValidInputIsWrittenAgain(_ name: String) throws {
        let format = try format(name)
        var count = 0
        for vector in try set(format).cases
        where vector.expected == nil && !vector.isDecodeOnly(format) {
            let value = try Reader(format, vector.bytes).readRoot(vector.context)
            let written = try writer(format, vector).write(value, context: vector.context)
            #expect(written == vector.bytes, "\(vector.name)")
            count += 1
        }
        #expect(count > 0)
    }

    @Test(arguments: formats)
    func whatIsDeterminedMayBeWrongInTheValue(_ name: String) throws {
        let format = try format(name)
        for vector in try set(format).cases
        where vector.expected == nil && !vector.isDecodeOnly(format) {
            let value = try Reader(format, vector.bytes).readRoot(vector.context)
            let writer = writer(format, vector)
            _ = try writer.write(value, context: vector.context)
            let wrong = spoiled(value, at: [], writer.determined)
            let written = try self.writer(format, vector).write(wrong, context: vector.context)
            #expect(written == vector.bytes, "\(vector.name)")
        }
    }

    /// The value with something else in place of all that is determined.
    private func spoiled(
        _ value: DynamicValue, at place: [String], _ determined: [[String]: DynamicValue]
    ) -> DynamicValue {
        if determined[place] != nil { return .text("spoiled") }
        switch value {
        case .object(var object):
            for index in object.members.indices {
                let member = object.members[index]
                object.members[index].value = spoiled(
                    member.value, at: place + [member.name], determined)
            }
            return .object(object)
        case .list(let list):
            return .list(
                list.enumerated().map { spoiled($1, at: place + ["\($0)"], determined) })
        default: return value
        }
    }

    @Test func onlyWhatIsInflatedHasManyEncodings() throws {
        for format in try FormatCatalog.resolved() where format.reading.files.isEmpty {
            #expect(
                format.inflations.isEmpty != Self.inflating.contains(format.name), "\(format.name)")
        }
        let format = try format("compressed-batch")
        let vector = try #require(try set(format).cases.first { $0.expected == nil })
        let value = try Reader(format, vector.bytes).readRoot(vector.context)
        #expect(throws: WritingFailure.self) {
            try Writer(format).write(value, context: vector.context)
        }
    }

    // MARK: What is determined

    private func determined(_ name: String, of format: String) throws -> Set<String> {
        let format = try self.format(format)
        let writer = Writer(format)
        _ = try writer.write(try value(try good(name, format), format))
        return Set(writer.determined.keys.compactMap { $0.last { Int($0) == nil } })
    }

    @Test func allOfASegmentButItsContentIsDetermined() throws {
        let names = try determined("sealed", of: "segment")
        #expect(
            names == [
                "magic", "checksum", "headerChecksum", "predecessorLastLSN", "lsn", "reserved",
                "payloadByteCount", "padding", "payloadChecksum", "frameCount", "baseLSN",
                "lastLSN", "byteCount", "chain",
            ])
    }

    @Test func allOfASnapshotButItsRecordsIsDetermined() throws {
        let names = try determined("three-sections", of: "snapshot")
        #expect(
            names == [
                "magic", "checksum", "reserved", "headerChecksum", "sectionCount", "chunkCount",
                "firstOffset", "byteCountOfChunks", "recordCount", "digest", "footerOffset",
                "footerByteCount", "endMagic", "section", "number", "payloadByteCount",
                "payloadChecksum",
            ])
    }

    @Test func countsOfAGraphAreDetermined() throws {
        let names = try determined("rules", of: "GraphSnapshot")
        #expect(
            names.isSuperset(of: ["version", "numbers", "keyCount", "propertyCount", "labelCount"]))
    }

    // MARK: Other values

    @Test func aLongerRecordMovesEverythingBehindIt() throws {
        let format = try format("snapshot")
        func file(_ record: [UInt8]) -> [UInt8] {
            var forge = SnapshotForge([
                .init(1, [[1, 2, 3], record]), .init(2, [[4]]), .init(3, []),
            ])
            return format.repaired(forge.raw())
        }
        let short: [UInt8] = [1, 2, 3, 9]
        let long: [UInt8] = [1, 2, 3] + [UInt8](repeating: 7, count: 300)
        let changed = replacing(.bytes(short), with: .bytes(long), in: try value(file([9]), format))
        #expect(try Writer(format).write(changed) == file(Array(long.dropFirst(3))))
    }

    @Test func symbolsAreNumberedByTheirPlaces() throws {
        let format = try format("GraphEvents")
        let symbols = ["a", "b", "c"]
        // A label is added: the node, then the number of the symbol.
        let value = try value(Bytes.batch(symbols, [[3, 0, 1]]), format)
        guard case .object(var object) = value else {
            Issue.record("a batch is no object")
            return
        }
        let index = try #require(object.members.firstIndex { $0.name == "events" })
        let events = object.members[index].value
        object.members[index].value = replacing(.text("b"), with: .text("c"), in: events)
        #expect(try Writer(format).write(.object(object)) == Bytes.batch(symbols, [[3, 0, 2]]))
        object.members[index].value = replacing(.text("b"), with: .text("d"), in: events)
        #expect(throws: WritingFailure.self) { try Writer(format).write(.object(object)) }
    }

    @Test func whatDoesNotReadIsNotWritten() throws {
        let format = try format("batch")
        let value = try value(Bytes.batch(["a", "b"], [[1]]), format)
        let twice = replacing(.text("b"), with: .text("a"), in: value)
        let error = #expect(throws: WritingFailure.self) { try Writer(format).write(twice) }
        #expect(error?.description == "batch: what was written breaks symbolOnce at 3")
    }

    @Test func aFieldThatNothingTellsIsNamed() throws {
        let format = try format("segment")
        guard case .object(var object) = try value(SegmentVectors.twoTransactions(), format),
            case .object(var header)? = object["header"]
        else {
            Issue.record("a segment is no object")
            return
        }
        header.members.removeAll { $0.name == "logID" }
        object.members[0].value = .object(header)
        let error = #expect(throws: WritingFailure.self) {
            try Writer(format).write(.object(object))
        }
        #expect(error?.description == "segment: nothing says what header.logID is")
    }

    /// The value with something else in place of each such part of it.
    private func replacing(
        _ old: DynamicValue, with new: DynamicValue, in value: DynamicValue
    ) -> DynamicValue {
        if value == old { return new }
        switch value {
        case .object(var object):
            for index in object.members.indices {
                object.members[index].value = replacing(
                    old, with: new, in: object.members[index].value)
            }
            return .object(object)
        case .list(let list): return .list(list.map { replacing(old, with: new, in: $0) })
        default: return value
        }
    }
}
