// SPDX-License-Identifier: Apache-2.0

public import CairnIO
internal import CairnLSN
public import CairnLog
internal import CairnSnapshot
public import SystemPackage

extension Durable {
    /// Recovers what can be read of a damaged store, into a new one. The damaged store is not changed.
    ///
    /// The recovered state begins with the newest snapshot that is intact. The transactions after it are applied up to the
    /// first loss, or as far as `choices` let it go on. The new store holds the result as a snapshot, and is a timeline of
    /// its own.
    ///
    /// - Parameters:
    ///   - path: The directory of the store.
    ///   - options: The options of the log.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - directory: The new store, missing or empty; nil to write nothing, and only to tell.
    ///   - choices: What to do at a risk.
    /// - Throws: ``DurableError`` with code `.inUse` while another process has the store open for writing, `.doesNotFit`
    ///   for a store of another program, `.io`. Damage is part of the report.
    /// - Complexity: As opening. Behind a loss a copy of the state for each transaction, unless it gives views of itself.
    public static func salvage(
        _ path: FilePath, into directory: FilePath?, choices: SalvageOptions = SalvageOptions(),
        options: LogOptions = LogOptions(), environment: StorageEnvironment = .system
    ) throws(DurableError) -> SalvageReport {
        do {
            let store = try StoreDirectory.open(
                path, access: .readOnly, createIfMissing: false, environment: environment)
            defer { store.release() }
            var salvage = try Salvage<State>(store, choices, options, environment)
            try salvage.run()
            var report = salvage.report
            guard let directory else { return report }
            let root = try environment.fileSystem.openDirectory(directory, creating: true)
            guard try root.list().isEmpty else {
                throw StorageError(code: .notEmpty, operation: .create, path: directory)
            }
            let lock = try root.lock(StoreDirectory.lockName, .exclusive)
            defer { lock?.release() }
            report.newLogID = try salvage.write(into: root)
            return report
        } catch {
            throw DurableError(anyOf: error)
        }
    }
}
