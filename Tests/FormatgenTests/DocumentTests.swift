// SPDX-License-Identifier: Apache-2.0

import CairnFormats
import CairnInterpreter
import Foundation
import Testing

@testable import formatgen

/// What a reader of the documents relies on: links lead somewhere, and examples can be typed in.
struct DocumentTests {
    private static let folder = URL(fileURLWithPath: Repository.root).appendingPathComponent(
        "Docs/Formats")

    private static let texts: [String: String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return Dictionary(
            uniqueKeysWithValues: names.filter { $0.hasSuffix(".md") }.map { name in
                let text = try? String(
                    contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
                return (name, text ?? "")
            })
    }()

    @Test func everyLinkLeadsToAHeading() {
        let anchors = Self.texts.mapValues { text in
            Set(
                text.split(separator: "\n").filter { $0.hasPrefix("#") }
                    .map { Markdown.anchor(String($0.drop { $0 == "#" }.dropFirst())) })
        }
        var count = 0
        for (name, text) in Self.texts {
            for link in text.matches(of: /\]\(([A-Za-z0-9.-]*)#([a-z0-9_-]+)\)/) {
                let target = link.output.1.isEmpty ? name : String(link.output.1)
                #expect(
                    anchors[target]?.contains(String(link.output.2)) == true,
                    "\(name): \(link.output.0)")
                count += 1
            }
        }
        #expect(count > 100)
    }

    @Test func everyLinkedFileIsThere() {
        for (name, text) in Self.texts {
            for link in text.matches(of: /\]\(([A-Za-z0-9.\/-]+)(#[^)]*)?\)/) {
                let path = Self.folder.appendingPathComponent(String(link.output.1)).path
                #expect(FileManager.default.fileExists(atPath: path), "\(name): \(link.output.0)")
            }
        }
    }

    /// The bytes of each example stand in it, or in an earlier one of the same document.
    @Test func everyExampleHasAllItsBytes() throws {
        for format in try FormatCatalog.resolved() where !format.isSet {
            guard let set = try VectorCatalog.set(format) else { continue }
            let text = try #require(Self.texts["\(format.name).md"])
            var shown: [Int: Set<String>] = [:]
            for name in set.examples {
                let vector = try #require(set.cases.first { $0.name == name })
                let start = try #require(text.firstRange(of: "## Example: \(name)\n")).upperBound
                let block = text[start...].split(separator: "```", maxSplits: 2)[1]
                for row in block.matches(of: /\n *([0-9]+)  ([0-9a-f]+)/) {
                    let offset = try #require(Int(row.output.1))
                    for (index, digits) in Self.pairs(row.output.2).enumerated() {
                        shown[offset + index, default: []].insert(digits)
                    }
                }
                for (index, byte) in vector.bytes.enumerated() {
                    #expect(
                        shown[index]?.contains([byte].hex) == true,
                        "\(format.name)/\(name): byte \(index)")
                }
            }
        }
    }

    private static func pairs(_ digits: Substring) -> [String] {
        let all = Array(digits)
        return stride(from: 0, to: all.count - 1, by: 2).map { String(all[$0...$0 + 1]) }
    }

    /// A graph that is valid is shown before one that is not.
    @Test func theFirstExampleOfEachFormatIsValid() throws {
        for format in try FormatCatalog.resolved() where !format.isSet {
            guard let set = try VectorCatalog.set(format), let name = set.examples.first else {
                continue
            }
            #expect(set.cases.first { $0.name == name }?.expected == nil, "\(format.name)/\(name)")
        }
    }

    @Test func theDocumentsTogetherStaySmall() {
        // They had 252,266 bytes when types were repeated wherever they were used, there were none of these documents,
        // relationships had no rules, and chunks of snapshots were not compressed. The last two took 11,000 bytes.
        let later = ["container.md", "timeline.md", "backup-manifest.md", "archive-record.md"]
        let older = Self.texts.filter { !later.contains($0.key) }
        #expect(older.count == Self.texts.count - later.count)
        #expect(older.values.reduce(0) { $0 + $1.utf8.count } < 252_266 + 11_000)
    }
}
