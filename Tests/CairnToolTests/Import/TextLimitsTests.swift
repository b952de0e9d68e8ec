// SPDX-License-Identifier: Apache-2.0

import CairnQuery
import Testing

@testable import CairnTool

/// Each limit of the readers of text that are in the tool: just below, at and just above it, to the byte.
struct TextLimitsTests {
    /// The source gave more than a reader may have looked at.
    private struct ReadOn: Error {}

    // MARK: CSV

    /// What a record of these parts is refused for; nil when it is read.
    private func csv(_ parts: [(byte: Character, count: Int)]) throws -> CSVReader.Malformed? {
        let text = parts.map { String(repeating: $0.byte, count: $0.count) }.joined() + "\nnext"
        var rest = Array(text.utf8)[...]
        var reader = CSVReader { buffer in
            let count = min(buffer.count, rest.count)
            buffer.copyBytes(from: rest.prefix(count))
            rest = rest.dropFirst(count)
            return count
        }
        do {
            let record = try #require(try reader.next())
            #expect(
                record.map(\.text).joined(separator: ",") + "\nnext" == text.filter { $0 != "\"" })
            #expect(try reader.next()?.first?.text == "next")
            return nil
        } catch let error as CSVReader.Malformed {
            return error
        }
    }

    @Test(arguments: [false, true])
    func aRecordOfCSVHas16MiB(isQuoted: Bool) throws {
        let limit = CSVReader.recordByteCountMax
        for size in [limit - 1, limit, limit + 1] {
            let refusal =
                isQuoted
                ? try csv([("\"", 1), ("x", size - 2), ("\"", 1)]) : try csv([("x", size)])
            #expect(refusal?.reason == (size > limit ? .tooLong : nil), "\(size)")
        }
    }

    @Test func aRecordOfCSVHas10000Fields() throws {
        let limit = CSVReader.fieldCountMax
        for count in [limit - 1, limit, limit + 1] {
            let refusal = try csv([(",", count - 1), ("x", 1)])
            #expect(refusal?.reason == (count > limit ? .tooManyFields : nil), "\(count)")
        }
    }

    // MARK: Package lists

    private func stanza(_ text: String) throws -> MalformedInput? {
        var reader = ControlStanzaReader(chunkByteCount: 1 << 16, bytes: Array(text.utf8))
        var stanza = ControlStanza()
        do {
            while try reader.next(&stanza) {}
            return nil
        } catch let error as MalformedInput {
            return error
        }
    }

    @Test func aStanzaHas4MiB() throws {
        let limit = ControlStanzaReader.stanzaByteCountMax
        let line = "A: " + String(repeating: "x", count: 1 << 20) + "\n"
        for size in [limit - 1, limit, limit + 1] {
            let rest = size - 3 * line.utf8.count
            let text =
                line + line.replacing("A", with: "B") + line.replacing("A", with: "C") + "D: "
                + String(repeating: "x", count: rest - 4) + "\n"
            #expect(text.utf8.count == size)
            let refusal = try stanza(text)
            #expect(
                (refusal != nil) == (size > limit), "\(size): \(refusal.map { "\($0)" } ?? "read")")
        }
    }

    @Test func aLineOfAStanzaIsNotGatheredWithoutEnd() throws {
        let limit = ControlStanzaReader.stanzaByteCountMax
        var given = 0
        var reader = ControlStanzaReader(chunkByteCount: 1 << 16) { buffer in
            guard given < 4 * limit else { throw ReadOn() }
            for index in buffer.indices { buffer[index] = 0x78 }
            given += buffer.count
            return buffer.count
        }
        var stanza = ControlStanza()
        #expect(throws: MalformedInput.self) { _ = try reader.next(&stanza) }
        // The buffer doubles, and is filled.
        #expect(given <= 2 * limit + (2 << 16))
    }

    @Test func aStanzaHas512Fields() throws {
        let limit = ControlStanzaReader.fieldCountMax
        for count in [limit - 1, limit, limit + 1] {
            let refusal = try stanza((1...count).map { "X\($0): 1\n" }.joined())
            #expect((refusal != nil) == (count > limit), "\(count)")
        }
    }

    // MARK: Parameters

    /// A parameter that nests deeper than a query may is no JSON value, so it is a text.
    @Test func aParameterNests100Times() {
        let limit = QueryValue.nestingCountMax
        for depth in [limit - 1, limit, limit + 1] {
            let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            let isText = if case .string = QueryParameter.value(of: text) { true } else { false }
            #expect(isText == (depth > limit), "\(depth)")
        }
    }
}
