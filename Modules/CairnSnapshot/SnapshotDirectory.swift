// SPDX-License-Identifier: Apache-2.0
//
// - Only files whose names follow ``SnapshotName`` are ever renamed or removed.
// - The directory `snapshots` is made, and its entry synced, before the first file in it.
// - After a failed sync of the directory nothing more is written, removed or promised.

public import CairnCodec
public import CairnFormat
public import CairnIO
public import CairnLSN

/// The snapshots of one store: the directory `snapshots` within its root.
///
/// The lock of the store keeps other processes away; this type does not take one. Calls may be made
/// from any thread.
public final class SnapshotDirectory: Sendable {
    private struct State: Sendable {
        var directory: (any VirtualDirectory)?
        var isDurable = false
        var isPoisoned = false
        var writing: Set<SnapshotName> = []
    }

    /// Where the snapshots of a store lie.
    package static let snapshotsName: FileName = "snapshots"

    private let name: FileName
    private let root: any VirtualDirectory
    private let access: FileAccess
    private let environment: StorageEnvironment
    private let encryption: (any StoreCipher)?
    private let compressor: (any BatchCompressor)?
    /// The compressors that chunks may need, for reading.
    private let decompressors: [any BatchCompressor]
    private let state: Locked<State>

    private init(
        _ name: FileName, root: any VirtualDirectory, directory: (any VirtualDirectory)?,
        access: FileAccess, environment: StorageEnvironment, encryption: (any StoreCipher)?,
        compressor: (any BatchCompressor)?, decompressors: [any BatchCompressor]
    ) {
        self.encryption = encryption
        self.compressor = compressor
        self.decompressors = [compressor].compactMap(\.self) + decompressors
        self.name = name
        self.root = root
        self.access = access
        self.environment = environment
        state = Locked(State(directory: directory))
    }

    /// Opens the snapshots in `root`. Where there is no such directory, there are no snapshots; it is
    /// made when the first one is written. Opening writes nothing.
    ///
    /// - Parameters:
    ///   - root: The directory of the store.
    ///   - access: For reading only, or also for writing.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - encryption: The keys of the store. With them snapshots are encrypted, and those that are not are refused
    ///     unless the keys allow them. Without, encrypted snapshots are checked and cannot be read.
    ///   - compressor: Makes the chunks of new snapshots smaller, each by itself; nil to store them as they are.
    ///   - decompressors: Further compressors that snapshots may need, for reading. Without its compressor a snapshot is
    ///     checked and cannot be read.
    /// - Throws: ``SnapshotError`` with code `.io`.
    public static func open(
        in root: any VirtualDirectory, access: FileAccess, environment: StorageEnvironment,
        encryption: (any StoreCipher)? = nil, compressor: (any BatchCompressor)? = nil,
        decompressors: [any BatchCompressor] = []
    ) throws(SnapshotError) -> SnapshotDirectory {
        try open(
            snapshotsName, in: root, access: access, environment: environment,
            encryption: encryption, compressor: compressor, decompressors: decompressors)
    }

    /// Opens a directory of another name whose files have the form of snapshots; see the other method.
    package static func open(
        _ name: FileName, in root: any VirtualDirectory, access: FileAccess,
        environment: StorageEnvironment, encryption: (any StoreCipher)? = nil,
        compressor: (any BatchCompressor)? = nil, decompressors: [any BatchCompressor] = []
    ) throws(SnapshotError) -> SnapshotDirectory {
        var directory: (any VirtualDirectory)?
        do throws(StorageError) {
            directory = try root.openDirectory(name)
        } catch {
            guard error.code == .notFound else { throw SnapshotError(error, fence: nil) }
        }
        return SnapshotDirectory(
            name, root: root, directory: directory, access: access, environment: environment,
            encryption: encryption, compressor: compressor, decompressors: decompressors)
    }

    /// The fence that the name of a snapshot says; nil for another name.
    package static func fenceInName(_ name: FileName) -> LSN? {
        if case .snapshot(let fence) = SnapshotName(name) { fence } else { nil }
    }

