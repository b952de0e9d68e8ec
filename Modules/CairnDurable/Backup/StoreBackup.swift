// SPDX-License-Identifier: Apache-2.0

public import CairnIO
internal import CairnLSN
internal import CairnLog
public import CairnSegments
internal import CairnSnapshot
public import SystemPackage

/// Backups of stores, whatever their program.
public enum StoreBackup {
    /// Copies the store at `path` into a new backup below `directory`, while others read and write it.
    ///
    /// On return the backup is whole and durable. What an earlier backup in `directory` has is not copied again: on a
    /// file system with hard links it takes no space either. An interrupted call leaves no backup, and the next one
    /// removes what it left.
    ///
    /// - Parameters:
    ///   - path: The directory of the store.
    ///   - options: The options of the backup.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - directory: Where the backups of the store lie, one directory each. It is created when it is missing.
    /// - Throws: ``DurableError`` with code `.damaged` for a store whose files do not hold; `.inUse` when another backup
    ///   into the same directory is under way; `.io`.
    public static func make(
        of path: FilePath, to directory: FilePath, options: BackupOptions = BackupOptions(),
        environment: StorageEnvironment = .system
    ) throws(DurableError) -> Backup {
        do {
            let store = try StoreDirectory.openForReading(path, environment)
            defer { store.release() }
            let root = try environment.fileSystem.openDirectory(directory, creating: true)
            let lock = try root.lock(StoreDirectory.lockName, .exclusive)
            defer { lock?.release() }
            var run = try BackupRun(store, to: root, options, environment)
            return try run.run()
        } catch {
            throw DurableError(anyOf: error)
        }
    }

    /// Checks a backup, or all backups in a directory of backups, against their manifests: every byte of every file.
    ///
    /// - Returns: What was found; empty when every backup is whole.
    /// - Throws: ``DurableError`` with code `.notAStore` when there is no backup, or `.io`.
    public static func verify(
        _ path: FilePath, environment: StorageEnvironment = .system
    ) throws(DurableError) -> [Finding] {
        do {
            let root = try environment.fileSystem.openDirectory(path, creating: false)
            if try root.list().contains(where: { $0.name == StoreDirectory.backupName }) {
                return try BackupCheck(root, prefix: "", environment).run()
            }
            let names = try root.list().compactMap { $0.name.flatMap(BackupName.init) }.sorted()
            guard !names.isEmpty else {
                throw LogError(
                    code: .damaged,
                    finding: Finding(
                        verdict: .notALog, file: ".", meaning: "there is no backup in \(path)"))
            }
            return try names.flatMap { name in
                let directory = try root.openDirectory(name.fileName)
                return try BackupCheck(directory, prefix: "\(name.fileName)/", environment).run()
            }
        } catch {
            throw DurableError(anyOf: error)
        }
    }
}

extension Durable {
    /// Copies the store into a new backup below `directory`, while it is read and written; see
    /// ``StoreBackup/make(of:to:options:environment:)``.
    ///
    /// Everything that was committed with the level `.durable` before the call is in it.
    public func backup(
        to directory: FilePath, options: BackupOptions = BackupOptions()
    ) throws(DurableError) -> Backup {
        refuseCallFromBody("backup")
        return try StoreBackup.make(
            of: storePath, to: directory, options: options, environment: environment)
    }

    /// Makes a backup without blocking the thread; see the other method.
    public func backup(
        to directory: FilePath, options: BackupOptions = BackupOptions()
    ) async throws(DurableError) -> Backup {
        try await withBlockingThread { [self] () throws(DurableError) in
            try backup(to: directory, options: options)
        }
    }
}

/// Compares a backup with its manifest.
struct BackupCheck {
    private let root: any VirtualDirectory
    private let prefix: String
    private let environment: StorageEnvironment

    init(_ root: any VirtualDirectory, prefix: String, _ environment: StorageEnvironment) {
        self.root = root
        self.prefix = prefix
        self.environment = environment
    }

    func run() throws -> [Finding] {
        let manifest: BackupManifest
        do throws(SnapshotError) {
            guard let read = try BackupManifest.read(in: root, nil, environment) else {
                return [finding("backup", nil, "the backup has no manifest: it was interrupted")]
            }
            manifest = read
        } catch {
            guard error.code != .io else { throw error }
            return [finding("backup", error.offset, "the manifest cannot be read: \(error)")]
        }
        var findings: [Finding] = []
        for entry in manifest.files { findings += try check(entry) }
        let known = Set(manifest.files.map(\.path))
        for path in try files() where !known.contains(path) {
            findings.append(finding(path, nil, "the manifest does not know this file; remove it"))
        }
        return findings
    }

    private func check(_ entry: BackupManifest.Entry) throws(StorageError) -> [Finding] {
        let parts = entry.path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let folder = FileName(String(parts[0])),
            let name = FileName(String(parts[1]))
        else { return [finding("backup", nil, "the manifest names no file: \(entry.path)")] }
        do throws(StorageError) {
            let found = try FileCopier.checksum(of: name, in: try root.openDirectory(folder))
            if found == (entry.byteCount, entry.checksum) { return [] }
            return [
                finding(
                    entry.path, nil,
                    found.byteCount == entry.byteCount
                        ? "the file was changed after the backup was made"
                        : "the file has \(found.byteCount) bytes and not \(entry.byteCount)")
            ]
        } catch {
            guard error.code == .notFound else { throw error }
            return [finding(entry.path, nil, "the file is missing")]
        }
    }

    private func files() throws(StorageError) -> [String] {
        var paths: [String] = []
        for entry in try root.list() where entry.kind == .directory {
            guard let name = entry.name, name != StoreDirectory.backupName else { continue }
            for file in try root.openDirectory(name).list() {
                paths.append("\(name)/\(file.name?.string ?? "?")")
            }
        }
        return paths
    }

    private func finding(_ file: String, _ offset: UInt64?, _ meaning: String) -> Finding {
        Finding(verdict: .corruption, file: prefix + file, offset: offset, meaning: meaning)
    }
}
