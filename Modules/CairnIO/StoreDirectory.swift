// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

/// The directory of one store, opened and locked: what a log and the snapshots beside it share.
///
/// The lock is held until ``release()``, or until the last reference goes.
public final class StoreDirectory: Sendable {
    /// The directory itself.
    public let root: any VirtualDirectory
    /// Whether the store may be written.
    public let access: FileAccess
    /// True when another process has the store open for writing, and this one reads beside it. Its files change
    /// meanwhile: what is half there is no damage.
    package let isLive: Bool
    private let lock: (any DirectoryLock)?
    /// The registered writers of its files: see ``StoreWriting``.
    let writers = Locked(StoreWriting.Count())

    /// Whether the directory is an archive, whose log ends with a sealed segment.
    package let isArchive: Bool

    private init(
        root: any VirtualDirectory, access: FileAccess, isLive: Bool, isArchive: Bool = false,
        lock: (any DirectoryLock)?
    ) {
        self.root = root
        self.isArchive = isArchive
        self.isLive = isLive
        self.access = access
        self.lock = lock
    }

    /// The name of the lock file.
    package static let lockName: FileName = "LOCK"

    /// The file that makes the directory of a store a backup: it lists the files and their content. A backup is
    /// opened for reading only, because its files may be those of other backups, too.
    package static let backupName: FileName = "backup"

    /// The file that makes the directory of a store an archive: it lists the files and their content. An archive is opened for
    /// reading only.
    package static let archiveName: FileName = "archive"

    /// Names that only a store of Cairn has: its log, one that is being created, its snapshots, its programs.
    @usableFromInline
    package static let defaultStoreNames: Set<FileName> = [
        "log", "log.creating", "snapshots", "programs",
    ]

    /// Opens the directory at `path` and takes its lock: exclusive for writing, shared for reading. A writer waits up to
    /// two seconds for readers that are just opening.
    ///
    /// A directory of another program is refused as what it is, before anything is written into it, the lock
    /// file included: one that holds other files and nothing of a store, and one without a lock file whose
    /// `log` or `snapshots` holds files and none of a store. So is an empty one that is not to become a store.
    ///
    /// - Parameters:
    ///   - path: The directory of the store.
    ///   - access: Reading only, or reading and writing.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - createIfMissing: Creates the directory, and lets an empty one become a store; only for writing.
    ///   - storeNames: What only a store holds, besides the lock file.
    ///   - besideWriter: Opens for reading also when another process writes; then without a lock.
    /// - Throws: ``StorageError`` with code `.notFound`, `.notADirectory`, `.notEmpty`, `.noStore`, `.locked` (with
    ///   the holder's process number), `.permissionDenied` or `.system`.
    public static func open(
        _ path: FilePath, access: FileAccess, createIfMissing: Bool,
        storeNames: Set<FileName> = defaultStoreNames, besideWriter: Bool = false,
        environment: StorageEnvironment
    ) throws(StorageError) -> StoreDirectory {
        let creating = createIfMissing && access == .readWrite
        let root = try environment.fileSystem.openDirectory(path, creating: creating)
        let names = Set(try root.list().map(\.name))
        if access == .readWrite {
            guard !names.contains(backupName), !names.contains(archiveName) else {
                throw StorageError(code: .isBackup, operation: .open, path: path)
            }
            guard names.isSubset(of: [lockName]) || !names.isDisjoint(with: storeNames) else {
                throw StorageError(code: .notEmpty, operation: .create, path: path)
            }
            guard creating || !names.isEmpty else {
                throw StorageError(code: .noStore, operation: .open, path: path)
            }
        }
        if !names.contains(lockName) {
            for name in storeNames where names.contains(name) {
                guard try !isForeign(name, in: root) else {
                    throw StorageError(code: .notEmpty, operation: .open, path: path)
                }
            }
        }
        do throws(StorageError) {
            let lock =
                access == .readWrite
                ? try exclusiveLock(of: root, environment) : try root.lock(lockName, .shared)
            return StoreDirectory(
                root: root, access: access, isLive: false, isArchive: names.contains(archiveName),
                lock: lock)
        } catch {
            guard error.code == .locked, besideWriter, access == .readOnly else { throw error }
            return StoreDirectory(root: root, access: access, isLive: true, lock: nil)
        }
    }

