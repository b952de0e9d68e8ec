// SPDX-License-Identifier: Apache-2.0

public import CairnDurable
public import CairnIO
public import CairnLog
public import CairnRecorder
public import SystemPackage

extension Durable {
    /// Opens the state in the container at `path`: one file, which is made when it is missing.
    ///
    /// Everything works on it as on a directory: policies, checkpoints, archives, readers in other processes. On return
    /// everything that was recovered is durable.
    ///
    /// - Parameters:
    ///   - path: The file. While it is compacted, `<path>.new` lies beside it.
    ///   - options: The options of the log.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - checkpoints: When the store makes checkpoints by itself.
    ///   - checksStates: Whether each commit must leave a state that a checkpoint could write.
    ///   - mirror: A second form of the state that follows the log.
    /// - Throws: As the method that opens a directory; code `.damaged` for a container that cannot be read.
    public static func open(
        container path: FilePath, options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system,
        checkpoints: CheckpointOptions = CheckpointOptions(), checksStates: Bool = false,
        mirror: (any WalMirror)? = nil
    ) throws(DurableError) -> Durable {
        try open(
            path, options: options,
            environment: environment.withContainers(
                creating: options.createIfMissing ? path : nil),
            checkpoints: checkpoints, checksStates: checksStates, mirror: mirror)
    }

    /// Opens the state in the container at `path`; see the other method.
    public static func open(
        container path: String, options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system,
        checkpoints: CheckpointOptions = CheckpointOptions(), checksStates: Bool = false,
        mirror: (any WalMirror)? = nil
    ) throws(DurableError) -> Durable {
        try open(
            container: FilePath(path), options: options, environment: environment,
            checkpoints: checkpoints, checksStates: checksStates, mirror: mirror)
    }
}
