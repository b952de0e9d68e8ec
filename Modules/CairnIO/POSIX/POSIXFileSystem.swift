// SPDX-License-Identifier: Apache-2.0

internal import CCairnSystem
public import SystemPackage

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// The file system of the operating system.
public struct POSIXFileSystem: VirtualFileSystem {
    /// The only one there is.
    public init() {}

    /// Opens, and on request creates, the directory at `path`.
    public func openDirectory(
        _ path: FilePath, creating: Bool
    ) throws(StorageError) -> any VirtualDirectory {
        do throws(StorageError) {
            let directory = try open(path)
            if creating { try syncParentOfExisting(path) }
            return directory
        } catch {
            if let errno = error.errno, error.code == .notADirectory {
                throw StorageError(errno, operation: .open, path: obstacle(to: path, errno))
            }
            guard creating, error.code == .notFound else { throw error }
        }
        let made = path.withPlatformString { mkdir($0, 0o700) }
        if made != 0, Errno.current != .fileExists {
            let errno = Errno.current
            throw StorageError(errno, operation: .create, path: obstacle(to: path, errno))
        }
        try openParent(of: path).sync()
        return try open(path)
    }

    /// The directory above `path` that an error of making it is about: the first that is missing or is none;
    /// `path` itself for any other error.
    private func obstacle(to path: FilePath, _ errno: Errno) -> FilePath {
        guard errno == .noSuchFileOrDirectory || errno == .notDirectory else { return path }
        var found = path
        var above = path.removingLastComponent()
        while !above.isEmpty, above != found {
            do throws(StorageError) {
                _ = try open(above)
                break
            } catch {
                guard error.code == .notFound || error.code == .notADirectory else { break }
                found = above
            }
            above = above.removingLastComponent()
        }
        return found
    }

    /// A process that made the directory may have died before it could sync the parent. Everything
    /// that is written into it would be lost with the entry.
    private func syncParentOfExisting(_ path: FilePath) throws(StorageError) {
        do throws(StorageError) {
            try openParent(of: path).sync()
        } catch {
            // A process that may not even read the parent was given a directory that another one made.
            guard error.code == .permissionDenied || error.code == .readOnly else { throw error }
        }
    }

    private func openParent(of path: FilePath) throws(StorageError) -> POSIXDirectory {
        let parent = path.removingLastComponent()
        return try open(parent.isEmpty ? "." : parent)
    }

    private func open(_ path: FilePath) throws(StorageError) -> POSIXDirectory {
        let descriptor = path.withPlatformString { name in
            retryingInterrupts {
                cairn_openat(AT_FDCWD, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
            }
        }
        guard descriptor >= 0 else { throw StorageError(.current, operation: .open, path: path) }
        return POSIXDirectory(
            descriptor: aboveStandardStreams(descriptor), path: path,
            absolutePath: absolute(path))
    }

    private func absolute(_ path: FilePath) -> FilePath {
        guard path.isRelative, let text = getcwd(nil, 0) else { return path }
        defer { free(text) }
        return FilePath(platformString: text).pushing(path)
    }
}

extension Errno {
    static var current: Errno {
        #if canImport(Darwin)
        Errno(rawValue: Darwin.errno)
        #elseif canImport(Musl)
        Errno(rawValue: Musl.errno)
        #else
        Errno(rawValue: Glibc.errno)
        #endif
    }
}

/// Repeats a call that a signal interrupted before it did anything.
func retryingInterrupts<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result != -1 || Errno.current != .interrupted { return result }
    }
}

/// Moves a descriptor away from 0, 1 and 2, where a stray message could be written into a store.
func aboveStandardStreams(_ descriptor: Int32) -> Int32 {
    guard (0...2).contains(descriptor) else { return descriptor }
    let moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    guard moved >= 0 else { return descriptor }
    _ = close(descriptor)
    return moved
}
