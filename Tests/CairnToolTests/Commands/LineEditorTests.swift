// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

@testable import CairnTool

/// What is typed at the shell, without a terminal.
struct LineEditorTests {
    /// What is in the line after keys, given as the bytes of a terminal.
    private func line(_ bytes: String) -> (text: String, cursor: Int) {
        var rest = Array(bytes.utf8)[...]
        var buffer = LineBuffer()
        while let key = Key.read({ rest.popFirst() }) { buffer.apply(key) }
        return (buffer.text, buffer.cursor)
    }

    @Test(arguments: [
        ("abc", "abc", 3), ("abc\u{7f}", "ab", 2), ("abc\u{1b}[D\u{1b}[Dx", "axbc", 2),
        ("abc\u{1}x\u{5}y", "xabcy", 5), ("one two  \u{17}", "one ", 4), ("abc\u{1}\u{b}", "", 0),
        ("abc\u{1b}[D\u{15}", "c", 0), ("é🏔\u{8}", "é", 1), ("abc\u{1}\u{1b}[3~", "bc", 0),
        ("a\u{1b}[99;5~b\u{1b}x", "ab", 2), ("\u{1b}[D\u{7f}", "", 0), ("a\u{202e}b\u{7}", "ab", 2),
        ("ab\u{1b}[H\u{1b}[Cx\u{1b}[F", "axb", 3),
    ])
    func keysChangeTheLine(_ bytes: String, _ text: String, _ cursor: Int) {
        #expect(line(bytes) == (text, cursor))
    }

    @Test func brokenBytesAreNoKeys() {
        for bytes in [[0xff], [0xe2, 0x82], [0x1b], [0x1b, 0x5b], [0x80, 0x41]] as [[UInt8]] {
            var rest = bytes[...]
            while let key = Key.read({ rest.popFirst() }) {
                #expect(key == .unknown || key == .text("A"), "\(bytes)")
            }
        }
    }

    @Test func theWindowShowsTheCursor() {
        let buffer = LineBuffer("0123456789")
        #expect(buffer.window(columnCount: 20) == ("0123456789", 10))
        #expect(buffer.window(columnCount: 5) == ("6789", 4))
    }

    @Test func wordsAreCompletedByTheirPlace() {
        let complete = Completion(
            labels: ["Package", "Person", "DEPENDS"], keys: ["name", "maintainer"],
            parameters: ["from"], commands: ["help", "quit"])
        #expect(complete("MATCH (p:P").candidates == ["Package", "Person"])
        #expect(complete("MATCH (p)-[:D").candidates == ["DEPENDS"])
        #expect(complete("WHERE p.ma").candidates == ["maintainer"])
        #expect(complete("{name: $").candidates == ["from"])
        #expect(complete(":he").candidates == ["help"])
        #expect(complete("mat") == ("mat", ["match"]))
        #expect(complete("MATC").candidates == ["MATCH"])
        #expect(complete("toUp").candidates == ["toupper"])
        #expect(complete("MATCH ").candidates.isEmpty)
    }

    @Test func tablesFitTheTerminal() {
        #expect(RowPrinter.widths([5, 10], columnCount: nil) == [5, 10])
        #expect(RowPrinter.widths([5, 10], columnCount: 80) == [5, 10])
        #expect(RowPrinter.widths([5, 100, 50], columnCount: 40) == [5, 15, 15])
        #expect(RowPrinter.widths([100, 100], columnCount: 3) == [1, 1])
    }

    @Test func historyIsKeptInAFileOfTheOwner() throws {
        let scratch = try Scratch()
        let history = ShellHistory(path: scratch["history"])
        history.add("MATCH (n)\nRETURN n;")
        history.add("MATCH (n) RETURN n;")
        history.add(":help")
        history.save()
        #expect(ShellHistory(path: scratch["history"]).entries == ["MATCH (n) RETURN n;", ":help"])
        for number in 0...ShellHistory.countMax { history.add("\(number)") }
        #expect(history.entries.count == ShellHistory.countMax)
        #expect(history.entries.last == "\(ShellHistory.countMax)")
    }

    @Test func fieldsOfCSVAreRead() throws {
        func read(_ text: String, chunk: Int = 1) throws -> [[String?]] {
            var rest = Array(text.utf8)[...]
            var reader = CSVReader(chunkByteCount: chunk) { buffer in
                let part = rest.prefix(buffer.count)
                buffer.copyBytes(from: part)
                rest = rest.dropFirst(part.count)
                return part.count
            }
            var records: [[String?]] = []
            while let record = try reader.next() { records.append(record.map(\.value)) }
            return records
        }
        for chunk in [1, 2, 7, 100] {
            #expect(
                try read("\u{feff}a,b\r\n\"x,\n\"\"y\",\r\n\r\n,\"\"\rlast", chunk: chunk)
                    == [["a", "b"], ["x,\n\"y", nil], [nil, ""], ["last"]])
            #expect(try read("a\"b,\"c\"d\n\"open", chunk: chunk) == [["a\"b", "cd"], ["open"]])
        }
        #expect(CSV.line(["a", "b,c", "d\"", "e\nf", ""]) == "a,\"b,c\",\"d\"\"\",\"e\nf\",")
        #expect(CSV.line([""]) == "\"\"")
    }

    @Test func headersSayWhatColumnsAre() throws {
        func role(_ header: String) throws -> CSVColumn.Role {
            try CSVColumn(header: header, infers: false).role
        }
        #expect(try role("name") == .property(key: "name", .text))
        #expect(try role("size:int") == .property(key: "size", .int))
        #expect(try role("movieId:ID(Movie)") == .property(key: "movieId", .text))
        #expect(try role(":START_ID(Movie)") == .start)
        #expect(try role(":END_ID") == .end)
        #expect(try role(":TYPE") == .type)
        #expect(throws: CSVColumn.Unknown.self) { try role("x:point") }
        #expect(CSVColumn.Kind.inferred.value(of: "007") == .string("007"))
        #expect(CSVColumn.Kind.inferred.value(of: "-7") == .int(-7))
        #expect(CSVColumn.Kind.inferred.value(of: "1e3") == .double(1000))
        #expect(CSVColumn.Kind.int.value(of: " 7 ") == .int(7))
        #expect(CSVColumn.Kind.int.value(of: "7.5") == nil)
    }
}
