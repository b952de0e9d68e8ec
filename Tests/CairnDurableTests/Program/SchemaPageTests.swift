// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `Docs/Schema.md`: every line of Swift in it stands in `Cashbooks.swift`, where it is compiled and runs.
struct SchemaPageTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    private static func lines(_ url: URL) throws -> [String] {
        try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
    }

    @Test func everyLineOfCodeIsCompiled() throws {
        let root = Self.folder.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try Self.lines(root.appendingPathComponent("Docs/Schema.md"))
        let compiled = try Self.lines(Self.folder.appendingPathComponent("Cashbooks.swift"))
        var (isCode, count) = (false, 0)
        for line in page {
            if line.hasPrefix("```") {
                isCode.toggle()
            } else if isCode, line != "…", !line.isEmpty {
                count += 1
                let code = line.replacing(
                    "struct Cashbook: DurableState, Codable {", with: "struct Cashbook: ")
                #expect(compiled.contains { $0.hasPrefix(code) }, "\(line)")
            }
        }
        #expect(!isCode && count > 20)
    }
}
