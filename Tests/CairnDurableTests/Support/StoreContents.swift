// SPDX-License-Identifier: Apache-2.0

import CairnTesting
import SystemPackage
import Testing

/// The bytes of a file, which a failed expectation need not print.
struct FileBytes: Equatable, CustomTestStringConvertible {
    let bytes: [UInt8]

    var testDescription: String { "\(bytes.count) bytes" }
}

extension SimulatedFileSystem {
    /// The bytes of all files, by path. `LOCK` is left out: it says who has the directory open.
    var storeContents: [FilePath: FileBytes] {
        var contents: [FilePath: FileBytes] = [:]
        for path in filePaths where path.lastComponent != "LOCK" {
            contents[path] = self.contents(path).map(FileBytes.init)
        }
        return contents
    }

    /// The files that say which program the store belongs to.
    var programPaths: [FilePath] {
        filePaths.filter { $0.string.contains("programs/") }
    }
}
