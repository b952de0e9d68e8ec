// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnSegments
internal import CairnSnapshot
internal import SystemPackage

/// One pass of a ``ContainerMirror``.
struct MirrorPass {
    private let store: StoreDirectory
    private let target: any VirtualDirectory
    private let environment: StorageEnvironment
    /// The container was just opened, maybe after a failure or a crash: what was copied last is copied again. A sync that
    /// failed marks bytes as written that are not, and a crash leaves a file with the size of its extents.
    private let isFirst: Bool

    private static let logName: FileName = "log"
    private static let snapshotsName = SnapshotDirectory.snapshotsName
    private static let otherNames: [FileName] = ["programs", "timelines"]

    init(
        _ store: StoreDirectory, _ target: any VirtualDirectory, isFirst: Bool,
        _ environment: StorageEnvironment
    ) {
        self.isFirst = isFirst
        self.store = store
        self.target = target
        self.environment = environment
    }

    /// Copies what is missing and removes what was dropped.
    ///
    /// - Returns: The last LSN that the container has now, durably.
    mutating func run() throws -> LSN {
        try expectSameLog()
        for name in Self.otherNames { try copyFolder(name) { _ in true } }
        let end = try durableEnd()
        try copyLog(upTo: end)
        try copyFolder(Self.snapshotsName) { name in
            SnapshotDirectory.fenceInName(name).map { $0 <= end.position } ?? false
        }
        try target.sync()
        try removeDropped()
        return end.position
    }

    /// Reads the last segment up to what is durable.
    private func durableEnd() throws -> LogFollower {
        guard let last = try segments(store.root).names().last else {
            throw LogError(code: .changesGone)
        }
        var options = LogOptions()
        options.access = .readOnly
        let follower = try LogFollower(
            in: store, after: last.baseLSN.predecessor, handsOut: false, options: options,
            environment: environment)
        try follower.refresh { _, _ in }
        return follower
    }

    private func segments(_ root: any VirtualDirectory) throws -> SegmentDirectory {
        SegmentDirectory(
            try root.openDirectory(Self.logName), randomness: environment.randomness)
    }

    private func expectSameLog() throws {
        guard let copy = try? segments(target), let first = try copy.names().first else { return }
        let known = try SegmentReader(try copy.open(first, .readOnly), name: first).header.logID
        guard try WriteAheadLog.identity(in: store, environment: environment) == known else {
            throw StorageError(code: .notEmpty, operation: .create, path: target.path)
        }
    }

    // MARK: Copying

    private func copyLog(upTo end: LogFollower) throws {
        let source = try segments(store.root)
        let copies = try Self.logFolder(in: target)
        let known = try SegmentDirectory(copies.directory, randomness: environment.randomness)
            .names()
        // The seal of a segment is written behind the beginning of its successor, so the last two may lack something.
        let unsure = isFirst ? known.suffix(2) : []
        var seal: (file: any VirtualFile, name: FileName, end: UInt64)?
        for name in try source.names() where name.segment <= end.end.name.segment {
            // Segments before the last copy are whole, and are not read again.
            if let last = known.last, name.segment < last.segment, !unsure.contains(name) {
                continue
            }
            let file = try source.open(name, .readOnly)
            var reader = try SegmentReader(file, name: name)
            let isLast = name == end.end.name
            let sealed = try isLast ? nil : Self.byteCounts(of: &reader)
            // As in a rotation: the successor with its beginning, then the seal, then the first record.
            try append(
                file, upTo: reader.beginningByteCount, name.fileName, in: copies.directory)
            if let seal {
                try append(seal.file, upTo: seal.end, seal.name, in: copies.directory)
            }
            let hasSuccessor = unsure.count == 2 && name == unsure.first
            let content = sealed.map { hasSuccessor ? $0.whole : $0.content }
            try append(
                file, upTo: content ?? end.end.byteCount, name.fileName, in: copies.directory,
                isUnsure: unsure.contains(name))
            seal = sealed.map { (file, name.fileName, $0.whole) }
        }
        try copies.publish(in: target)
    }

    /// A log appears with its first segment in it.
    private struct LogFolder {
        let directory: any VirtualDirectory
        let isNew: Bool

        func publish(in target: any VirtualDirectory) throws(StorageError) {
            try directory.sync()
            guard isNew else { return }
            try target.rename("log.creating", to: MirrorPass.logName)
            try target.sync()
        }
    }

