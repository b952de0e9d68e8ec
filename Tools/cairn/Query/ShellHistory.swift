// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The lines that were typed, kept in a file that only its owner may read.
final class ShellHistory {
    private(set) var entries: [String] = []
    /// Nil to keep nothing.
    private let path: String?

    static let countMax = 1000

    /// The file that `CAIRN_HISTORY` names, or `.cairn_history` in the home directory; none for an empty name.
    static var defaultPath: String? {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["CAIRN_HISTORY"] { return path.isEmpty ? nil : path }
        return environment["HOME"].map { $0 + "/.cairn_history" }
    }

    /// The lines of a file. One that cannot be read is an empty history.
    init(path: String?) {
        self.path = path
        guard let path, let bytes = FileManager.default.contents(atPath: path) else { return }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        entries = lines.suffix(Self.countMax).map(String.init)
    }

    /// Adds a line, unless it is the same as the last one. Newlines within it become spaces.
    func add(_ line: String) {
        let line = line.split(whereSeparator: \.isNewline).joined(separator: " ")
        guard !line.isEmpty, line != entries.last else { return }
        entries.append(line)
        if entries.count > Self.countMax { entries.removeFirst() }
    }

    /// Writes the file; a failure does not matter to the user of the shell.
    func save() {
        guard let path else { return }
        let data = Data(entries.map { $0 + "\n" }.joined().utf8)
        let temporary = path + ".new"
        _ = FileManager.default.createFile(
            atPath: temporary, contents: data, attributes: [.posixPermissions: 0o600])
        if rename(temporary, path) != 0 { unlink(temporary) }
    }
}
