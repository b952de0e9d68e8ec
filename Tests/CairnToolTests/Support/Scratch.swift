// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A directory of its own for one test, gone with the last reference.
final class Scratch {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("cairn-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of something in it.
    subscript(name: String) -> String { path + "/" + name }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: self[name]))
        return self[name]
    }

    /// All that lies below a directory of it, with the bytes of the files; empty when there is no such
    /// directory. `LOCK` is left out: it says who has the directory open, and is no part of the data.
    func contents(of name: String) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        guard let names = FileManager.default.enumerator(atPath: self[name]) else { return [:] }
        for case let file as String in names where file != "LOCK" {
            let path = self[name] + "/" + file
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
            contents[file] =
                isDirectory.boolValue ? Data() : try Data(contentsOf: URL(fileURLWithPath: path))
        }
        return contents
    }
}
