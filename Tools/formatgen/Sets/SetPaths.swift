// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnInterpreter

/// The paths of a set, as `notation.md` says they are, and as the simulated disk can have them.
enum SetPaths {
    /// Why no directory can have files of these paths; nil for a set.
    static func defect(of files: [SetFile]) -> String? {
        let parents = Set(files.flatMap { Self.folders(above: $0.path) })
        for file in files {
            let names = file.path.split(separator: "/", omittingEmptySubsequences: false)
            guard names.allSatisfy({ FileName(String($0)) != nil }) else {
                return "no path of visible ASCII: \(file.path.debugDescription)"
            }
            guard file.bytes == nil || !parents.contains(file.path) else {
                return "a file and a folder of one path: \(file.path)"
            }
        }
        return nil
    }

    /// The folders that a path leads through, the outermost first.
    static func folders(above path: String) -> [String] {
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        return (0..<names.count).dropFirst().map { names.prefix($0).joined(separator: "/") }
    }
}
