// SPDX-License-Identifier: Apache-2.0

public import CairnDurable
public import CairnIO
internal import CairnLog
public import SystemPackage

/// Makes containers of the directories of stores, and directories of containers.
public enum StoreContainer {
    /// Copies the store in a directory into a new container.
    ///
    /// On return the container is whole and durable. It has its name only then: an interrupted call leaves
    /// `<name>.packing`, which the next one removes. Prepared segments and the zeros behind the log are left out, so it is
    /// no larger than what the store holds. No process may write to the store meanwhile.
    ///
    /// - Parameters:
    ///   - directory: The directory of the store.
    ///   - container: The file; it must not exist.
    ///   - environment: The file system and the random numbers to use.
    /// - Throws: ``/CairnDurable/DurableError`` with code `.inUse` while a process writes to the store, `.notAStore` when
    ///   there is none, or `.io`, when the name is taken, too.
    /// - Complexity: O(*n*) in the bytes of the store, in bounded memory.
    public static func pack(
        _ directory: FilePath, into container: FilePath, environment: StorageEnvironment = .system
    ) throws(DurableError) {
        do {
            let store = try opened(directory, environment)
            defer { store.release() }
            let (base, name) = try place(container, environment)
            try expectFree(name, in: base)
            let temporary = try temporaryName(name, ".packing", container)
            try ContainerCore.removeLeftover(temporary, in: base)
            try NewContainer.create(temporary, in: base, environment)
            do {
                try fill(temporary, in: base, from: store.root, environment)
                try base.rename(temporary, to: name)
            } catch {
                try? base.remove(temporary)
                throw error
            }
            try base.sync()
        } catch {
            throw DurableError(anyOf: error)
        }
    }

    /// Copies the store in a container into a new directory.
    ///
    /// On return the directory is whole and durable. It has its name only then: an interrupted call leaves
    /// `<name>.unpacking`, and the next one goes on in it. No process may write to the container meanwhile.
    ///
    /// - Parameters:
    ///   - container: The file.
    ///   - directory: The directory; it must not exist.
    ///   - environment: The file system to use.
    /// - Throws: As ``pack(_:into:environment:)``; `.damaged` for a container that cannot be read.
    public static func unpack(
        _ container: FilePath, into directory: FilePath, environment: StorageEnvironment = .system
    ) throws(DurableError) {
        do {
            let store = try opened(container, environment.withContainers())
            defer { store.release() }
            let (base, name) = try place(directory, environment)
            try expectFree(name, in: base)
            let temporary = try temporaryName(name, ".unpacking", directory)
            let target = try folder(temporary, in: base)
            try base.sync()
            try StoreCopy(trimsLog: false).copy(store.root, to: target)
            try base.rename(temporary, to: name)
            try base.sync()
        } catch {
            throw DurableError(anyOf: error)
        }
    }

    private static func opened(
        _ path: FilePath, _ environment: StorageEnvironment
    ) throws -> StoreDirectory {
        let store = try StoreDirectory.open(
            path, access: .readOnly, createIfMissing: false, environment: environment)
        guard try store.root.list().contains(where: { $0.name == "log" }) else {
            store.release()
            throw StorageError(code: .noStore, operation: .open, path: path)
        }
        return store
    }

    private static func place(
        _ path: FilePath, _ environment: StorageEnvironment
    ) throws(StorageError) -> (base: any VirtualDirectory, name: FileName) {
        guard let name = path.lastComponent.flatMap({ FileName($0.string) }) else {
            throw StorageError(.invalidArgument, operation: .create, path: path)
        }
        let parent = path.removingLastComponent()
        let base = try environment.fileSystem.openDirectory(
            parent.isEmpty ? "." : parent, creating: false)
        return (base, name)
    }

    private static func expectFree(
        _ name: FileName, in base: any VirtualDirectory
    ) throws(StorageError) {
        guard try !base.list().contains(where: { $0.name == name }) else {
            throw StorageError(
                .fileExists, operation: .create, path: base.path.appending(name.string))
        }
    }

    private static func temporaryName(
        _ name: FileName, _ suffix: String, _ path: FilePath
    ) throws(StorageError) -> FileName {
        guard let temporary = FileName(name.string + suffix) else {
            throw StorageError(.fileNameTooLong, operation: .create, path: path)
        }
        return temporary
    }

    private static func fill(
        _ name: FileName, in base: any VirtualDirectory, from source: any VirtualDirectory,
        _ environment: StorageEnvironment
    ) throws {
        let core = try ContainerCore.open(name, in: base, environment)
        let root = ContainerDirectory(core, ContainerTree.root, [], core.path)
        try StoreCopy(trimsLog: true).copy(source, to: root)
        core.resign()
        // The space that was not needed is given back.
        let file = try base.openFile(name, .readWrite)
        try file.sync()
        try file.close()
    }

    /// A directory, made when it is missing.
    static func folder(
        _ name: FileName, in directory: any VirtualDirectory
    ) throws(StorageError) -> any VirtualDirectory {
        do throws(StorageError) { return try directory.createDirectory(name) } catch {
            guard error.code == .exists else { throw error }
            return try directory.openDirectory(name)
        }
    }
}
