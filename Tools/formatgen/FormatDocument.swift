// SPDX-License-Identifier: Apache-2.0

import CairnFormat

/// The document of one format.
struct FormatDocument {
    private let format: FormatDescription

    init(_ format: FormatDescription) {
        self.format = format
    }

    static let notice =
        "<!-- Written by `swift run formatgen generate`. Change the declaration, not this. -->"

    /// The document.
    var text: String {
        var sections = ["\(Self.notice)\n\n# Format: \(format.name)\n\n\(format.meaning)"]
        sections += format.layouts.map(table)
        sections += format.tags.map { tags in
            "## Values of `\(tags.name)`\n\n"
                + Self.table(
                    ["value", "name", "meaning"],
                    tags.values.map { ["\($0.value)", "`\($0.name)`", $0.meaning] })
        }
        if !format.limits.isEmpty {
            sections.append(
                "## Limits\n\n"
                    + Self.table(
                        ["limit", "largest value", "of what"],
                        format.limits.map { ["`\($0.name)`", "\($0.value)", $0.meaning] }))
        }
        if !format.rules.isEmpty {
            sections.append(
                "## Rules, in the order in which a reader checks\n\n"
                    + format.rules.enumerated().map { "\($0 + 1). \($1)" }
                    .joined(separator: "\n"))
        }
        return sections.joined(separator: "\n\n") + "\n"
    }

    private func table(_ layout: Layout) -> String {
        "## `\(layout.name)`, \(layout.byteCount) bytes\n\n\(layout.meaning)\n\n"
            + Self.table(
                ["offset", "bytes", "type", "name", "meaning"],
                layout.fields.map {
                    ["\($0.offset)", "\($0.byteCount)", $0.type, "`\($0.name)`", $0.meaning]
                })
    }

    private static func table(_ head: [String], _ rows: [[String]]) -> String {
        ([head, head.map { _ in "---" }] + rows)
            .map { "| " + $0.joined(separator: " | ") + " |" }
            .joined(separator: "\n")
    }

    /// The index of all documents.
    static func index(of formats: [FormatDescription]) -> String {
        """
        \(notice)

        # Formats

        Integers are little-endian. Checksums are CRC-32C (RFC 3720). Version 1 is a draft until release 1.0.

        \(table(["format", "what it is"], formats.map { ["[\($0.name)](\($0.name).md)", $0.meaning] }))

        """
    }
}
