// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnTool

struct ControlStanzaReaderTests {
    /// What the reader makes of a text: the fields looked for, stanza by stanza.
    private func read(
        _ text: String, fields: [String], chunkByteCount: Int = 7
    ) throws -> [[String: String]] {
        var reader = ControlStanzaReader(chunkByteCount: chunkByteCount, bytes: Array(text.utf8))
        var stanza = ControlStanza()
        var result: [[String: String]] = []
        while try reader.next(&stanza) {
            var values: [String: String] = [:]
            for field in fields { values[field] = stanza.text(.init(field)) }
            result.append(values)
        }
        return result
    }

    private func problem(_ bytes: [UInt8], chunkByteCount: Int = 5) -> MalformedInput? {
        var reader = ControlStanzaReader(
            chunkByteCount: chunkByteCount, isStrict: true, bytes: bytes)
        var stanza = ControlStanza()
        do {
            while try reader.next(&stanza) {}
            return nil
        } catch {
            return error as? MalformedInput
        }
    }

    static let texts: [(String, [[String: String]])] = [
        ("", []),
        ("\n \n\t\n", []),
        ("# only a comment\n", []),
        ("Package: a\n", [["Package": "a"]]),
        ("Package: a", [["Package": "a"]]),
        ("package:a\r\nVERSION:\t1 \r\n", [["Package": "a", "Version": "1"]]),
        ("\n\nPackage: a\n\n\nPackage: b\n\n", [["Package": "a"], ["Package": "b"]]),
        ("Package: a\n  \t\nPackage: b", [["Package": "a"], ["Package": "b"]]),
        ("Package: a\r\n\r\nPackage: b\r\n", [["Package": "a"], ["Package": "b"]]),
        ("Package : a\nVersion:\n", [["Package": "a"]]),
        ("Package: a\n# no end\nVersion: 1\n", [["Package": "a", "Version": "1"]]),
        ("Package: a\nVersion: x:y #z\n", [["Package": "a", "Version": "x:y #z"]]),
        ("Version: 1\n 2\n# gone\n\t3\nPackage: a\n", [["Package": "a", "Version": "1\n 2\n\t3"]]),
        ("Package: a\nVersion:\n 1\n", [["Package": "a", "Version": "\n 1"]]),
        ("Package: ä\n", [["Package": "ä"]]),
        // A line of blanks stands within a folded field.
        ("Package: a\nX: 1\n b\n \n c\nVersion: 1\n", [["Package": "a", "Version": "1"]]),
        (
            "Package: a\nX:\n b\n \t\r\n \nVersion: 1\n\nPackage: b",
            [["Package": "a", "Version": "1"], ["Package": "b"]]
        ),
        ("Package: a\n b\n \n\nVersion: 1\n", [["Package": "a\n b"], ["Version": "1"]]),
        // But it ends a stanza where the next one begins.
        (
            "Package: a\nVersion: 1\n  \n# c\npackage: b\nVersion: 2",
            [["Package": "a", "Version": "1"], ["Package": "b", "Version": "2"]]
        ),
        ("\u{feff}Package: a\n", [["Package": "a"]]),
        ("\u{feff}\nPackage: a\n", [["Package": "a"]]),
    ]

    @Test(arguments: texts)
    func readsStanzas(text: String, expected: [[String: String]]) throws {
        for chunkByteCount in 1...(text.utf8.count + 1) {
            let stanzas = try read(
                text, fields: ["Package", "Version"], chunkByteCount: chunkByteCount)
            #expect(stanzas == expected, "chunks of \(chunkByteCount)")
        }
    }

    static let malformed: [(String, MalformedInput)] = [
        ("Package: a\nno colon here\n", .init(.missingColon, line: 2)),
        ("Package: a\n\nPackage", .init(.missingColon, line: 3)),
        ("Package: a\n: value\n", .init(.emptyFieldName, line: 2)),
        ("Package: a\nN\u{fc}: value\n", .init(.invalidFieldName, line: 2)),
        ("Package: a\nN\u{1}: value\n", .init(.invalidFieldName, line: 2)),
        (" b\nPackage: a\n", .init(.continuationWithoutField, line: 1)),
        ("Package: a\n\n\n# c\n\tb\n", .init(.continuationWithoutField, line: 5)),
        (
            "Package: a\nVersion: 1\nvERSION: 2\n",
            .init(.duplicateField, line: 3, field: "vERSION")
        ),
    ]

    @Test(arguments: malformed)
    func refusesMalformedTextWithItsLine(text: String, expected: MalformedInput) {
        for chunkByteCount in [1, 3, 64] {
            #expect(problem(Array(text.utf8), chunkByteCount: chunkByteCount) == expected)
        }
    }

    @Test func refusesInvalidUTF8WithItsLine() {
        let bytes =
            Array("Package: a\nDescription: b\n# c\n d\n x".utf8) + [0xff] + Array("y\n".utf8)
        #expect(problem(bytes) == MalformedInput(.invalidUTF8, line: 5))
        #expect(problem(Array("Package: a".utf8) + [0xc3]) == MalformedInput(.invalidUTF8, line: 1))
    }

