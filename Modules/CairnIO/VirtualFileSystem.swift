// SPDX-License-Identifier: Apache-2.0
//
// The seam between Cairn and the outside world. Everything above it names files by ``FileName`` within
// a directory that was opened once, so no name found in a file ever becomes a path.
//
// - A write, truncation or size change is durable after `sync()` on that file returned.
// - A created, renamed or removed entry is durable after `sync()` on its directory returned.
// - After any error from a write, sync, rename or directory sync, the caller must stop using the file:
//   nothing is known about what is durable, and a later sync may report success for lost data.

public import SystemPackage

/// A file system: the way to the first directory.
public protocol VirtualFileSystem: Sendable {
    /// Opens the directory at `path`.
    ///
    /// - Parameters:
    ///   - path: The path of the directory.
    ///   - creating: Creates it (mode 0700) when it is missing; the directories above must exist. Its
    ///     entry is durable on return, also when the directory was there before, unless this process may not
    ///     read the parent.
    /// - Throws: ``StorageError`` with code `.notFound`, `.notADirectory`, `.permissionDenied` or `.system`. Its path
    ///   is the directory above that is missing, or no directory, where that is the reason.
    func openDirectory(_ path: FilePath, creating: Bool) throws(StorageError)
        -> any VirtualDirectory
}

/// An open directory; all names are within it.
public protocol VirtualDirectory: AnyObject, Sendable {
    /// The path of the directory, for messages only.
    var path: FilePath { get }

    /// The entries of the directory, in the order of the names' bytes; `.` and `..` are left out.
    func list() throws(StorageError) -> [VirtualDirectoryEntry]

    /// Opens a regular file; symbolic links are not followed.
    ///
    /// - Throws: ``StorageError`` with code `.notFound`, `.notAFile`, `.permissionDenied` or `.system`.
    func openFile(_ name: FileName, _ access: FileAccess) throws(StorageError) -> any VirtualFile

    /// Creates a regular file (mode 0600) that must not exist yet.
    ///
    /// - Throws: ``StorageError`` with code `.exists`, `.noSpace`, `.permissionDenied` or `.system`.
    func createFile(_ name: FileName) throws(StorageError) -> any VirtualFile

    /// Opens a directory within this one.
    func openDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory

    /// Creates a directory (mode 0700) that must not exist yet, and opens it. Its entry is durable
    /// after ``sync()``.
    func createDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory

    /// Renames a file or directory; the new name must not exist.
    ///
    /// - Throws: ``StorageError`` with code `.exists`, `.notFound` or `.system`.
    func rename(_ name: FileName, to newName: FileName) throws(StorageError)

    /// Puts a file in the place of another one, in one step: after a crash the name stands for the one or for the other.
    /// Durable after ``sync()``. The default implementation throws.
    ///
    /// - Parameters:
    ///   - name: The file that goes. Openings of it go on to work.
    ///   - newFile: The file that gets its name, and has no other one then.
    /// - Throws: ``StorageError`` with code `.notFound` or `.system`.
    func replace(_ name: FileName, with newFile: FileName) throws(StorageError)

    /// Gives a file of another directory a name here, too: both names are of one file. Durable after ``sync()``. A file
    /// system that cannot do that throws, and the caller copies; the default implementation throws.
    ///
    /// - Throws: ``StorageError`` with code `.exists`, `.notFound` or `.system`.
    func link(_ name: FileName, from other: any VirtualDirectory) throws(StorageError)

    /// Removes the file `name`. Durable after ``sync()``.
    func remove(_ name: FileName) throws(StorageError)

    /// Makes every entry created, renamed or removed before durable.
    func sync() throws(StorageError)

    /// Takes the lock on this directory that `name` stands for, at once or not at all.
    ///
    /// An exclusive lock creates the file when it is missing and writes the process number into it. A
    /// shared lock never writes; it returns nil when there is no such file, so that no lock can be held.
    ///
    /// - Throws: ``StorageError`` with code `.locked` and the holder's process number when it is known.
    func lock(_ name: FileName, _ mode: LockMode) throws(StorageError) -> (any DirectoryLock)?

    /// Takes a lock on an existing file itself, at once or not at all. Neither mode changes a byte of it. The default
    /// implementation throws.
    ///
    /// - Parameters:
    ///   - name: The file.
    ///   - mode: Whether others may hold it at the same time.
    ///   - standing: The name for which ``DirectoryLock/checkIdentity()`` asks: that which the file has, or gets.
    /// - Throws: ``StorageError`` with code `.locked`, `.notFound`, `.notAFile` or `.system`.
    func lockFile(
        _ name: FileName, _ mode: LockMode, standingFor standing: FileName
    ) throws(StorageError) -> any DirectoryLock