    /// The snapshots there are, by ascending fence. Their content was not looked at. Files with other
    /// names do not count.
    ///
    /// - Throws: ``SnapshotError`` with code `.io`.
    public func list() throws(SnapshotError) -> [SnapshotInfo] {
        try names().compactMap {
            guard case .snapshot(let fence) = $0 else { return nil }
            return SnapshotInfo(fence: SnapshotFence(fence))
        }
    }

    /// Opens a snapshot and checks every byte of it.
    ///
    /// - Throws: As ``SnapshotReader/init(_:expectedFence:expectedLogID:encryption:decompressors:)``, and `.notFound`.
    public func reader(
        _ info: SnapshotInfo, expectedLogID: LogID?
    ) throws(SnapshotError) -> SnapshotReader {
        try SnapshotReader(
            file(of: info), expectedFence: info.fence, expectedLogID: expectedLogID,
            encryption: encryption, decompressors: decompressors)
    }

    /// Opens a snapshot that is checked while it is read: see ``SnapshotReader/finish()``.
    ///
    /// - Throws: As ``reader(_:expectedLogID:)``.
    package func streamingReader(
        _ info: SnapshotInfo, expectedLogID: LogID?
    ) throws(SnapshotError) -> SnapshotReader {
        try SnapshotReader(
            streaming: file(of: info), expectedFence: info.fence, expectedLogID: expectedLogID,
            encryption: encryption, decompressors: decompressors)
    }

    /// The number of bytes of a snapshot.
    package func byteCount(of info: SnapshotInfo) throws(SnapshotError) -> UInt64 {
        let file = try file(of: info)
        do throws(StorageError) { return try file.byteCount() } catch {
            throw SnapshotError(error, fence: info.fence)
        }
    }

    private func file(of info: SnapshotInfo) throws(SnapshotError) -> any VirtualFile {
        let directory = state.withLock { $0.directory }
        guard let directory else { throw SnapshotError(code: .notFound, fence: info.fence) }
        do throws(StorageError) {
            return try directory.openFile(info.name.fileName, .readOnly)
        } catch {
            let code: SnapshotError.Code? =
                switch error.code {
                case .notFound: .notFound
                case .notAFile: .notASnapshot
                default: nil
                }
            guard let code else { throw SnapshotError(error, fence: info.fence) }
            throw SnapshotError(code: code, fence: info.fence, cause: error)
        }
    }

    /// Reads all of a snapshot, its chunks one by one, and checks everything.
    ///
    /// - Throws: As ``reader(_:expectedLogID:)``.
    /// - Complexity: O(*n*) in the bytes of the file, which is read once.
    @discardableResult
    public func verify(
        _ info: SnapshotInfo, expectedLogID: LogID?
    ) throws(SnapshotError) -> SnapshotSummary {
        var reader = try streamingReader(info, expectedLogID: expectedLogID)
        try reader.verify()
        return reader.summary
    }

    /// Begins a snapshot under a temporary name.
    ///
    /// When an intact snapshot of the same log and fence is there, the writer is redundant and writes
    /// nothing. When a damaged one is there, ``SnapshotWriter/finish()`` renames it to
    /// `<name>.<16 hex digits>.damaged` in the same directory and takes its place; such files are
    /// evidence, and no call removes them.
    ///
    /// - Throws: ``SnapshotError`` with code `.readOnly`, `.poisoned`, `.io`, and `.foreignLog`, `.encryption` or
    ///   `.unsupportedVersion` when a snapshot of the same fence is intact but not ours to replace.
    public func writer(
        logID: LogID, fence: SnapshotFence
    ) throws(SnapshotError) -> SnapshotWriter {
        let info = SnapshotInfo(fence: fence)
        let directory = try writableDirectory()
        if try isIntact(info, logID: logID) {
            return try SnapshotWriter(
                info, logID: logID, file: nil, encryption: nil, compressor: nil)
        }
        let name = SnapshotName.creating(fence.lsn, environment.randomness.next())
        // Registered before it exists, so that a call that removes leftovers never meets it unknown.
        state.withLock { _ = $0.writing.insert(name) }
        let file: any VirtualFile
        do throws(StorageError) {
            file = try directory.createFile(name.fileName)
        } catch {
            forget(name)
            throw SnapshotError(error, fence: fence)
        }
        let temporary = TemporarySnapshot(
            file, named: name, in: directory, of: self, fence: fence, logID: logID)
        return try SnapshotWriter(
            info, logID: logID, file: temporary, encryption: encryption, compressor: compressor)
    }
}

