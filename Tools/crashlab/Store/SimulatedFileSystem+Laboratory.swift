// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnTesting
import SystemPackage

extension SimulatedFileSystem {
    /// The same files, with nothing pending.
    var copy: SimulatedFileSystem { crashImage(.everythingWritten) }

    /// Makes a directory, durably.
    func makeDirectory(_ path: FilePath) {
        do { _ = try openDirectory(path, creating: true) } catch {
            preconditionFailure("\(path): \(error)")
        }
    }

    /// The files of the log, the snapshots and what names programs, as far as a store itself made them.
    var storeFiles: [FilePath] {
        filePaths.filter { path in
            let text = path.string
            return
                (text.hasPrefix("/store/log/") && text.hasSuffix(".wal")
                || ["/store/snapshots/", "/store/programs/"].contains(where: text.hasPrefix)
                    && text.hasSuffix(".snap"))
                && !Laboratory.foreignFiles.contains(path)
        }
    }

    /// The files of a store that hold nothing of its state: the lock, copies in quarantine, prepared segments.
    var otherFiles: [FilePath] {
        filePaths.filter { path in
            let text = path.string
            return
                (text == "/store/LOCK" || text.hasPrefix("/store/quarantine/")
                || text.hasSuffix(".prepared")) && !Laboratory.foreignFiles.contains(path)
        }
    }

    /// The files of the mirror.
    var mirrorFiles: [(name: String, bytes: [UInt8])] {
        filePaths(startingWith: "/mirror/").map {
            ($0.lastComponent?.string ?? "", contents($0) ?? [])
        }
    }
}