    private static func logFolder(
        in target: any VirtualDirectory
    ) throws(StorageError) -> LogFolder {
        do throws(StorageError) {
            return LogFolder(directory: try target.openDirectory(logName), isNew: false)
        } catch {
            guard error.code == .notFound else { throw error }
        }
        return LogFolder(
            directory: try StoreContainer.folder("log.creating", in: target), isNew: true)
    }

    /// The bytes of a segment that is no longer the last, without its seal and with it.
    private static func byteCounts(
        of reader: inout SegmentReader
    ) throws -> (content: UInt64, whole: UInt64) {
        while case .frame = try reader.next() {}
        return (reader.content.byteCount, reader.progress.byteCount)
    }

    /// Brings the copy of a segment up to date.
    ///
    /// - Parameter isUnsure: Whether its size does not say what it has.
    private func append(
        _ file: any VirtualFile, upTo end: UInt64, _ name: FileName,
        in directory: any VirtualDirectory, isUnsure: Bool = false
    ) throws(StorageError) {
        let copy: any VirtualFile
        do throws(StorageError) { copy = try directory.openFile(name, .readWrite) } catch {
            guard error.code == .notFound else { throw error }
            return try copyNew(file, end, name, in: directory)
        }
        let known = try copy.byteCount()
        if isUnsure {
            if known > end { try copy.truncate(to: end) }
            return try StoreCopy.copy(file, 0..<end, to: copy)
        }
        guard known < end else { return }
        try StoreCopy.copy(file, known..<end, to: copy)
    }

    /// Copies a file under another name first.
    private func copyNew(
        _ file: any VirtualFile, _ end: UInt64, _ name: FileName, in directory: any VirtualDirectory
    ) throws(StorageError) {
        // A name that a store may have.
        guard let temporary = FileName(name.string + ".mirror") else { return }
        do throws(StorageError) { try directory.remove(temporary) } catch {
            guard error.code == .notFound else { throw error }
        }
        try StoreCopy.copy(file, 0..<end, to: try directory.createFile(temporary))
        try directory.rename(temporary, to: name)
        try directory.sync()
    }

    private func copyFolder(_ name: FileName, where isWanted: (FileName) -> Bool) throws {
        let source: any VirtualDirectory
        do throws(StorageError) { source = try store.root.openDirectory(name) } catch {
            guard error.code == .notFound else { throw error }
            return
        }
        let folder = try StoreContainer.folder(name, in: target)
        let known = Set(try folder.list().map(\.name))
        for entry in try source.list() where entry.kind == .file {
            guard let file = entry.name, file.string.hasSuffix(".snap"), isWanted(file),
                !known.contains(file)
            else { continue }
            do throws(StorageError) {
                let found = try source.openFile(file, .readOnly)
                try copyNew(found, try found.byteCount(), file, in: folder)
            } catch {
                // Dropped meanwhile.
                guard error.code == .notFound else { throw error }
            }
        }
        try folder.sync()
    }

    // MARK: Removing

    /// Removes what the directory has dropped, when the container has a snapshot that reaches to what stays. The directory
    /// may have made and dropped some meanwhile; then the next pass removes.
    private func removeDropped() throws {
        let segments = Set(try self.segments(store.root).names())
        let snapshots = try Self.snapshots(in: store.root)
        let copies = try Self.snapshots(in: target)
        guard let first = segments.min() else { return }
        let reaches = copies.values.contains { fence in
            snapshots.values.contains(fence) && fence >= first.baseLSN.predecessor
        }
        guard reaches || first.baseLSN == .first else { return }
        for name in copies.keys.sorted(by: { $0.string < $1.string }) where snapshots[name] == nil {
            try remove(name, in: Self.snapshotsName)
        }
        // The oldest first, one by one: a gap would be a loss.
        for name in try self.segments(target).names() where name < first {
            try remove(name.fileName, in: Self.logName)
        }
    }

    /// The snapshots of a store, and their fences.
    private static func snapshots(
        in root: any VirtualDirectory
    ) throws(StorageError) -> [FileName: LSN] {
        let folder: any VirtualDirectory
        do throws(StorageError) { folder = try root.openDirectory(snapshotsName) } catch {
            guard error.code == .notFound else { throw error }
            return [:]
        }
        var found: [FileName: LSN] = [:]
        for entry in try folder.list() where entry.kind == .file {
            guard let name = entry.name, let fence = SnapshotDirectory.fenceInName(name) else {
                continue
            }
            found[name] = fence
        }
        return found
    }

    private func remove(_ name: FileName, in folder: FileName) throws(StorageError) {
        let directory = try target.openDirectory(folder)
        try directory.remove(name)
        try directory.sync()
    }
}
