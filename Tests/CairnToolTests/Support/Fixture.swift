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

/// A generator whose numbers follow from its seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
