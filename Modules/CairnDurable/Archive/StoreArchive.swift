// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
public import CairnIO
internal import CairnLSN
public import CairnSegments
internal import CairnSnapshot
public import SystemPackage

/// Archives of stores, whatever their program.
public enum StoreArchive {
    /// Checks every byte of every file of an archive.
    ///
    /// - Returns: What was found; empty when the archive is whole. The verdict `.tornTail` says that archiving was
    ///   interrupted: the next checkpoint goes on there.
    /// - Throws: ``DurableError`` with code `.archiveFailed` when the archive cannot be read, or is none.
    /// - Complexity: O(*n*) in the bytes of the archive.
    public static func verify(
        _ archive: some Archive, environment: StorageEnvironment = .system
    ) throws(DurableError) -> [Finding] {
        do {
            var (findings, known) = try check(archive, environment)
            guard let directory = archive as? DirectoryArchive else { return findings }
            for path in try directory.files() where !known.contains(path) {
                findings.append(
                    Finding(
                        verdict: .tornTail, file: path,
                        meaning: "no record names this file yet: the next checkpoint does"))
            }
            return findings
        } catch {
            throw DurableError(anyOf: error)
        }
    }

    /// The findings in the files that the records name, and all names.
    static func check(
        _ archive: some Archive, _ environment: StorageEnvironment
    ) throws(ArchiveError) -> (findings: [Finding], known: Set<String>) {
        var records = ArchiveRecords(archive, environment)
        var findings: [Finding] = []
        var known: Set<String> = []
        while let (name, record) = try records.next() {
            known.insert(name.description)
            guard let record else {
                findings.append(finding(name.description, "the record does not hold"))
                continue
            }
            for file in record.files {
                known.insert(file.path)
                findings += try check(file, in: archive)
            }
        }
        return (findings, known)
    }

    /// Whether a directory is an archive, or was begun as one.
    public static func isThere(_ path: FilePath, environment: StorageEnvironment = .system) -> Bool
    {
        guard let root = try? environment.fileSystem.openDirectory(path, creating: false),
            let entries = try? root.list()
        else { return false }
        return entries.contains { $0.name == StoreDirectory.archiveName }
    }

    /// Copies an archive into a directory, from which stores can be restored; see ``DirectoryArchive``. Each file is
    /// compared with its record.
    ///
    /// - Parameters:
    ///   - archive: The archive to copy.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - directory: Missing, or one that an interrupted call has begun: files that are there are compared.
    /// - Throws: ``DurableError`` with code `.archiveFailed` when the archive cannot be read, or does not hold.
    public static func fetch(
        from archive: some Archive, into directory: FilePath,
        environment: StorageEnvironment = .system
    ) throws(DurableError) {
        let copy = DirectoryArchive(directory, environment: environment)
        do {
            var records = ArchiveRecords(archive, environment)
            while let (name, record) = try records.next() {
                guard let record else { throw ArchiveError(code: .damaged, object: name) }
                for file in record.files {
                    guard let object = ArchiveObjectName(path: file.path) else {
                        throw ArchiveError(code: .damaged, object: name)
                    }
                    try transfer(object, from: archive, to: copy)
                    guard try check(file, in: copy).isEmpty else {
                        throw ArchiveError(code: .damaged, object: object)
                    }
                }
                try transfer(name, from: archive, to: copy)
            }
        } catch {
            throw DurableError(anyOf: error)
        }
    }

    /// Size and checksum of an object; nil when it is missing.
    static func checksum(
        of name: ArchiveObjectName, in archive: some Archive
    ) throws(ArchiveError) -> (byteCount: UInt64, checksum: UInt32)? {
        var (byteCount, checksum): (UInt64, UInt32) = (0, 0)
        let isThere = try archive.get(name) { (piece) throws(ArchiveError) in
            checksum = CRC32C.checksum(of: piece, seed: checksum)
            byteCount += UInt64(piece.byteCount)
        }
        return isThere ? (byteCount, checksum) : nil
    }

    private static func check(
        _ entry: BackupManifest.Entry, in archive: some Archive
    ) throws(ArchiveError) -> [Finding] {
        guard let name = ArchiveObjectName(path: entry.path) else {
            return [finding("archive", "a record names no file: \(entry.path)")]
        }
        guard let found = try checksum(of: name, in: archive) else {
            return [finding(entry.path, "the file is missing")]
        }
        if found == (entry.byteCount, entry.checksum) { return [] }
        return [
            finding(
                entry.path,
                found.byteCount == entry.byteCount
                    ? "the file was changed after it was archived"
                    : "the file has \(found.byteCount) bytes and not \(entry.byteCount)")
        ]
    }

    private static func finding(_ file: String, _ meaning: String) -> Finding {
        Finding(verdict: .corruption, file: file, meaning: meaning)
    }

    /// Copies an object, unless the copy has it.
    private static func transfer(
        _ name: ArchiveObjectName, from archive: some Archive, to copy: DirectoryArchive
    ) throws(ArchiveError) {
        let isThere = try copy.receive(name) { (receive) throws(ArchiveError) in
            try archive.get(name, receive)
        }
        guard isThere else { throw ArchiveError(code: .damaged, object: name) }
    }
}

/// The records of an archive, in order.
struct ArchiveRecords<Source: Archive> {
    private let archive: Source
    private let environment: StorageEnvironment
    private var number: UInt64 = 0
    private var log: LogID?

    init(_ archive: Source, _ environment: StorageEnvironment) {
        self.archive = archive
        self.environment = environment
    }

    /// - Returns: Nil behind the last; no record for one that does not hold.
    /// - Throws: ``ArchiveError``, with code `.damaged` when there is not even a first.
    mutating func next() throws(ArchiveError) -> (name: ArchiveObjectName, record: ArchiveRecord?)?
    {
        number += 1
        let name = ArchiveRecord.name(number)
        do throws(ArchiveError) {
            if let found = try ArchiveRecord.read(number, from: archive, of: log, environment) {
                log = found.log
                return (name, found.record)
            }
        } catch {
            guard error.code == .damaged || error.code == .differs else { throw error }
            return (name, nil)
        }
        guard number > 1 else {
            throw ArchiveError(code: .damaged, object: name, reason: "there is no archive")
        }
        return nil
    }
}

extension ArchiveObjectName {
    /// The name that a record says; nil for what is none.
    init?(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let folder = FileName(String(parts[0])),
            let file = FileName(String(parts[1]))
        else { return nil }
        self.init(folder: folder, file: file)
    }
}
