// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the repository is: what is generated lies there, whatever the working directory is.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}

/// Compares generated files with those of a repository, byte for byte and both ways.
enum Freshness {
    /// The folders that hold nothing but generated files.
    static let folders = ["Docs/Formats", "Tests/Golden"]

    /// One line for each file that is changed, missing or too many.
    static func differences(_ expected: [String: String], in root: URL) throws -> [String] {
        let present = try present(in: root)
        var lines: [String] = []
        for (path, text) in expected.sorted(by: { $0.key < $1.key }) {
            guard present.contains(path) else {
                lines.append("missing: \(path)")
                continue
            }
            let found = try Data(contentsOf: root.appendingPathComponent(path))
            if found != Data(text.utf8) { lines.append("changed: \(path)") }
        }
        return lines + present.filter { expected[$0] == nil }.map { "extra: \($0)" }
    }

    /// The files in these folders, in order.
    static func present(in root: URL) throws -> [String] {
        var paths: [String] = []
        for folder in folders {
            let url = root.appendingPathComponent(folder)
            guard let names = FileManager.default.enumerator(atPath: url.path) else { continue }
            for case let name as String in names {
                var isFolder: ObjCBool = false
                let path = url.appendingPathComponent(name).path
                guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                    !isFolder.boolValue
                else { continue }
                paths.append("\(folder)/\(name)")
            }
        }
        return paths.sorted()
    }
}
