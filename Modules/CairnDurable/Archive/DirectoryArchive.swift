// SPDX-License-Identifier: Apache-2.0

public import CairnIO
public import SystemPackage

/// An archive in a directory, which may lie on another file system.
///
/// It has the folders of a store, so every command that reads a store reads it, too: it opens for reading, can be
/// verified, restored from and drilled. An object is written under another name, synced, renamed, and the directory
/// synced.
public struct DirectoryArchive: Archive {
    /// The path of the directory that holds the archive.
    public let path: FilePath
    private let environment: StorageEnvironment

    /// An archive at `path`, which is created with the first object.
    public init(_ path: FilePath, environment: StorageEnvironment = .system) {
        self.path = path
        self.environment = environment
    }

    /// Stores an object in a file; see ``Archive/put(_:_:)``.
    public func put(
        _ name: ArchiveObjectName, _ content: ArchiveContent
    ) throws(ArchiveError) -> Bool {
        let folder = try folder(for: name)
        if try isThere(name, in: folder) { return false }
        return try make(name, in: folder) { (receive) throws(ArchiveError) in
            try content.read(receive)
            return true
        }
    }

    /// Stores an object that another archive gives, unless there is one of that name.
    ///
    /// - Returns: False when the other one has none.
    func receive(
        _ name: ArchiveObjectName,
        _ give: ((RawSpan) throws(ArchiveError) -> Void) throws(ArchiveError) -> Bool
    ) throws(ArchiveError) -> Bool {
        let folder = try folder(for: name)
        if try isThere(name, in: folder) { return true }
        return try make(name, in: folder, give)
    }

    /// Reads a file; see ``Archive/get(_:_:)``.
    public func get(
        _ name: ArchiveObjectName, _ receive: (RawSpan) throws(ArchiveError) -> Void
    ) throws(ArchiveError) -> Bool {
        let file: any VirtualFile
        let byteCount: UInt64
        do throws(StorageError) {
            file = try environment.fileSystem.openDirectory(path, creating: false)
                .openDirectory(name.folder).openFile(name.file, .readOnly)
            byteCount = try file.byteCount()
        } catch {
            if error.code == .notFound { return false }
            throw ArchiveError(code: .io, object: name, cause: error)
        }
        try file.forEachPiece(upTo: byteCount, receive)
        return true
    }

    /// Each file that an archive may have, as folder and name; what an interrupted call left is none.
    func files() throws(StorageError) -> [String] {
        var paths: [String] = []
        let root = try environment.fileSystem.openDirectory(path, creating: false)
        for entry in try root.list() where entry.kind == .directory {
            guard let folder = entry.name else { continue }
            for file in try root.openDirectory(folder).list() {
                guard let name = file.name else {
                    paths.append("\(folder)/?")
                    continue
                }
                if !name.string.hasSuffix(Self.making) { paths.append("\(folder)/\(name)") }
            }
        }
        return paths
    }

    // MARK: Making a file

    private static let making = ".creating"

    private func folder(for name: ArchiveObjectName) throws(ArchiveError) -> any VirtualDirectory {
        try about(name) { () throws(StorageError) in try makeFolder(name.folder) }
    }

    private func isThere(
        _ name: ArchiveObjectName, in folder: any VirtualDirectory
    ) throws(ArchiveError) -> Bool {
        try about(name) { () throws(StorageError) in try exists(name.file, in: folder) }
    }

    /// - Parameter give: Hands over the bytes; false when there are none after all.
    private func make(
        _ name: ArchiveObjectName, in folder: any VirtualDirectory,
        _ give: ((RawSpan) throws(ArchiveError) -> Void) throws(ArchiveError) -> Bool
    ) throws(ArchiveError) -> Bool {
        let making = try about(name) { () throws(StorageError) in try temporary(for: name.file) }
        let file = try about(name) { () throws(StorageError) in try create(making, in: folder) }
        do throws(ArchiveError) {
            var offset: UInt64 = 0
            let isGiven = try give { (bytes) throws(ArchiveError) in
                do throws(StorageError) { try file.write(bytes, at: offset) } catch {
                    throw ArchiveError(code: .io, object: name, cause: error)
                }
                offset += UInt64(bytes.byteCount)
            }
            return try about(name) { () throws(StorageError) in
                if isGiven { try file.sync() }
                try file.close()
                guard isGiven else {
                    try folder.remove(making)
                    return false
                }
                return try publish(making, as: name.file, in: folder)
            }
        } catch {
            try? folder.remove(making)
            throw error
        }
    }

    private func about<Value>(
        _ name: ArchiveObjectName, _ body: () throws(StorageError) -> Value
    ) throws(ArchiveError) -> Value {
        do throws(StorageError) { return try body() } catch {
            throw ArchiveError(code: .io, object: name, cause: error)
        }
    }

    private func makeFolder(_ name: FileName) throws(StorageError) -> any VirtualDirectory {
        let root = try environment.fileSystem.openDirectory(path, creating: true)
        do throws(StorageError) {
            let folder = try root.openDirectory(name)
            // It may have been made just before a crash of the process that did it.
            try root.sync()
            return folder
        } catch {
            guard error.code == .notFound else { throw error }
        }
        let made = try root.createDirectory(name)
        try root.sync()
        return made
    }

    private func exists(_ name: FileName, in folder: any VirtualDirectory) throws(StorageError)
        -> Bool
    {
        do throws(StorageError) {
            try folder.openFile(name, .readOnly).close()
            // It may have been renamed just before a crash of the process that did it.
            try folder.sync()
            return true
        } catch {
            guard error.code == .notFound else { throw error }
            return false
        }
    }

    private func temporary(for name: FileName) throws(StorageError) -> FileName {
        guard let temporary = FileName("\(name)\(Self.making)") else {
            throw StorageError(.fileNameTooLong, operation: .create, path: path)
        }
        return temporary
    }

    /// A new file in the place of one that an interrupted call left.
    private func create(_ name: FileName, in folder: any VirtualDirectory) throws(StorageError)
        -> any VirtualFile
    {
        do throws(StorageError) { return try folder.createFile(name) } catch {
            guard error.code == .exists else { throw error }
        }
        try folder.remove(name)
        return try folder.createFile(name)
    }

    private func publish(
        _ making: FileName, as name: FileName, in folder: any VirtualDirectory
    ) throws(StorageError) -> Bool {
        do throws(StorageError) { try folder.rename(making, to: name) } catch {
            guard error.code == .exists else { throw error }
            try folder.remove(making)
            try folder.sync()
            return false
        }
        try folder.sync()
        return true
    }
}
