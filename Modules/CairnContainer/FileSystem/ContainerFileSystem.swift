// SPDX-License-Identifier: Apache-2.0

public import CairnIO
public import SystemPackage

/// A file system in which a container stands for the directory of a store: all files of the store lie in one file.
///
/// A path that leads to a regular file is opened as a container; everything else goes to the file system below. So
/// whatever works on the directory of a store works on a container:
///
/// ```swift
/// let environment = StorageEnvironment.system.withContainers(creating: "notes.cairn")
/// let notes = try Durable<Notes>.open("notes.cairn", environment: environment)
/// ```
///
/// - The container is at every instant a whole store. A copy that is made while nothing is written opens, and so does what a
///   crash leaves.
/// - A durable write into a file that has room is one durable write of the container, however large it is.
/// - Space of removed files is given back when half of the container is unused: the container is then written anew, as
///   `<name>.new`, and takes the old one's place.
/// - One process at a time has a container open for writing: the lock is on the file itself, and every name that is
///   passed to `lock` stands for it.
///
/// All calls may be made from any thread.
public final class ContainerFileSystem: VirtualFileSystem {
    private let environment: StorageEnvironment
    private let created: FilePath?
    private let cores = Locked<[FilePath: WeakCore]>([:])

    private struct WeakCore: Sendable {
        weak let core: ContainerCore?
    }

    /// The file system of `environment`, with containers.
    ///
    /// - Parameters:
    ///   - environment: What lies below: the file system, and the randomness that identities are drawn from.
    ///   - path: Where a container is made, instead of a directory, when nothing is there.
    public init(_ environment: StorageEnvironment, creating path: FilePath? = nil) {
        self.environment = environment
        created = path
    }

    /// Opens a container, or the directory at `path` as the file system below does.
    ///
    /// - Throws: ``/CairnIO/StorageError`` with code `.damaged`, `.unsupportedVersion` or `.notAContainer` for a file, and
    ///   what the file system below throws.
    public func openDirectory(
        _ path: FilePath, creating: Bool
    ) throws(StorageError) -> any VirtualDirectory {
        let below = environment.fileSystem
        let isOurs = path == created
        do throws(StorageError) {
            return try below.openDirectory(path, creating: creating && !isOurs)
        } catch {
            let isMissing = error.code == .notFound && isOurs && creating
            guard error.code == .notADirectory || isMissing else { throw error }
            guard let name = path.lastComponent.flatMap({ FileName($0.string) }) else {
                throw error
            }
            let parent = path.removingLastComponent()
            let base = try below.openDirectory(parent.isEmpty ? "." : parent, creating: false)
            return try open(path, name, in: base, creating: isMissing)
        }
    }

    private func open(
        _ path: FilePath, _ name: FileName, in base: any VirtualDirectory, creating: Bool
    ) throws(StorageError) -> any VirtualDirectory {
        if let core = cores.withLock({ $0[path]?.core }) {
            try core.refresh()
            return ContainerDirectory(core, ContainerTree.root, [], path)
        }
        if creating { try NewContainer.create(name, in: base, environment) }
        let core = try ContainerCore.open(name, in: base, environment)
        cores.withLock { cores in
            cores = cores.filter { $0.value.core != nil }
            cores[path] = WeakCore(core: core)
        }
        return ContainerDirectory(core, ContainerTree.root, [], path)
    }
}

extension StorageEnvironment {
    /// The same environment, in which a path to a container is taken where one to the directory of a store is.
    ///
    /// - Parameter path: Where a container is made, instead of a directory, when nothing is there.
    public func withContainers(creating path: FilePath? = nil) -> StorageEnvironment {
        var environment = self
        environment.fileSystem = ContainerFileSystem(self, creating: path)
        return environment
    }
}
