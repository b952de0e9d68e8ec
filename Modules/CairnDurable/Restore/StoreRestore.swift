// SPDX-License-Identifier: Apache-2.0

public import CairnCodec
public import CairnFormat
public import CairnIO
internal import CairnLSN
public import CairnLog
internal import CairnSegments
internal import CairnSnapshot
public import SystemPackage

/// Restores of stores, whatever their program.
public enum StoreRestore {
    /// Finds out what a restore would do. Writes nothing.
    ///
    /// - Parameters:
    ///   - target: The moment to restore.
    ///   - encryption: The keys of the source, where it is encrypted.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - source: A store, also one that another process writes; a backup; or a directory of backups, of which
    ///     the first one that has the moment is taken.
    /// - Throws: ``DurableError`` with code `.outOfReach` for a moment that the source does not have; `.damaged`, `.io`.
    public static func plan(
        from source: FilePath, to target: RestoreTarget, encryption: (any StoreCipher)? = nil,
        environment: StorageEnvironment = .system
    ) throws(DurableError) -> RestorePlan {
        do {
            return try withSource(source, target, .reading(encryption), environment) { $0.plan }
        } catch {
            throw DurableError(anyOf: error)
        }
    }

    /// Restores a moment of a store into a new one. The source is not changed.
    ///
    /// On return the new store is durable, and was read back and compared with the source. It is a timeline of its own:
    /// its log has a new identity and names the one that it comes from (``ancestors(_:environment:)``).
    ///
    /// - Parameters:
    ///   - source: A store, or a backup of one.
    ///   - target: The moment to restore.
    ///   - encryption: The keys of the source, where it is encrypted. The new store is encrypted with the current one,
    ///     also when the source is not and the keys allow plain files.
    ///   - decompressors: The compressors that the snapshots may need; they stay compressed.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - directory: The new store; missing or empty. An interrupted restore leaves one that does not open.
    /// - Throws: As ``plan(from:to:encryption:environment:)``, and `.notAStore` for a directory that holds files.
    public static func restore(
        from source: FilePath, to target: RestoreTarget, into directory: FilePath,
        encryption: (any StoreCipher)? = nil, decompressors: [any BatchCompressor] = [],
        environment: StorageEnvironment = .system
    ) throws(DurableError) -> Restored {
        let options = LogOptions.reading(encryption, decompressors)
        do {
            return try withSource(source, target, options, environment) { run in
                let root = try environment.fileSystem.openDirectory(directory, creating: true)
                guard try root.list().isEmpty else {
                    throw StorageError(code: .notEmpty, operation: .create, path: directory)
                }
                let lock = try root.lock(StoreDirectory.lockName, .exclusive)
                defer { lock?.release() }
                let (logID, proof) = try run.run(into: root)
                return Restored(plan: run.plan, logID: logID, proof: proof)
            }
        } catch {
            throw DurableError(anyOf: error)
        }
    }

    /// The logs that the store at `path` was restored from, the nearest first; none for a store that was not.
    ///
    /// - Throws: ``DurableError``.
    public static func ancestors(
        _ path: FilePath, environment: StorageEnvironment = .system
    ) throws(DurableError) -> [Ancestor] {
        do {
            let store = try StoreDirectory.openForReading(path, environment)
            defer { store.release() }
            let identity = try WriteAheadLog.identity(in: store, environment: environment)
            return try Timeline.read(in: store, identity, environment).ancestors
        } catch {
            throw DurableError(anyOf: error)
        }
    }

    private static func withSource<Result>(
        _ path: FilePath, _ target: RestoreTarget, _ options: LogOptions,
        _ environment: StorageEnvironment,
        _ body: (RestoreRun) throws -> Result
    ) throws -> Result {
        let root = try environment.fileSystem.openDirectory(path, creating: false)
        let backups = try root.list().compactMap { $0.name.flatMap(BackupName.init) }.sorted()
        guard !backups.isEmpty else {
            return try withStore(path, target, options, environment, body)
        }
        guard Set(backups.map(\.log)).count == 1 else { throw DurableError(code: .foreign) }
        var failure: any Error = DurableError(code: .outOfReach)
        let candidates = target == .latest ? backups.reversed() : backups
        for backup in candidates {
            do {
                return try withStore(
                    path.appending(backup.fileName.string), target, options, environment, body)
            } catch let error as DurableError where error.code == .outOfReach {
                failure = error
            }
        }
        throw failure
    }

    private static func withStore<Result>(
        _ path: FilePath, _ target: RestoreTarget, _ options: LogOptions,
        _ environment: StorageEnvironment,
        _ body: (RestoreRun) throws -> Result
    ) throws -> Result {
        let store = try StoreDirectory.openForReading(path, environment)
        defer { store.release() }
        // Its own checksums say more than the log, whose end may have been cut.
        let findings =
            if store.isArchive {
                try StoreArchive.check(
                    DirectoryArchive(path, environment: environment), environment
                ).findings
            } else if try store.root.list().contains(where: {
                $0.name == StoreDirectory.backupName
            }) {
                try BackupCheck(store.root, prefix: "", environment).run()
            } else { [Finding]() }
        if let finding = findings.first {
            throw LogError(code: .damaged, finding: finding, lsn: finding.lsn)
        }
        return try body(try RestoreRun(store, target, options, environment))
    }
}

extension Durable {
    /// Restores a moment of a store of this program into a new one, and replays the new one by its program: the state is
    /// compared with the digest of each checkpoint; see
    /// ``StoreRestore/restore(from:to:into:encryption:decompressors:environment:)``.
    ///
    /// - Parameters:
    ///   - source: A store, or a backup of one.
    ///   - target: The moment to restore.
    ///   - directory: The new store; missing or empty.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - options: How its batches may be compressed, and the keys.
    /// - Throws: ``DurableError``, as there; `.damaged` when the state is not the one that was there: the new store is
    ///   complete then, and ``prove(_:upTo:options:environment:)`` says where it differs.
    public static func restore(
        from source: FilePath, to target: RestoreTarget = .latest, into directory: FilePath,
        options: LogOptions = LogOptions(), environment: StorageEnvironment = .system
    ) throws(DurableError) -> Restored {
        let restored = try StoreRestore.restore(
            from: source, to: target, into: directory, encryption: options.encryption,
            decompressors: options.allDecompressors, environment: environment)
        var proof = restored.proof
        let replay = try prove(directory, options: options, environment: environment)
        guard replay.holds else {
            throw DurableError(
                LogError(
                    code: .damaged,
                    finding: Finding(
                        verdict: .corruption, file: ".", lsn: replay.lastLSN,
                        meaning: replay.description), lsn: replay.lastLSN))
        }
        proof.replay = replay
        return Restored(plan: restored.plan, logID: restored.logID, proof: proof)
    }
}
