// SPDX-License-Identifier: Apache-2.0

public import SystemPackage

/// A refusal of the operating system.
public struct StorageError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        enum Storage: String, Sendable {
            case notFound, exists, notADirectory, notAFile, permissionDenied, noSpace, locked,
                closed
            case readOnly, notEmpty, noStore, replaced, isBackup, system
            case damaged, unsupportedVersion, notAContainer
        }
        let storage: Storage

        /// There is no such file or directory.
        public static var notFound: Self { .init(storage: .notFound) }
        /// The name is taken.
        public static var exists: Self { .init(storage: .exists) }
        /// A directory was expected.
        public static var notADirectory: Self { .init(storage: .notADirectory) }
        /// A regular file was expected.
        public static var notAFile: Self { .init(storage: .notAFile) }
        /// This process may not do that.
        public static var permissionDenied: Self { .init(storage: .permissionDenied) }
        /// The disk or the quota is full.
        public static var noSpace: Self { .init(storage: .noSpace) }
        /// Another process holds the lock: see ``StorageError/holder``.
        public static var locked: Self { .init(storage: .locked) }
        /// The file was closed before.
        public static var closed: Self { .init(storage: .closed) }
        /// The file system or the opening allows no writing.
        public static var readOnly: Self { .init(storage: .readOnly) }
        /// The directory holds files of others.
        public static var notEmpty: Self { .init(storage: .notEmpty) }
        /// The directory is empty, and no store is to be made in it.
        public static var noStore: Self { .init(storage: .noStore) }
        /// The directory of an open store, or its lock file, was removed or exchanged.
        public static var replaced: Self { .init(storage: .replaced) }
        /// The directory is a backup, which is never written to: restore it into another one.
        public static var isBackup: Self { .init(storage: .isBackup) }
        /// The file that holds the files of a store is damaged, at ``StorageError/offset``.
        public static var damaged: Self { .init(storage: .damaged) }
        /// The file that holds the files of a store is intact, and of a newer version.
        public static var unsupportedVersion: Self { .init(storage: .unsupportedVersion) }
        /// The path leads to a file that holds no store.
        public static var notAContainer: Self { .init(storage: .notAContainer) }
        /// Any other error: see ``StorageError/errno``.
        public static var system: Self { .init(storage: .system) }
    }

    /// The operation that failed.
    public enum Operation: String, Hashable, Sendable {
        /// Opening.
        case open
        /// Creating.
        case create
        /// Reading.
        case read
        /// Writing.
        case write
        /// Making durable.
        case sync
        /// Changing the size.
        case truncate
        /// Asking for the size.
        case stat
        /// Listing a directory.
        case list
        /// Renaming.
        case rename
        /// Removing.
        case remove
        /// Locking.
        case lock
        /// Closing.
        case close
    }

    /// The kind of the error.
    public let code: Code
    /// The operation that failed.
    public let operation: Operation
    /// The file or the directory of the call.
    public let path: FilePath
    /// The error number of the system, if it gave one.
    public let errno: Errno?
    /// The process that holds the lock, where it is known.
    public let holder: Int32?
    /// The place of damage, in bytes from the start of the file.
    public let offset: UInt64?

    /// An error of the given code.
    public init(
        code: Code, operation: Operation, path: FilePath, errno: Errno? = nil, holder: Int32? = nil,
        offset: UInt64? = nil
    ) {
        self.offset = offset
        self.code = code
        self.operation = operation
        self.path = path
        self.errno = errno
        self.holder = holder
    }

    /// An error whose code follows from what the system said.
    public init(_ errno: Errno, operation: Operation, path: FilePath) {
        let code: Code =
            switch errno {
            case .noSuchFileOrDirectory: .notFound
            case .fileExists: .exists
            case .notDirectory: .notADirectory
            case .isDirectory, .tooManySymbolicLinkLevels: .notAFile
            case .permissionDenied, .notPermitted: .permissionDenied
            case .noSpace, .diskQuotaExceeded: .noSpace
            case .readOnlyFileSystem: .readOnly
            default: .system
            }
        self.init(code: code, operation: operation, path: path, errno: errno)
    }
}

extension StorageError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { storage.rawValue }
}

extension StorageError: CustomStringConvertible {
    /// One sentence: what was tried, what the system said, what to do.
    public var description: String {
        switch code.storage {
        case .notFound where operation == .create: "\(path) does not exist; create it first"
        case .notFound: "\(path) does not exist"
        case .exists: "\(path) exists already"
        case .notADirectory: "\(path) is not a directory"
        case .notAFile: "\(path) is not a regular file"
        case .permissionDenied:
            "no permission to \(operation.rawValue) \(path); check its owner and mode"
        case .noSpace:
            "no space left to \(operation.rawValue) \(path); free some and open the store again"
        case .locked:
            if let holder {
                "\(path.removingLastComponent()) is held by process \(holder); wait for it to end"
            } else {
                "\(path.removingLastComponent()) is held by another process; wait for it to end"
            }
        case .closed: "\(path) was closed before"
        case .readOnly: "\(path) cannot be written: it is read-only"
        case .notEmpty:
            "\(path) holds files of another program and no store; choose a new or empty directory"
        case .noStore: "there is no store in \(path)"
        case .isBackup:
            "\(path) is a backup or an archive, and is never written to; restore it into another directory (cairn restore), or open it "
                + "for reading"
        case .replaced:
            "\(path) was removed or replaced while the store was open, so another program may have written to it; "
                + "end all programs that use the store, look at what it holds, and open it again"
        case .damaged:
            "\(path) is damaged at byte \(offset ?? 0), so nothing in it was read; restore it from a copy, or save what "
                + "can be read (cairn salvage)"
        case .unsupportedVersion:
            "\(path) was written by a newer version; use a newer release to read it"
        case .notAContainer: "\(path) is neither a directory nor a container of Cairn"
        case .system where errno == .fileTooLarge:
            "could not \(operation.rawValue) \(path): \(Errno.fileTooLarge); raise the limit on the size of files "
                + "(ulimit -f) and open the store again"
        case .system:
            "could not \(operation.rawValue) \(path): \(errno?.description ?? "unknown error")"
        }
    }
}
