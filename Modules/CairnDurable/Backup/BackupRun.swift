// SPDX-License-Identifier: Apache-2.0
//
// Makes one backup. Order, each step durable before the next:
//
// 1. `backup.creating/` in the directory of the backups, emptied of what an interrupted backup left,
// 2. its files: those that an earlier backup has are linked or copied from there, the others copied from the store, and
//    read back,
// 3. the manifest, which lists them with their checksums,
// 4. the final name.
//
// - A crash before 4 leaves `backup.creating/`, which nothing takes for a backup: it has no manifest, or the next backup
//   empties it.
// - The store is never locked, and nothing of it is shared: its files are used again, those of backups never change.
// - The last segment is copied up to what is durable, and is no other backup's: it would be longer there.
// - What the store drops meanwhile is looked for again, from the newest snapshot on.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnSegments
internal import CairnSnapshot
internal import SystemPackage

struct BackupRun {
    let store: StoreDirectory
    let root: any VirtualDirectory
    let options: BackupOptions
    let environment: StorageEnvironment
    let logID: LogID
    private var copier: FileCopier
    private var copiedByteCount: UInt64 = 0
    private var sharedByteCount: UInt64 = 0
    /// Files of the newest earlier backup of the same log, which never change.
    private var earlier: (directory: any VirtualDirectory, files: [String: BackupManifest.Entry])?
    private var entries: [String: BackupManifest.Entry] = [:]

    static let creatingName: FileName = "backup.creating"
    private static let logName: FileName = "log"
    private static let programsName = ProgramHistory.folder
    private static let folders: [FileName] = [
        logName, SnapshotDirectory.snapshotsName, programsName, Timeline.folder,
    ]

    init(
        _ store: StoreDirectory, to root: any VirtualDirectory, _ options: BackupOptions,
        _ environment: StorageEnvironment
    ) throws {
        self.store = store
        self.root = root
        self.options = options
        self.environment = environment
        guard let logID = try WriteAheadLog.identity(in: store, environment: environment) else {
            throw LogError(noStoreIn: store)
        }
        self.logID = logID
        copier = FileCopier(options, environment)
    }

    mutating func run() throws -> Backup {
        try findEarlier()
        let target = try emptied()
        var end: LogFollower?
        // Bounded: a checkpoint takes longer than finding out what it has dropped.
        for _ in 0..<20 {
            do {
                end = try copyAll(to: target)
                break
            } catch  where OpenedStore<OpaqueState>.isMove(error) {
                try empty(target)
                entries = [:]
                (copiedByteCount, sharedByteCount) = (0, 0)
            }
        }
        guard let end else { throw LogError(code: .changesGone) }
        return try finish(target, end)
    }

    // MARK: The directory

    private mutating func findEarlier() throws {
        let names = try root.list().compactMap { $0.name.flatMap(BackupName.init) }
        for name in names.filter({ $0.log == logID }).sorted().reversed() {
            let directory = try root.openDirectory(name.fileName)
            // One that cannot be read is no help, and stays.
            guard let manifest = try? BackupManifest.read(in: directory, logID, environment)
            else { continue }
            let files = Dictionary(manifest.files.map { ($0.path, $0) }) { first, _ in first }
            earlier = (directory, files)
            return
        }
    }

    private func emptied() throws -> any VirtualDirectory {
        do throws(StorageError) {
            let made = try root.createDirectory(Self.creatingName)
            try root.sync()
            return made
        } catch {
            guard error.code == .exists else { throw error }
        }
        let left = try root.openDirectory(Self.creatingName)
        try empty(left)
        return left
    }

    private func empty(_ directory: any VirtualDirectory) throws(StorageError) {
        for entry in try directory.list() {
            guard entry.kind == .directory, let name = entry.name else { continue }
            let folder = try directory.openDirectory(name)
            for file in try folder.list() where file.kind == .file {
                if let name = file.name { try folder.remove(name) }
            }
            try folder.sync()
        }
    }

    private func folder(_ name: FileName, in directory: any VirtualDirectory) throws(StorageError)
        -> any VirtualDirectory
    {
        do throws(StorageError) { return try directory.createDirectory(name) } catch {
            guard error.code == .exists else { throw error }
            return try directory.openDirectory(name)
        }
    }