    /// Throws when the path at which this directory was opened leads elsewhere by now. Changes nothing.
    ///
    /// - Throws: ``StorageError`` with code `.replaced`.
    func checkIdentity() throws(StorageError)
}

extension VirtualDirectory {
    /// Throws the error of a call that the file system does not support.
    public func link(_ name: FileName, from other: any VirtualDirectory) throws(StorageError) {
        throw StorageError(.notSupported, operation: .create, path: path.appending(name.string))
    }

    /// Throws the error of a call that the file system does not support.
    public func replace(_ name: FileName, with newFile: FileName) throws(StorageError) {
        throw StorageError(.notSupported, operation: .rename, path: path.appending(name.string))
    }

    /// Throws the error of a call that the file system does not support.
    public func lockFile(
        _ name: FileName, _ mode: LockMode, standingFor standing: FileName
    ) throws(StorageError) -> any DirectoryLock {
        throw StorageError(.notSupported, operation: .lock, path: path.appending(name.string))
    }
}

/// An open regular file.
///
/// All calls may be made from any thread. A file that was not closed is closed when the last reference
/// goes, and an error of that close is lost: on a path that matters, call ``close()``.
public protocol VirtualFile: AnyObject, Sendable {
    /// The number of bytes that the file has.
    func byteCount() throws(StorageError) -> UInt64

    /// Reads from `offset` until `output` is full or the file ends.
    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(StorageError)

    /// Writes all of `bytes` at `offset`; the bytes are in the system's cache on return.
    func write(_ bytes: RawSpan, at offset: UInt64) throws(StorageError)

    /// Writes all of `bytes` at `offset` and makes them durable, with the size needed to read them.
    ///
    /// Bytes written before by ``write(_:at:)`` become durable only by ``sync()``.
    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(StorageError)

    /// Sets the size; new bytes read as zero. Durable after ``sync()``.
    func truncate(to byteCount: UInt64) throws(StorageError)

    /// Makes everything written before durable, with the size needed to read it.
    func sync() throws(StorageError)

    /// Says that the file will get so many bytes, so that a file system may find room for them at one place. It promises
    /// nothing and changes nothing that can be seen.
    func reserve(_ byteCount: UInt64)

    /// Lets the system begin to write what was written in `range`, so that a later sync has less to do. It promises
    /// nothing, waits for nothing and reports nothing; an error is left to the next sync. A file system need not
    /// do anything.
    func startWriteback(_ range: Range<UInt64>)

    /// Closes the file; calls after that throw. A second close does nothing.
    func close() throws(StorageError)
}

extension VirtualFile {
    /// Does nothing.
    public func startWriteback(_ range: Range<UInt64>) {}

    /// Does nothing.
    public func reserve(_ byteCount: UInt64) {}
}

/// A lock that is held until it is released or the process ends.
public protocol DirectoryLock: AnyObject, Sendable {
    /// Gives the lock back. A second call does nothing.
    func release()

    /// Throws when the name that the lock stands for is gone, or is another file by now: then another process can
    /// take "the" lock, too. Changes nothing.
    ///
    /// - Throws: ``StorageError`` with code `.replaced` or `.system`.
    func checkIdentity() throws(StorageError)
}

/// The access to an open file.
public enum FileAccess: Sendable {
    /// The file cannot be written through this opening.
    case readOnly
    /// The file can be read and written.
    case readWrite
}

/// Whether others may hold the lock at the same time.
public enum LockMode: Sendable {
    /// By many readers.
    case shared
    /// By one writer.
    case exclusive
}

/// A name found in a directory.
public struct VirtualDirectoryEntry: Hashable, Sendable {
    /// The kind of an entry.
    public enum Kind: Sendable {
        /// A regular file.
        case file
        /// A directory, which may hold further entries.
        case directory
        /// Anything else: a link, a device, a pipe.
        case other
    }

    /// The name; nil when its bytes are not a valid ``FileName`` (then no file of ours has it).
    public let name: FileName?
    /// The kind of the entry: file, directory or another one.
    public let kind: Kind

    /// An entry of a directory, as a file system of one's own lists it.
    public init(name: FileName?, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}