extension SnapshotDirectory {
    /// The names that follow our pattern, in their order; none where there is no directory.
    ///
    /// An entry with the name of a snapshot counts also when it is no file: passed over here, it would be found only when
    /// a snapshot is to take its place.
    func names() throws(SnapshotError) -> [SnapshotName] {
        guard let directory = state.withLock({ $0.directory }) else { return [] }
        do throws(StorageError) {
            return try directory.list().compactMap { entry in
                guard let name = entry.name.flatMap(SnapshotName.init) else { return nil }
                if case .snapshot = name { return name }
                return entry.kind == .file ? name : nil
            }
        } catch {
            throw SnapshotError(error, fence: nil)
        }
    }

    /// Whether the snapshot is there and right. A damaged or missing one is not; one that may be right
    /// for another log is an error.
    private func isIntact(_ info: SnapshotInfo, logID: LogID) throws(SnapshotError) -> Bool {
        do throws(SnapshotError) {
            try verify(info, expectedLogID: logID)
            return true
        } catch {
            guard error.code == .notFound || error.provesDamage else { throw error }
            return false
        }
    }

    /// Makes room for a new snapshot: what is damaged is renamed, durably, so that no crash shows the
    /// new one without the old one under its new name. What is intact stays.
    ///
    /// - Throws: ``SnapshotError`` with code `.exists` when it is intact, and as ``writer(logID:fence:)``.
    func clear(
        _ fence: SnapshotFence, logID: LogID, in directory: any VirtualDirectory
    ) throws(SnapshotError) {
        let info = SnapshotInfo(fence: fence)
        do throws(SnapshotError) {
            try verify(info, expectedLogID: logID)
            throw SnapshotError(code: .exists, fence: fence)
        } catch {
            if error.code == .notFound { return }
            guard error.provesDamage else { throw error }
        }
        let aside = SnapshotName.damaged(fence.lsn, environment.randomness.next())
        do throws(StorageError) {
            try directory.rename(info.name.fileName, to: aside.fileName)
            do throws(StorageError) {
                try directory.sync()
            } catch {
                poison()
                throw error
            }
        } catch {
            throw SnapshotError(error, fence: fence)
        }
    }

    /// The directory, made and durable.
    ///
    /// - Throws: ``SnapshotError`` with code `.readOnly`, `.poisoned` or `.io`.
    func writableDirectory() throws(SnapshotError) -> any VirtualDirectory {
        guard access == .readWrite else { throw SnapshotError(code: .readOnly) }
        let (known, isDurable, isPoisoned) = state.withLock {
            ($0.directory, $0.isDurable, $0.isPoisoned)
        }
        guard !isPoisoned else { throw SnapshotError(code: .poisoned) }
        if let known, isDurable { return known }
        do throws(StorageError) {
            let directory = if let known { known } else { try makeDirectory() }
            // Also when it was there: the process that made it may have died before the sync.
            do throws(StorageError) {
                try root.sync()
            } catch {
                poison()
                throw error
            }
            state.withLock {
                $0.directory = directory
                $0.isDurable = true
            }
            return directory
        } catch {
            throw SnapshotError(error, fence: nil)
        }
    }

    private func makeDirectory() throws(StorageError) -> any VirtualDirectory {
        do throws(StorageError) {
            return try root.createDirectory(name)
        } catch {
            guard error.code == .exists else { throw error }
            return try root.openDirectory(name)
        }
    }

    /// The temporary files that a writer of this process is at work on.
    func isWriting(_ name: SnapshotName) -> Bool {
        state.withLock { $0.writing.contains(name) }
    }

    /// Says that a temporary file is no longer at work on.
    func forget(_ name: SnapshotName) {
        state.withLock { _ = $0.writing.remove(name) }
    }

    /// Says that a sync of a directory failed.
    func poison() {
        state.withLock { $0.isPoisoned = true }
    }
}