    private func existing(_ name: FileName) throws(StorageError) -> (any VirtualDirectory)? {
        do throws(StorageError) { return try store.root.openDirectory(name) } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    // MARK: The files

    private mutating func copyAll(to target: any VirtualDirectory) throws -> LogFollower {
        for name in [Self.programsName, Timeline.folder] {
            try copyFolder(name, to: target) { _ in true }
        }
        let end = try lastSegment()
        try copyFolder(SnapshotDirectory.snapshotsName, to: target) { name in
            // One that was made meanwhile may lie behind the end.
            SnapshotDirectory.fenceInName(name).map { $0 <= end.position } ?? false
        }
        try copySegments(to: target, upTo: end)
        try check(target, end.position)
        return end
    }

    /// Reads the last segment up to what is durable.
    private func lastSegment() throws -> LogFollower {
        let names = try segmentNames(in: store.root)
        guard let last = names.last else { throw LogError(code: .changesGone) }
        let follower = try LogFollower(
            in: store, after: last.baseLSN.predecessor, handsOut: false, options: .reading(nil),
            environment: environment)
        try follower.refresh { _, _ in }
        return follower
    }

    private func segmentNames(in root: any VirtualDirectory) throws -> [SegmentName] {
        try SegmentDirectory(
            root.openDirectory(Self.logName), randomness: environment.randomness
        ).names()
    }

    private mutating func copyFolder(
        _ name: FileName, to target: any VirtualDirectory, where isWanted: (FileName) -> Bool
    ) throws {
        guard let source = try existing(name) else { return }
        let copy = try folder(name, in: target)
        for entry in try source.list() where entry.kind == .file {
            guard let file = entry.name, file.string.hasSuffix(".snap"), isWanted(file) else {
                continue
            }
            try copyFile(file, from: source, to: copy, folder: name, end: nil)
        }
        try copy.sync()
    }

    private mutating func copySegments(to target: any VirtualDirectory, upTo end: LogFollower)
        throws
    {
        guard let source = try existing(Self.logName) else { throw LogError(code: .changesGone) }
        let copy = try folder(Self.logName, in: target)
        for name in try segmentNames(in: store.root) where name.segment <= end.end.name.segment {
            let isLast = name == end.end.name
            try copyFile(
                name.fileName, from: source, to: copy, folder: Self.logName,
                end: isLast ? end.end.byteCount : nil, mayShare: !isLast)
        }
        try copy.sync()
    }

    /// - Parameter mayShare: Whether a file of that name in an earlier backup is the same one.
    private mutating func copyFile(
        _ name: FileName, from source: any VirtualDirectory, to target: any VirtualDirectory,
        folder: FileName,
        end: UInt64?, mayShare: Bool = true
    ) throws {
        let path = "\(folder)/\(name)"
        if mayShare, let entry = try shared(path, name, folder, target) {
            entries[path] = entry
            return
        }
        try copier.copy(name, from: source, to: target, end: end)
        if folder == Self.logName, end == nil { try cutBehindSeal(name, in: target) }
        let (byteCount, checksum) = try FileCopier.checksum(of: name, in: target)
        copiedByteCount += byteCount
        entries[path] = BackupManifest.Entry(
            path: path, byteCount: byteCount, checksum: checksum)
    }

    /// Takes a file from the earlier backup, if that has it whole: a sealed segment or a snapshot is never changed.
    private mutating func shared(
        _ path: String, _ name: FileName, _ folder: FileName, _ target: any VirtualDirectory
    ) throws -> BackupManifest.Entry? {
        guard let earlier, let entry = earlier.files[path],
            let source = try? earlier.directory.openDirectory(folder)
        else { return nil }
        if folder == Self.logName, try !isSealed(name, in: source) { return nil }
        do throws(StorageError) { try target.link(name, from: source) } catch {
            // Another file system, or one without links: the bytes are read from there all the same.
            guard let found = try? FileCopier.checksum(of: name, in: source),
                found == (entry.byteCount, entry.checksum)
            else { return nil }
            var copier = FileCopier(BackupOptions(), environment)
            try copier.copy(name, from: source, to: target)
        }
        sharedByteCount += entry.byteCount
        return entry
    }

    private func isSealed(_ name: FileName, in directory: any VirtualDirectory) throws -> Bool {
        guard let reader = try read(name, in: directory) else { return false }
        return reader.isSealed
    }

    /// A segment file, read to its end; nil for one that is none.
    private func read(
        _ name: FileName, in directory: any VirtualDirectory
    ) throws -> SegmentReader? {
        guard let segment = SegmentName(name) else { return nil }
        let file = try directory.openFile(name, .readOnly)
        var reader = try SegmentReader(file, name: segment)
        while case .frame = try reader.next() {}
        return reader
    }

    /// Behind a seal there are only zeros of a prepared file: they need not be kept.
    private func cutBehindSeal(_ name: FileName, in directory: any VirtualDirectory) throws {
        guard let reader = try? read(name, in: directory), reader.isSealed else {
            // It was taken away and used again while it was copied, or is damaged: the check says which.
            return
        }
        let file = try directory.openFile(name, .readWrite)
        guard try file.byteCount() > reader.progress.byteCount else { return }
        try file.truncate(to: reader.progress.byteCount)
        try file.sync()
        try file.close()
    }

    // MARK: The whole

    /// Reads what was copied: the log must hang together, and go on from a snapshot that holds.
    private func check(_ target: any VirtualDirectory, _ end: LSN) throws {
        let copy = StoreDirectory.unlocked(target)
        let names = try segmentNames(in: target)
        guard let first = names.first?.baseLSN else { throw LogError(code: .changesGone) }
        var last = first.predecessor
        // Its batches need not be inflated for that.
        let findings = try WriteAheadLog.frames(
            in: copy, options: .reading(nil), environment: environment
        ) { frame, _ in
            last = frame.lastLSN
            return true
        }
        let snapshots = try SnapshotDirectory.open(
            in: target, access: .readOnly, environment: environment)
        let intact = try snapshots.list().filter {
            (try? snapshots.verify($0, expectedLogID: logID)) != nil
        }
        let reaches =
            first == .first || intact.contains { $0.fence.lsn >= first.predecessor }
        if findings.isEmpty, reaches, last == end { return }
        // Segments that the store has dropped meanwhile are no damage of it.
        let now = try segmentNames(in: store.root)
        guard names.allSatisfy(now.contains) else {
            throw LogError(code: .changesGone)
        }
        if let finding = findings.first {
            throw LogError(code: .damaged, finding: finding, lsn: finding.lsn)
        }
        throw LogError(code: .replayGap, lsn: first)
    }

    private func finish(_ target: any VirtualDirectory, _ end: LogFollower) throws -> Backup {
        let files = entries.values.sorted { $0.path < $1.path }
        let manifest = BackupManifest(
            lsn: end.position.rawValue, nanoseconds: environment.clock.wallNanoseconds(),
            lastCommitNanoseconds: end.lastCommitNanoseconds, files: files)
        try target.sync()
        try manifest.write(in: target, of: logID, environment)
        try target.sync()
        let name = BackupName(lsn: end.position, log: logID)
        do throws(StorageError) {
            try root.rename(Self.creatingName, to: name.fileName)
            try root.sync()
        } catch {
            // There is one of this LSN already: it holds the same.
            guard error.code == .exists else { throw error }
        }
        return Backup(
            path: root.path.appending(name.fileName.string), lsn: end.position, logID: logID,
            lastCommitNanoseconds: end.lastCommitNanoseconds, fileCount: files.count,
            copiedByteCount: copiedByteCount, sharedByteCount: sharedByteCount)
    }
}

extension LogOptions {
    /// For reading a log of which nothing is to be inflated; without keys, nothing to be decrypted either.
    static func reading(
        _ encryption: (any StoreCipher)?, _ decompressors: [any BatchCompressor] = []
    ) -> LogOptions {
        var options = LogOptions()
        options.decompressors = decompressors
        options.access = .readOnly
        options.encryption = encryption
        return options
    }
}
