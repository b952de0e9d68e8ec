// SPDX-License-Identifier: Apache-2.0

internal import CCairnSystem
internal import SystemPackage

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// A directory, held by its descriptor: renaming it underneath changes nothing that is done through it, and is
/// noticed by ``checkIdentity()``.
final class POSIXDirectory: VirtualDirectory {
    let path: FilePath
    /// The same place whatever the working directory becomes.
    private let absolutePath: FilePath
    private let descriptor: Int32

    init(descriptor: Int32, path: FilePath, absolutePath: FilePath) {
        self.descriptor = descriptor
        self.path = path
        self.absolutePath = absolutePath
    }

    deinit { _ = close(descriptor) }

    func list() throws(StorageError) -> [VirtualDirectoryEntry] {
        // fdopendir takes the descriptor over, so it gets one of its own, with a position of its own.
        let own = cairn_openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        guard own >= 0 else { throw StorageError(.current, operation: .list, path: path) }
        guard let stream = fdopendir(own) else {
            _ = close(own)
            throw StorageError(.current, operation: .list, path: path)
        }
        defer { closedir(stream) }
        var entries: [VirtualDirectoryEntry] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw StorageError(.current, operation: .list, path: path) }
                break
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(
                    to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)
                ) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            entries.append(VirtualDirectoryEntry(name: FileName(name), kind: try kind(of: name)))
        }
        return entries.sorted { ($0.name?.string ?? "") < ($1.name?.string ?? "") }
    }

    /// The kind of an entry. One that cannot be looked at is no stranger: a failing disk would turn every segment into
    /// one, and a store with a history into an empty one.
    private func kind(of name: String) throws(StorageError) -> VirtualDirectoryEntry.Kind {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            // Removed since it was listed.
            if errno == ENOENT { return .other }
            throw StorageError(.current, operation: .list, path: path.appending(name))
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        default: return .other
        }
    }

    func openFile(_ name: FileName, _ access: FileAccess) throws(StorageError) -> any VirtualFile {
        let mode = access == .readOnly ? O_RDONLY : O_RDWR
        // O_NONBLOCK keeps the opening of a planted pipe from waiting; it changes nothing for a file.
        let opened = retryingInterrupts {
            cairn_openat(descriptor, name.string, mode | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0)
        }
        guard opened >= 0 else { throw error(.open, name) }
        let file = POSIXFile(
            descriptor: aboveStandardStreams(opened), path: path.appending(name.string), access)
        guard try file.isRegular() else {
            throw StorageError(code: .notAFile, operation: .open, path: path.appending(name.string))
        }
        return file
    }

    func createFile(_ name: FileName) throws(StorageError) -> any VirtualFile {
        let created = retryingInterrupts {
            cairn_openat(
                descriptor, name.string, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        }
        guard created >= 0 else { throw error(.create, name) }
        return POSIXFile(
            descriptor: aboveStandardStreams(created), path: path.appending(name.string),
            .readWrite)
    }

    func openDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory {
        let opened = retryingInterrupts {
            cairn_openat(
                descriptor, name.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW, 0)
        }
        guard opened >= 0 else { throw error(.open, name) }
        return POSIXDirectory(
            descriptor: aboveStandardStreams(opened), path: path.appending(name.string),
            absolutePath: absolutePath.appending(name.string))
    }

    func createDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory {
        guard mkdirat(descriptor, name.string, 0o700) == 0 else { throw error(.create, name) }
        return try openDirectory(name)
    }

    func rename(_ name: FileName, to newName: FileName) throws(StorageError) {
        guard cairn_rename_new(descriptor, name.string, newName.string) == 0 else {
            throw error(.rename, Errno.current == .fileExists ? newName : name)
        }
    }

    func replace(_ name: FileName, with newFile: FileName) throws(StorageError) {
        // A rename would also make the name where there was none.
        guard try identity(of: name) != nil else {
            throw StorageError(
                .noSuchFileOrDirectory, operation: .rename, path: path.appending(name.string))
        }
        guard renameat(descriptor, newFile.string, descriptor, name.string) == 0 else {
            throw error(.rename, newFile)
        }
    }

    func link(_ name: FileName, from other: any VirtualDirectory) throws(StorageError) {
        guard let other = other as? POSIXDirectory else {
            throw StorageError(
                .notSupported, operation: .create, path: path.appending(name.string))
        }
        guard linkat(other.descriptor, name.string, descriptor, name.string, 0) == 0 else {
            throw error(.create, name)
        }
    }

    func remove(_ name: FileName) throws(StorageError) {
        guard unlinkat(descriptor, name.string, 0) == 0 else { throw error(.remove, name) }
    }

    func sync() throws(StorageError) {
        guard retryingInterrupts({ cairn_sync_directory(descriptor) }) == 0 else {
            throw StorageError(.current, operation: .sync, path: path)
        }
    }

    func lock(_ name: FileName, _ mode: LockMode) throws(StorageError) -> (any DirectoryLock)? {
        let flags = mode == .exclusive ? O_RDWR | O_CREAT : O_RDONLY
        let opened = retryingInterrupts {
            cairn_openat(
                descriptor, name.string, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        }
        guard opened >= 0 else {
            let error = error(.lock, name)
            if mode == .shared, error.code == .notFound { return nil }
            throw error
        }
        return try POSIXLock(
            descriptor: aboveStandardStreams(opened), mode, name, in: self)
    }

    func lockFile(
        _ name: FileName, _ mode: LockMode, standingFor standing: FileName
    ) throws(StorageError) -> any DirectoryLock {
        let opened = retryingInterrupts {
            cairn_openat(
                descriptor, name.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0)
        }
        guard opened >= 0 else { throw error(.lock, name) }
        return try POSIXLock(
            descriptor: aboveStandardStreams(opened), mode, standing, in: self, namesHolder: false)
    }

    func checkIdentity() throws(StorageError) {
        let own = try identity()
        var status = stat()
        guard absolutePath.withPlatformString({ stat($0, &status) }) == 0 else {
            let errno = Errno.current
            // Any other error, such as a permission that was taken away above, does not tell who is there.
            guard errno == .noSuchFileOrDirectory || errno == .notDirectory else { return }
            throw StorageError(code: .replaced, operation: .open, path: path, errno: errno)
        }
        guard FileIdentity(status) == own else {
            throw StorageError(code: .replaced, operation: .open, path: path)
        }
    }

    private func identity() throws(StorageError) -> FileIdentity {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw StorageError(.current, operation: .stat, path: path)
        }
        return FileIdentity(status)
    }

    /// Which file a name stands for now, links not followed; nil when there is none.
    func identity(of name: FileName) throws(StorageError) -> FileIdentity? {
        var status = stat()
        guard fstatat(descriptor, name.string, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            guard Errno.current == .noSuchFileOrDirectory else { throw error(.stat, name) }
            return nil
        }
        return FileIdentity(status)
    }

    private func error(_ operation: StorageError.Operation, _ name: FileName) -> StorageError {
        StorageError(.current, operation: operation, path: path.appending(name.string))
    }
}
