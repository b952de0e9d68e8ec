// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

/// The directory of one store, opened and locked: what a log and the snapshots beside it share.
///
/// The lock is held until ``release()``, or until the last reference goes.
public final class StoreDirectory: Sendable {
    /// The directory itself.
    public let root: any Directory
    /// Whether the store may be written.
    public let access: FileAccess
    private let lock: (any DirectoryLock)?
    /// Who writes its files, by their own word: see ``StoreWriting``.
    let writers = Locked(StoreWriting.Count())

    private init(root: any Directory, access: FileAccess, lock: (any DirectoryLock)?) {
        self.root = root
        self.access = access
        self.lock = lock
    }

    /// The name of the lock file.
    public static let lockName: FileName = "LOCK"

    /// What only a store of Cairn holds: its log, one that is being created, its snapshots.
    public static let defaultStoreNames: Set<FileName> = ["log", "log.creating", "snapshots"]

    /// Opens the directory at `path` and takes its lock: exclusive for writing, shared for reading.
    ///
    /// A directory that holds other files and nothing of a store is refused before anything is written
    /// into it, the lock file included.
    ///
    /// - Parameters:
    ///   - createIfMissing: Creates the directory; only for writing.
    ///   - storeNames: What only a store holds, besides the lock file.
    /// - Throws: ``IOError`` with code `.notFound`, `.notADirectory`, `.notEmpty`, `.locked` (with the
    ///   holder's process number), `.permissionDenied` or `.system`.
    public static func open(
        _ path: FilePath, access: FileAccess, createIfMissing: Bool,
        storeNames: Set<FileName> = defaultStoreNames, environment: Environment
    ) throws(IOError) -> StoreDirectory {
        let creating = createIfMissing && access == .readWrite
        let root = try environment.fileSystem.openDirectory(path, creating: creating)
        if access == .readWrite {
            let names = Set(try root.list().map(\.name))
            guard names.isSubset(of: [lockName]) || !names.isDisjoint(with: storeNames) else {
                throw IOError(code: .notEmpty, operation: .create, path: path)
            }
        }
        let lock = try root.lock(lockName, access == .readWrite ? .exclusive : .shared)
        return StoreDirectory(root: root, access: access, lock: lock)
    }

    /// Gives the lock back. The directory must not be written after that.
    public func release() {
        lock?.release()
    }
}
