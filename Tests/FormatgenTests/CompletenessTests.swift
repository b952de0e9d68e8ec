// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter
import Foundation
import Testing

@testable import formatgen

/// That a document which leaves out something of its description is noticed.
struct CompletenessTests {
    private static let formats = (try? FormatCatalog.resolved()) ?? []

    /// The documents as they are committed.
    private static let files: [String: String] = {
        let folder = URL(fileURLWithPath: Repository.root)
        return Dictionary(
            uniqueKeysWithValues: formats.map { format in
                let path = "Docs/Formats/\(format.name).md"
                let text = try? String(
                    contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
                return (path, text ?? "")
            })
    }()

    private static let whole = Completeness(formats, in: files)

    /// The defects of a document whose text was changed.
    private func defects(_ name: String, _ change: (String) -> String) -> [String] {
        let text = change(Self.files["Docs/Formats/\(name).md"] ?? "")
        let changed = Self.whole.replacing(name, with: text)
        let own = changed.defects(of: name)
        // What only other formats use is missed by them.
        return own.isEmpty ? changed.defects : own
    }

    @Test func theDocumentsSayAllThatTheDescriptionsSay() {
        #expect(Self.formats.count > 8)
        #expect(Self.whole.defects == [])
    }

    /// One of each kind of thing that a description has: what it is, its document, and what is taken out.
    private static let parts: [(what: String, document: String, text: String)] = [
        ("a formula of a check", "segment", "`reserved == 0`, "),
        ("the name of a check", "segment", "**Check `knownKind`**"),
        ("the error of a check", "segment", "`lsnOutOfOrder` at"),
        ("the offset of a check", "segment", "at `start + 32`"),
        ("the file of a check", "store", " of the file `before.path`"),
        ("an argument", "segment", ", `chainSoFar` = `chain`"),
        ("an argument of an element", "coded-value", " with `depth` = `depth + 1`"),
        ("an argument of nesting", "GraphEvents", " with `room` = `room - 1`"),
        ("the type of records", "GraphSnapshot", " with `recordType` = `'nodes'`"),
        ("an attribute of a tag", "segment", "| 1 | `transactionBegin` | 1 | 1 |"),
        ("a column of attributes", "segment", " `carriesWatermark` |"),
        ("the dimensions of points", "GraphEvents", " `dimensions` |"),
        ("what is geographic", "GraphEvents", " `isGeographic` |"),
        ("the size of elements", "GraphEvents", " `byteCount` |"),
        ("the type of a value", "GraphEvents", " `type` |"),
        ("a class of errors", "segment", "| `frameAfterSeal` | `semantic` |"),
        ("the class of an inflate step", "compressed-batch", "`decompressionFailed` at"),
        ("the range of an inflate step", "compressed-batch", " from `0` to `size`"),
        ("the size of an inflate step", "compressed-batch", ", `uncompressedByteCount` bytes"),
        ("an empty case", "GraphEvents", "   - `0` null, `1` false, `2` true: nothing follows.\n"),
        ("the offset of an unknown tag", "GraphEvents", "`unknownTag` at `start`"),
        ("the kinds that are passed over", "segment", " Passed over where `tag & 128 != 0`."),
        ("a condition of until", "segment", "until `isZero(bytes(here, end))`, "),
        ("the end of a kind of files", "store", "; until `snapshot != none`"),
        ("the least number in a name", "store", " digits, at least `1`"),
        ("the digits of a name", "store", " of `20` digits"),
        ("what a file is told", "store", ", `expectedFence` = `file.fence`"),
        ("the torn last file", "store", "; the last one is read in the mode `recover`"),
        ("the order of files", "store", "; `largest` first"),
        ("a rule of files", "store", "; `closed`: [`segmentClosed`](#segmentclosed)"),
        ("what is carried", "store", "[`coded-value`](coded-value.md), "),
        ("a field of the preamble", "segment", "Read `magic`, "),
        ("the layout of the preamble", "segment", " of the layout `preamble`"),
        ("a field of a layout", "segment", "| 68 | 4 | u32 | `headerChecksum` |"),
        ("what a checksum covers", "segment", "`preambleChecksum`, `segmentHeaderChecksum` |"),
        ("the step of a proof", "segment", " and every `8` bytes behind it"),
        ("the bytes of a proof", "segment", "the first `32` bytes"),
        ("the condition of a proof", "segment", "; when `lsn == lastLSN + 1"),
        ("the extent of a proof", "segment", "; extent `min(end, damage + "),
        ("the exception of a proof", "segment", "; unless `isZero(bytes(max(damage, byte / 512"),
        ("the check of a proof", "segment", "of what `payloadChecksum` covers"),
        ("an error of a torn end", "segment", "`bytesAfterEnd`, "),
        ("what is known beforehand", "segment", "| `expectedBaseLSN` | `none` |"),
        ("what is delivered", "segment", " each `frame` that"),
        ("a limit", "segment", "| `compressionRatioMax` | 200 |"),
        ("the allocation", "batch", "`65536 + size * 32`"),
        ("a type of another document", "coded-value", ", [`symbol`](batch.md#symbol)"),
        ("a table of another document", "store", "[`kind`](segment.md#values-of-kind)"),
        ("what is given to a type", "segment", " Given: `salt`."),
        ("a result", "batch", "\nIts value is `symbols[number]`."),
        ("an assignment", "store", " to `append(transactions, transaction)`"),
        ("an else", "store", "Otherwise:"),
        ("a meaning", "segment", "The header of the frame."),
        ("a canonical form", "lock-file", "Decimal digits as the system prints the number."),
    ]

    @Test(arguments: parts.indices)
    func onePartTakenOutIsNoticed(_ index: Int) throws {
        let part = Self.parts[index]
        let text = try #require(Self.files["Docs/Formats/\(part.document).md"])
        let place = try #require(text.firstRange(of: part.text), "\(part.what): \(part.text)")
        let found = defects(part.document) { text in
            var copy = text
            copy.removeSubrange(place)
            return copy
        }
        #expect(!found.isEmpty, "no check misses \(part.what): \(part.text)")
    }

    /// Everything in backquotes that decides, of the document that has most kinds of things in it.
    @Test func everythingInBackquotesIsMissed() throws {
        let text = try #require(Self.files["Docs/Formats/segment.md"])
        let end = try #require(text.firstRange(of: "## Example:")).lowerBound
        let start = try #require(text.firstRange(of: "## The whole")).lowerBound
        var place = start
        var count = 0
        while let span = text[place..<end].firstMatch(of: /`[^`\n]+`/) {
            place = span.range.upperBound
            let line = text[text.lineRange(for: span.range)]
            // What a table says of a check is said by the check, but for what its checksum covers.
            guard !line.hasPrefix("## "), !line.hasPrefix("!["), !line.contains("](images/"),
                !line.contains("| checks that look at it"),
                !(line.hasPrefix("| ") && line.contains("| u"))
            else { continue }
            count += 1
            var copy = text
            copy.removeSubrange(span.range)
            #expect(
                !defects("segment", { _ in copy }).isEmpty,
                "no check misses \(span.output) of: \(line)")
        }
        #expect(count > 200)
    }

    @Test func aMemberThatNoRuleKnowsIsADefect() throws {
        let format = try #require(Self.formats.first { $0.name == "batch" })
        guard case .object(let members) = format.json else { return }
        let more = JSON.object(members + [.init(name: "colour", value: .int(1))])
        let found = Completeness(Self.formats, in: Self.files, changed: ["batch": more])
        #expect(found.defects == ["batch.md: no document says the member colour"])
    }

    @Test func anErrorThatCannotHappenIsADefect() {
        let found = defects("lock-file") {
            $0.replacing(
                "| error | category | meaning |\n| --- | --- | --- |\n",
                with:
                    "| error | category | meaning |\n| --- | --- | --- |\n| `torn` | `corrupt` | No. |\n"
            )
        }
        #expect(
            found == ["lock-file.md: ## Errors has a row that is not so: `torn` | `corrupt` | No."])
    }

    /// Each class of the error tables occurs in the vectors of its format, or of one that it uses, and no other.
    @Test func theVectorsHaveTheErrorsOfTheTablesAndNoOthers() throws {
        var seen: [String: Set<String>] = [:]
        for format in Self.formats {
            let path = "\(Repository.root)/Tests/Golden/vectors/\(format.name).json"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            seen[format.name] = Set(
                text.matches(of: /"error": "([A-Za-z0-9]+)"/).map { String($0.output.1) })
        }
        for format in Self.formats {
            let used = [format.name] + format.reading.uses
            let all = used.reduce(into: Set<String>()) { $0.formUnion(seen[$1] ?? []) }
            let table = Set(format.errors.keys)
            #expect(
                table.subtracting(all).isEmpty,
                "\(format.name): no vector has \(table.subtracting(all))")
            let others = (seen[format.name] ?? []).subtracting(table)
            #expect(others.isEmpty, "\(format.name): no table has \(others)")
        }
    }
}
