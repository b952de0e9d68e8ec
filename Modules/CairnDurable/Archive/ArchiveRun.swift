// SPDX-License-Identifier: Apache-2.0
//
// Moves into an archive what a store has and the archive has not. Order, each step durable before the next:
//
// 1. its programs, timelines and snapshots, which are read and checked,
// 2. its sealed segments, in order, without a gap, each read to its seal,
// 3. the record that names them with their checksums,
// 4. only then may the store drop any of them.
//
// - A crash before 3 leaves objects that no record names. They are stored again by name: one that is there already is
//   compared, never believed.
// - A damaged snapshot is not archived, and may be dropped: an older one and the log have what was in it. A damaged
//   segment stops archiving, and so dropping.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import CairnSnapshot

/// The content of an archive of a store.
struct ArchivePosition: Sendable {
    /// The number of the next record.
    var next: UInt64 = 1
    /// The last segment; 0 for none.
    var lastSegment: UInt64 = 0
    /// The files of the newest records, by folder and name.
    var known: Set<String> = []
}

struct ArchiveRun {
    private let root: any VirtualDirectory
    private let archive: any Archive
    private let logID: LogID
    private let environment: StorageEnvironment
    private var position: ArchivePosition
    private var entries: [BackupManifest.Entry] = []
    private let fileCountMax: Int

    private static let logName: FileName = "log"
    /// So many records are read to know which files are there already; of others that shows when they are stored.
    private static let readRecordCount: UInt64 = 16

    /// - Parameters:
    ///   - position: Where the last run ended; nil to find out from the archive.
    ///   - fileCountMax: The most files of one record, some 100 bytes each; at least 1.
    init(
        _ root: any VirtualDirectory, to archive: any Archive, of logID: LogID,
        after position: ArchivePosition?, _ environment: StorageEnvironment,
        fileCountMax: Int = 10_000
    ) throws {
        self.fileCountMax = fileCountMax
        self.root = root
        self.archive = archive
        self.logID = logID
        self.environment = environment
        self.position =
            try position ?? Self.find(in: archive, of: logID, environment)
    }

    /// Archives what is new, in records of bounded size: one that cannot be read back would end the archive.
    ///
    /// - Returns: What the archive has now, and how many files are new.
    mutating func run() throws -> (position: ArchivePosition, fileCount: Int) {
        var fileCount = 0
        while true {
            let count = try moveSome()
            fileCount += count
            if count < fileCountMax { return (position, fileCount) }
        }
    }

    /// - Returns: How many files went into a record; fewer than the most when all did.
    private mutating func moveSome() throws -> Int {
        entries = []
        let segments = try newSegments()
        for folder in [ProgramHistory.folder, Timeline.folder] { try moveFolder(folder) }
        try moveFolder(SnapshotDirectory.snapshotsName)
        try move(segments)
        guard !entries.isEmpty else { return 0 }
        let record = ArchiveRecord(
            nanoseconds: environment.clock.wallNanoseconds(), lastSegment: position.lastSegment,
            files: entries)
        guard try record.put(position.next, into: archive, of: logID, environment) else {
            // Another process writes into it.
            throw ArchiveError(code: .differs, object: ArchiveRecord.name(position.next))
        }
        position.next += 1
        for entry in entries { position.known.insert(entry.path) }
        return entries.count
    }

    // MARK: Where it stands

    /// Finds the last record, which asks for some of them, not for all.
    private static func find(
        in archive: any Archive, of logID: LogID, _ environment: StorageEnvironment
    ) throws(ArchiveError) -> ArchivePosition {
        func exists(_ number: UInt64) throws(ArchiveError) -> Bool {
            try archive.get(ArchiveRecord.name(number)) { (_) throws(ArchiveError) in }
        }
        var (low, high): (UInt64, UInt64) = (0, 1)
        while try exists(high) { (low, high) = (high, high * 2) }
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if try exists(middle) { low = middle } else { high = middle }
        }
        var position = ArchivePosition(next: low + 1)
        for number in stride(from: low, to: low - min(low, readRecordCount), by: -1) {
            guard
                let (record, _) = try ArchiveRecord.read(
                    number, from: archive, of: logID, environment)
            else { throw ArchiveError(code: .damaged, object: ArchiveRecord.name(number)) }
            position.lastSegment = max(position.lastSegment, record.lastSegment)
            for file in record.files { position.known.insert(file.path) }
        }
        return position
    }

    // MARK: Files

    private func folder(_ name: FileName) throws(StorageError) -> (any VirtualDirectory)? {
        do throws(StorageError) { return try root.openDirectory(name) } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Files in the form of snapshots.
    private mutating func moveFolder(_ name: FileName) throws {
        let files = try SnapshotDirectory.open(
            name, in: root, access: .readOnly, environment: environment)
        for info in try files.list() where entries.count < fileCountMax {
            let object = ArchiveObjectName(folder: name, file: info.fileName)
            guard !position.known.contains(object.description) else { continue }
            do throws(SnapshotError) { try files.verify(info, expectedLogID: logID) } catch {
                guard error.code == .damaged || error.code == .notASnapshot else { throw error }
                continue
            }
            guard let directory = try folder(name) else { continue }
            let file = try directory.openFile(object.file, .readOnly)
            try move(object, ArchiveContent(file, byteCount: file.byteCount()))
        }
    }

    /// The segments that the archive has not, which go on where it ends.
    private func newSegments() throws -> [SegmentName] {
        guard let directory = try folder(Self.logName) else { return [] }
        let names = try SegmentDirectory(directory, randomness: environment.randomness).names()
            .filter { $0.segment.rawValue > position.lastSegment }
        if let first = names.first, position.lastSegment > 0,
            first.segment.rawValue > position.lastSegment + 1
        {
            throw ArchiveError(
                code: .gap,
                object: ArchiveObjectName(folder: Self.logName, file: first.fileName))
        }
        return names
    }

    private mutating func move(_ names: [SegmentName]) throws {
        guard let directory = try folder(Self.logName) else { return }
        for name in names where entries.count < fileCountMax {
            let object = ArchiveObjectName(folder: Self.logName, file: name.fileName)
            let file = try directory.openFile(name.fileName, .readOnly)
            var reader = try SegmentReader(file, name: name)
            while case .frame = try reader.next() {}
            // The last one is still written, and the one before may be about to be sealed: a seal follows its successor.
            guard reader.isSealed else {
                guard names.suffix(2).contains(name) else {
                    throw ArchiveError(code: .damaged, object: object, reason: "no seal")
                }
                return
            }
            // Behind the seal there are zeros of a prepared file.
            try move(object, ArchiveContent(file, byteCount: reader.progress.byteCount))
            position.lastSegment = name.segment.rawValue
        }
    }

    private mutating func move(_ name: ArchiveObjectName, _ content: ArchiveContent) throws {
        var checksum: UInt32 = 0
        try content.read { (piece) throws(ArchiveError) in
            checksum = CRC32C.checksum(of: piece, seed: checksum)
        }
        if try !archive.put(name, content) {
            let found = try StoreArchive.checksum(of: name, in: archive)
            guard let found, found == (content.byteCount, checksum) else {
                throw ArchiveError(code: .differs, object: name)
            }
        }
        entries.append(
            BackupManifest.Entry(
                path: name.description, byteCount: content.byteCount, checksum: checksum))
    }
}