    /// Opens an existing store for reading, also beside a writer.
    package static func openForReading(
        _ path: FilePath, _ environment: StorageEnvironment
    ) throws(StorageError) -> StoreDirectory {
        try open(
            path, access: .readOnly, createIfMissing: false, besideWriter: true,
            environment: environment)
    }

    /// The lock for writing. Readers have theirs while they open, and are waited for, two seconds at most; a writer is
    /// not waited for.
    private static func exclusiveLock(
        of root: any VirtualDirectory, _ environment: StorageEnvironment
    ) throws(StorageError) -> (any DirectoryLock)? {
        for _ in 0..<200 {
            do throws(StorageError) { return try root.lock(lockName, .exclusive) } catch {
                guard error.code == .locked, environment.backgroundWork == .onThreads,
                    isHeldByReaders(root)
                else { throw error }
                Locked(false).sleep(nanoseconds: 10_000_000) { $0 }
            }
        }
        return try root.lock(lockName, .exclusive)
    }

    /// Whether only readers have the lock: then another one may have it, too.
    private static func isHeldByReaders(_ root: any VirtualDirectory) -> Bool {
        do throws(StorageError) {
            guard let lock = try root.lock(lockName, .shared) else { return false }
            lock.release()
            return true
        } catch {
            return false
        }
    }

    /// The directory of a store that is not known to others yet, or that is never written: without a lock, for reading.
    package static func unlocked(_ root: any VirtualDirectory) -> StoreDirectory {
        StoreDirectory(root: root, access: .readOnly, isLive: false, lock: nil)
    }

    /// A directory that is being made into a store, which the caller has locked.
    package static func making(_ root: any VirtualDirectory) -> StoreDirectory {
        StoreDirectory(root: root, access: .readWrite, isLive: false, lock: nil)
    }

    /// True for a directory that holds something, and nothing that a store has in one of its own.
    private static func isForeign(
        _ name: FileName, in root: any VirtualDirectory
    ) throws(StorageError) -> Bool {
        let directory: any VirtualDirectory
        do throws(StorageError) {
            directory = try root.openDirectory(name)
        } catch {
            if error.code == .notADirectory || error.code == .notAFile { return true }
            throw error
        }
        let entries = try directory.list()
        return !entries.isEmpty && !entries.contains { $0.name.map(isStoreFileName) ?? false }
    }

    /// True for what segments, snapshots and their temporary files and prepared segments are called.
    private static func isStoreFileName(_ name: FileName) -> Bool {
        let parts = name.string.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, parts[0].utf8.count >= 16 else { return false }
        return ["wal", "snap", "prepared"].contains(parts[1])
            && parts[0].utf8.allSatisfy { $0 == 0x2d || UInt8.hexadecimalDigits.contains($0) }
    }

    /// Throws unless the directory and its lock file are still those that were opened.
    ///
    /// An advisory lock is on a file, not on its name: once the file was removed or exchanged, a second writer gets
    /// a lock on the new one, and both write. So a writer asks at each step that makes or removes files of the
    /// store, and stops for good when this throws.
    ///
    /// - Throws: ``StorageError`` with code `.replaced`; `.system` when the lock file cannot be looked at.
    /// - Complexity: Three calls of the system.
    package func checkIdentity() throws(StorageError) {
        try root.checkIdentity()
        try lock?.checkIdentity()
    }

    /// Gives the lock back. The directory must not be written after that.
    public func release() {
        lock?.release()
    }
}

extension UInt8 {
    fileprivate static let hexadecimalDigits = Set("0123456789abcdef".utf8)
}
