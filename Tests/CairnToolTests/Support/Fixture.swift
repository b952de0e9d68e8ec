// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The bundled piece of Debian's package list.
enum Fixture {
    /// The folder of the package.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let path = root.appendingPathComponent("Tests/Fixtures/dpkg/extract.txt").path
    /// Its stanzas, each with the blank line after it.
    static let stanzas: [String] = {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { $0 + "\n\n" }
    }()

    /// The stanzas with other versions, so that importing them changes every package; some lose their
    /// dependencies, and others get them back.
    static func stanzas(variant: Int) -> [String] {
        stanzas.enumerated().map { index, stanza in
            var lines = stanza.components(separatedBy: "\n")
            for line in lines.indices where lines[line].hasPrefix("Version:") {
                lines[line] += "+v\(variant)"
            }
            if (index + variant).isMultiple(of: 7) {
                lines.removeAll { $0.hasPrefix("Depends:") }
            }
            return lines.joined(separator: "\n")
        }
    }
}
