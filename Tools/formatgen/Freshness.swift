// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Compares generated files with those in a folder, byte for byte and both ways.
enum Freshness {
    /// One line for each file that is changed, missing or too many.
    static func differences(_ expected: [String: String], in folder: URL) throws -> [String] {
        let present = try present(in: folder)
        var lines: [String] = []
        for (name, text) in expected.sorted(by: { $0.key < $1.key }) {
            guard present.contains(name) else {
                lines.append("missing: \(name)")
                continue
            }
            let found = try Data(contentsOf: folder.appendingPathComponent(name))
            if found != Data(text.utf8) { lines.append("changed: \(name)") }
        }
        return lines + present.filter { expected[$0] == nil }.map { "extra: \($0)" }
    }

    /// The names in the folder, in order; none when it does not exist.
    static func present(in folder: URL) throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }
}
