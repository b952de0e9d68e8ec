// SPDX-License-Identifier: Apache-2.0

public import CairnIO

/// Decides what becomes of the calls that go through an ``InterceptedFileSystem``: to watch them, to hold
/// them up, to leave them out or to do them twice.
public protocol FileSystemInterceptor: AnyObject, Sendable {
    /// Stands in for one call that changes something, makes something durable, opens or closes a file, or
    /// takes a lock. It is called on the thread that makes the call, without any lock.
    ///
    /// - Parameters:
    ///   - operation: The call.
    ///   - target: What else can be done to the file or directory in question.
    ///   - proceed: Does the call; may be called once, never or again. A file or directory that was not
    ///     opened by it is an error of the test.
    func intercept(
        _ operation: SimulatedOperation, on target: InterceptedTarget,
        _ proceed: () throws(StorageError) -> Void
    ) throws(StorageError)
}

/// The file or the directory of an intercepted call.
public struct InterceptedTarget {
    /// The directory, below the interception; nil for calls on files.
    public let directory: (any VirtualDirectory)?
    /// The file, below the interception; nil for calls on directories.
    public let file: (any VirtualFile)?
    /// Writes what a call of ``SimulatedOperation/Kind/writeDurably`` writes, but only into the cache.
    public let writeOnly: (() throws(StorageError) -> Void)?
    /// The new name, for renaming.
    public let newName: FileName?

    init(
        directory: (any VirtualDirectory)? = nil, file: (any VirtualFile)? = nil,
        writeOnly: (() throws(StorageError) -> Void)? = nil, newName: FileName? = nil
    ) {
        self.directory = directory
        self.file = file
        self.writeOnly = writeOnly
        self.newName = newName
    }
}
