// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
public import CairnIO

/// A place to which a store moves the files that it drops: whole files, each written once and never changed.
///
/// The protocol asks for what object storage has, too: no rename, no append, and no listing. ``DirectoryArchive`` is one
/// on a file system. Calls come one at a time for each store, on a thread of the store, and may block.
public protocol Archive: Sendable {
    /// Stores an object, unless there is one of that name.
    ///
    /// On return the object is whole and durable. One that is there already stays as it is; an interrupted call leaves
    /// none that ``get(_:_:)`` would give.
    ///
    /// - Returns: Whether it was stored; false when there is an object of that name.
    /// - Throws: ``ArchiveError``. Whether there is an object is not known then; the caller tries again later.
    func put(
        _ name: ArchiveObjectName, _ content: ArchiveContent
    ) throws(ArchiveError) -> Bool

    /// Reads an object from its beginning to its end.
    ///
    /// - Parameters:
    ///   - name: The name of the object.
    ///   - receive: Gets the bytes in order, in pieces of any size.
    /// - Returns: False when there is no object of that name. What ``put(_:_:)`` has stored is there at once.
    /// - Throws: ``ArchiveError``, and what `receive` throws.
    func get(
        _ name: ArchiveObjectName, _ receive: (RawSpan) throws(ArchiveError) -> Void
    ) throws(ArchiveError) -> Bool
}

/// The name of an object of an archive: a folder and a file within it, as in a store.
public struct ArchiveObjectName: Hashable, Sendable, CustomStringConvertible {
    /// Such as `log` or `snapshots`.
    public let folder: FileName
    /// The name of the file.
    public let file: FileName

    /// A name in one of the folders of an archive.
    public init(folder: FileName, file: FileName) {
        self.folder = folder
        self.file = file
    }

    /// Folder and file, with `/` between them: at most 511 bytes.
    public var description: String { "\(folder)/\(file)" }
}

/// The bytes of an object that is to be stored.
public struct ArchiveContent: Sendable {
    /// How many bytes the object has.
    public let byteCount: UInt64
    private let file: any VirtualFile

    init(_ file: any VirtualFile, byteCount: UInt64) {
        self.file = file
        self.byteCount = byteCount
    }

    /// Gives all bytes in order, in pieces of 1 MiB at most.
    ///
    /// - Throws: ``ArchiveError`` with code `.io` when the store's file cannot be read, and what `receive` throws.
    public func read(
        _ receive: (RawSpan) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        try file.forEachPiece(upTo: byteCount, receive)
    }
}

/// Why an archive refused.
public struct ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// A file could not be read or written: see ``ArchiveError/cause``.
        public static var io: Self { .init(description: "io") }
        /// The archive cannot be reached, or has refused, for a reason of its own: see ``ArchiveError/reason``.
        public static var unavailable: Self { .init(description: "unavailable") }
        /// An object differs from the file of that name: the archive is of another store, or was changed.
        public static var differs: Self { .init(description: "differs") }
        /// Segments between the last that was archived and the first that the store has are nowhere: begin another
        /// archive.
        public static var gap: Self { .init(description: "gap") }
        /// An object that must be there is not, or does not hold.
        public static var damaged: Self { .init(description: "damaged") }
    }

    /// The kind of the error.
    public let code: Code
    /// The object that the error is about.
    public let object: ArchiveObjectName?
    /// The error of the operating system, if it was the cause.
    public let cause: StorageError?
    /// The error of the archive, if it was the cause.
    public let reason: String?

    /// An error that an archive of one's own throws.
    public init(
        code: Code, object: ArchiveObjectName? = nil, cause: StorageError? = nil,
        reason: String? = nil
    ) {
        self.code = code
        self.object = object
        self.cause = cause
        self.reason = reason
    }

    /// One sentence: what happened and what to do.
    public var description: String {
        let name = object.map { " \($0)" } ?? ""
        let what =
            switch code {
            case .io: "the archive\(name) cannot be read or written"
            case .differs:
                "the archive has another\(name): it is of another store or was changed; give each store an archive of its own"
            case .gap:
                "the archive lacks segments before\(name) that the store no longer has; begin a new archive"
            case .damaged: "in the archive\(name) is missing or does not hold"
            default: "the archive refused\(name)"
            }
        let why = reason ?? cause?.description
        return what + (why.map { " (\($0))" } ?? "")
    }
}

extension VirtualFile {
    /// Reads the first bytes of the file, in pieces of 1 MiB at most.
    func forEachPiece(
        upTo end: UInt64, _ receive: (RawSpan) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        var offset: UInt64 = 0
        var piece = BinaryBuffer(capacity: Int(min(end, 1 << 20)))
        while offset < end {
            piece.removeAll()
            do throws(StorageError) {
                try piece.append(addingCapacity: Int(min(end - offset, 1 << 20))) {
                    (span) throws(StorageError) in try read(into: &span, at: offset)
                }
            } catch {
                throw ArchiveError(code: .io, cause: error)
            }
            guard !piece.isEmpty else {
                throw ArchiveError(code: .damaged, reason: "the file ends at byte \(offset)")
            }
            try receive(piece.bytes)
            offset += UInt64(piece.count)
        }
    }
}
