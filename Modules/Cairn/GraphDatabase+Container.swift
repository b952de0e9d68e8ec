// SPDX-License-Identifier: Apache-2.0

internal import CairnContainer
public import CairnDurable
public import CairnIO
public import SystemPackage

extension GraphDatabase {
    /// Opens the database in the container at `path`: one file, which is made when it is missing.
    ///
    /// Everything works on it as on a directory. On return everything that was recovered is durable.
    ///
    /// - Parameters:
    ///   - path: The file. While it is compacted, `<path>.new` lies beside it.
    ///   - options: The options of the log and of recovery.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - checkpoints: When the database makes checkpoints by itself.
    ///   - mirror: A second form of the database that follows the log.
    /// - Throws: As the method that opens a directory; code `.damaged` for a container that cannot be read.
    public static func open(
        container path: FilePath, options: Options = Options(),
        environment: StorageEnvironment = .system,
        checkpoints: CheckpointOptions = CheckpointOptions(), mirror: (any WalMirror)? = nil
    ) throws(DurableError) -> GraphDatabase {
        try open(
            path, options: options,
            environment: environment.withContainers(
                creating: options.createIfMissing ? path : nil),
            checkpoints: checkpoints, mirror: mirror)
    }

    /// Opens the database in the container at `path`; see the other method.
    public static func open(
        container path: String, options: Options = Options(),
        environment: StorageEnvironment = .system,
        checkpoints: CheckpointOptions = CheckpointOptions(), mirror: (any WalMirror)? = nil
    ) throws(DurableError) -> GraphDatabase {
        try open(
            container: FilePath(path), options: options, environment: environment,
            checkpoints: checkpoints, mirror: mirror)
    }
}
