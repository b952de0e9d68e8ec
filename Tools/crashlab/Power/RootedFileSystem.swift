// SPDX-License-Identifier: Apache-2.0

import CairnIO
import SystemPackage

/// The file system below a directory: `/store` of it is `store` in there. So the bugs that are lies about certain
/// paths find the paths that they know.
final class RootedFileSystem: VirtualFileSystem {
    private let base: any VirtualFileSystem
    private let root: FilePath

    init(_ base: any VirtualFileSystem, root: FilePath) {
        self.base = base
        self.root = root
    }

    func openDirectory(_ path: FilePath, creating: Bool) throws(StorageError)
        -> any VirtualDirectory
    {
        try base.openDirectory(root.appending(path.components), creating: creating)
    }
}
