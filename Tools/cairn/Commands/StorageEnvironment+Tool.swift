// SPDX-License-Identifier: Apache-2.0

internal import CairnContainer
internal import CairnIO
internal import SystemPackage

extension StorageEnvironment {
    /// The system's, where a container is taken as the directory of a store is.
    ///
    /// - Parameter path: Where a new store is made: in a container, if the name ends in `.cairn`.
    static func ofTool(creating path: String? = nil) -> StorageEnvironment {
        let container = path.flatMap { $0.hasSuffix(".cairn") ? FilePath($0) : nil }
        return StorageEnvironment.system.withContainers(creating: container)
    }
}
