// SPDX-License-Identifier: Apache-2.0

import CairnTesting
import SystemPackage

extension SimulatedFileSystem {
    /// The bytes of all files, by path. `LOCK` is left out: it says who has the directory open.
    var storeContents: [FilePath: [UInt8]] {
        var contents: [FilePath: [UInt8]] = [:]
        for path in filePaths where path.lastComponent != "LOCK" {
            contents[path] = self.contents(path)
        }
        return contents
    }

    /// The files that say which program the store belongs to.
    var programPaths: [FilePath] {
        filePaths.filter { $0.string.contains("programs/") }
    }
}