    /// Maintainers of old releases wrote Latin-1.
    @Test func replacesInvalidUTF8AndCountsIt() throws {
        let bytes =
            Array("Package: a\nMaintainer: J".utf8) + [0xf6] + Array("rg\nX: \u{fffd}\n y".utf8)
            + [0xc3] + Array("\n z\nVersion: 1\n\nPackage: b\nVersion: ".utf8) + [0xff]
        for chunkByteCount in [1, 9, 400] {
            var reader = ControlStanzaReader(chunkByteCount: chunkByteCount, bytes: bytes)
            var stanza = ControlStanza()
            #expect(try reader.next(&stanza))
            #expect(stanza.text(.init("Package")) == "a")
            #expect(stanza.text(.init("Maintainer")) == "J\u{fffd}rg")
            #expect(stanza.text(.init("X")) == "\u{fffd}\n y\u{fffd}\n z")
            #expect(stanza.text(.init("Version")) == "1")
            let range = try #require(stanza.range(of: .init("version")))
            #expect(stanza.line(at: range.lowerBound) == 6)
            #expect(try reader.next(&stanza))
            #expect(stanza.text(.init("Version")) == "\u{fffd}")
            #expect(try !reader.next(&stanza))
            #expect(reader.replacementCount == 3)
            #expect(reader.firstReplacementLine == 2)
        }
    }

    @Test func refusesStanzasAboveTheLimit() {
        let line = "Description: " + String(repeating: "x", count: 1 << 20) + "\n"
        let continuations = String(
            repeating: " " + String(repeating: "y", count: 1000) + "\n", count: 4000)
        let tooLong = "\n\nPackage: a\n" + line + continuations
        #expect(
            problem(Array(tooLong.utf8), chunkByteCount: 1 << 16)
                == MalformedInput(.stanzaTooLong, line: 3))
        let oneLine = [UInt8](repeating: 0x78, count: ControlStanzaReader.stanzaByteCountMax * 2)
        #expect(
            problem(Array("Package: a\n\n".utf8) + oneLine, chunkByteCount: 1 << 16)
                == MalformedInput(.stanzaTooLong, line: 3))
        let twoStanzas =
            "Package: a\n" + line + line.replacing("Description", with: "X")
        #expect(problem(Array((twoStanzas + "\n" + twoStanzas).utf8), chunkByteCount: 4096) == nil)
    }

    @Test func blankLinesAndCommentsBeforeAStanzaDoNotCountTowardsItsLimit() {
        let blanks = [UInt8](repeating: 0x0a, count: ControlStanzaReader.stanzaByteCountMax + 10)
        #expect(problem(blanks + Array("Package: a\n".utf8), chunkByteCount: 1 << 16) == nil)
    }

    @Test func refusesTooManyFields() {
        let count = ControlStanzaReader.fieldCountMax
        let fields = (1...count).map { "X\($0): 1\n" }.joined()
        #expect(problem(Array(fields.utf8)) == nil)
        #expect(
            problem(Array((fields + "Y: 1\n").utf8))
                == MalformedInput(.tooManyFields, line: count + 1))
    }

    @Test func knowsTheLineOfEveryByte() throws {
        let text = "\nPackage: a\n# c\nDepends: b,\n c,\n# d\n e\n"
        var reader = ControlStanzaReader(bytes: Array(text.utf8))
        var stanza = ControlStanza()
        #expect(try reader.next(&stanza))
        let range = try #require(stanza.range(of: .init("depends")))
        #expect(String(decoding: stanza.bytes[range], as: UTF8.self) == "b,\n c,\n e")
        #expect(range.map { stanza.line(at: $0) } == [4, 4, 4, 5, 5, 5, 5, 7, 7])
        #expect(stanza.firstLine == 2)
        #expect(reader.byteCount == text.utf8.count)
    }

    static let numbers: [(String, Int64?)] = [
        ("0", 0), ("0042", 42), ("9223372036854775807", .max),
        ("9223372036854775808", nil), ("99999999999999999999", nil), ("", nil), ("-1", nil),
        ("+1", nil), ("1.5", nil), ("1 2", nil), ("0x1", nil), ("1\n 2", nil),
    ]

    @Test(arguments: numbers)
    func readsNumbersStrictly(text: String, expected: Int64?) throws {
        var reader = ControlStanzaReader(bytes: Array("Package: a\nSize: \(text)\n".utf8))
        var stanza = ControlStanza()
        #expect(try reader.next(&stanza))
        if let expected {
            #expect(try stanza.integer(.init("Size")) == expected)
        } else {
            #expect(throws: MalformedInput(.notAnInteger, line: 2, field: "Size")) {
                try stanza.integer(.init("Size"))
            }
        }
        #expect(try stanza.integer(.init("Other")) == nil)
    }

    @Test func handsOnTheErrorOfItsSource() {
        struct Broken: Error {}
        var reader = ControlStanzaReader { _ in throw Broken() }
        var stanza = ControlStanza()
        #expect(throws: Broken.self) { try reader.next(&stanza) }
    }
}

extension ControlStanzaReader {
    /// A reader of bytes in memory.
    init(chunkByteCount: Int = 16, isStrict: Bool = false, bytes: [UInt8]) {
        var rest = bytes[...]
        self.init(chunkByteCount: chunkByteCount, isStrict: isStrict) { buffer in
            let part = rest.prefix(buffer.count)
            rest = rest.dropFirst(part.count)
            buffer.copyBytes(from: part)
            return part.count
        }
    }
}
