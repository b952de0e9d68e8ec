// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where runs keep their figures until a document is written: a line each, words separated by tabs.
struct FigureFile {
    let path: String

    init(_ path: String) { self.path = path }

    func append(_ lines: [[String]]) throws {
        let old = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let new = lines.map { $0.joined(separator: "\t") + "\n" }.joined()
        try (old + new).write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// The lines that begin with `kind`, without that word.
    func lines(_ kind: String) throws -> [[String]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
            .filter { $0.first == kind }.map { Array($0.dropFirst()) }
    }
}
