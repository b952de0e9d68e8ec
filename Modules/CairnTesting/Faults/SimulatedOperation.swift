// SPDX-License-Identifier: Apache-2.0

/// One call that a program made to a ``SimulatedFileSystem``.
public struct SimulatedOperation: Hashable, Sendable {
    /// The kind of call.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Creating a file.
        case createFile
        /// Creating a directory.
        case createDirectory
        /// Writing into the cache.
        case write
        /// Writing durably.
        case writeDurably
        /// Setting the size.
        case truncate
        /// Making a file durable.
        case syncFile
        /// Making the entries of a directory durable.
        case syncDirectory
        /// Renaming.
        case rename
        /// Putting a file in the place of another.
        case replace
        /// Removing.
        case remove
        /// Taking a lock that writes.
        case lock
        /// Taking a lock that does not write.
        case lockShared
        /// Opening a file.
        case openFile
        /// Opening a directory.
        case openDirectory
        /// Listing a directory.
        case list
        /// Asking for a size.
        case byteCount
        /// Reading.
        case read
        /// Closing a file.
        case close

        /// True for calls that change something or make it durable: those that crash sweeps count.
        public var isMutating: Bool {
            switch self {
            case .createFile, .createDirectory, .write, .writeDurably, .truncate, .syncFile,
                .syncDirectory, .rename, .replace, .remove, .lock:
                true
            case .lockShared, .openFile, .openDirectory, .list, .byteCount, .read, .close:
                false
            }
        }

        /// True for calls that make something durable.
        public var isSync: Bool {
            self == .syncFile || self == .syncDirectory || self == .writeDurably
        }
    }

    /// The kind of call.
    public let kind: Kind
    /// The path of the file or directory, from the root on.
    public let path: String
    /// The offset in the file, for reading and writing; the size, for truncating.
    public let offset: UInt64?
    /// The number of bytes, for reading and writing.
    public let byteCount: Int?

    /// A call of a file system of one's own, to be shown to a fault plan.
    public init(
        _ kind: Kind, _ path: String, offset: UInt64? = nil, byteCount: Int? = nil
    ) {
        self.kind = kind
        self.path = path
        self.offset = offset
        self.byteCount = byteCount
    }
}

extension SimulatedOperation: CustomStringConvertible {
    /// The call in one line: `write /store/log/a.wal @4096 +128`.
    public var description: String {
        var text = "\(kind.rawValue) \(path)"
        if let offset { text += " @\(offset)" }
        if let byteCount { text += " +\(byteCount)" }
        return text
    }
}
