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
public protocol FileSystem: Sendable {
    /// Opens the directory at `path`.
    ///
    /// - Parameter creating: Creates it (mode 0700) when it is missing; the directories above must exist. Its
    ///   entry is durable on return, also when the directory was there before, unless this process may not
    ///   read the parent.
    /// - Throws: ``IOError`` with code `.notFound`, `.notADirectory`, `.permissionDenied` or `.system`. Its path
    ///   is the directory above that is missing, or no directory, where that is the reason.
    func openDirectory(_ path: FilePath, creating: Bool) throws(IOError) -> any Directory
}

/// An open directory; all names are within it.
public protocol Directory: AnyObject, Sendable {
    /// Where it is, for messages only.
    var path: FilePath { get }

    /// What is in it, in the order of the names' bytes; `.` and `..` left out.
    func list() throws(IOError) -> [DirectoryEntry]

    /// Opens a regular file; symbolic links are not followed.
    ///
    /// - Throws: ``IOError`` with code `.notFound`, `.notAFile`, `.permissionDenied` or `.system`.
    func openFile(_ name: FileName, _ access: FileAccess) throws(IOError) -> any File

    /// Creates a regular file (mode 0600) that must not exist yet.
    ///
    /// - Throws: ``IOError`` with code `.exists`, `.noSpace`, `.permissionDenied` or `.system`.
    func createFile(_ name: FileName) throws(IOError) -> any File

    /// Opens a directory within this one.
    func openDirectory(_ name: FileName) throws(IOError) -> any Directory

    /// Creates a directory (mode 0700) that must not exist yet, and opens it. Its entry is durable
    /// after ``sync()``.
    func createDirectory(_ name: FileName) throws(IOError) -> any Directory

    /// Renames a file or directory; the new name must not exist.
    ///
    /// - Throws: ``IOError`` with code `.exists`, `.notFound` or `.system`.
    func rename(_ name: FileName, to newName: FileName) throws(IOError)

    /// Gives a file of another directory a name here, too: both names are of one file. Durable after ``sync()``. A file
    /// system that cannot do that throws, and whoever asked copies; the default does.
    ///
    /// - Throws: ``IOError`` with code `.exists`, `.notFound` or `.system`.
    func link(_ name: FileName, from other: any Directory) throws(IOError)

    /// Removes a file.
    func remove(_ name: FileName) throws(IOError)

    /// Makes every entry created, renamed or removed before durable.
    func sync() throws(IOError)

    /// Takes the lock on this directory that `name` stands for, at once or not at all.
    ///
    /// An exclusive lock creates the file when it is missing and writes the process number into it. A
    /// shared lock never writes; it returns nil when there is no such file, so nobody can hold it.
    ///
    /// - Throws: ``IOError`` with code `.locked` and the holder's process number when it is known.
    func lock(_ name: FileName, _ mode: LockMode) throws(IOError) -> (any DirectoryLock)?

    /// Throws when the path at which this directory was opened leads elsewhere by now. Changes nothing.
    ///
    /// - Throws: ``IOError`` with code `.replaced`.
    func checkIdentity() throws(IOError)
}

extension Directory {
    /// Throws.
    public func link(_ name: FileName, from other: any Directory) throws(IOError) {
        throw IOError(.notSupported, operation: .create, path: path.appending(name.string))
    }
}

/// An open regular file.
///
/// All calls may be made from any thread. A file that was not closed is closed when the last reference
/// goes, and an error of that close is lost: on a path that matters, call ``close()``.
public protocol File: AnyObject, Sendable {
    /// How many bytes the file has.
    func byteCount() throws(IOError) -> UInt64

    /// Reads from `offset` until `output` is full or the file ends.
    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(IOError)

    /// Writes all of `bytes` at `offset`; the bytes are in the system's cache on return.
    func write(_ bytes: RawSpan, at offset: UInt64) throws(IOError)

    /// Writes all of `bytes` at `offset` and makes them durable, with the size needed to read them.
    ///
    /// Bytes written before by ``write(_:at:)`` become durable only by ``sync()``.
    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(IOError)

    /// Sets the size; new bytes read as zero. Durable after ``sync()``.
    func truncate(to byteCount: UInt64) throws(IOError)

    /// Makes everything written before durable, with the size needed to read it.
    func sync() throws(IOError)

    /// Lets the system begin to write what was written in `range`, so that a later sync has less to do. It promises
    /// nothing, waits for nothing and reports nothing; an error is left to the next sync. A file system need not
    /// do anything.
    func startWriteback(_ range: Range<UInt64>)

    /// Closes the file; calls after that throw. A second close does nothing.
    func close() throws(IOError)
}

extension File {
    /// Does nothing.
    public func startWriteback(_ range: Range<UInt64>) {}
}

/// A lock that is held until it is released or the process ends.
public protocol DirectoryLock: AnyObject, Sendable {
    /// Gives the lock back. A second call does nothing.
    func release()

    /// Throws when the name that the lock stands for is gone, or is another file by now: then somebody else can
    /// take "the" lock, too. Changes nothing.
    ///
    /// - Throws: ``IOError`` with code `.replaced` or `.system`.
    func checkIdentity() throws(IOError)
}

/// How a file is opened.
public enum FileAccess: Sendable {
    /// Reads only.
    case readOnly
    /// Reads and writes.
    case readWrite
}

/// How a lock is held.
public enum LockMode: Sendable {
    /// By many readers.
    case shared
    /// By one writer.
    case exclusive
}

/// A name found in a directory.
public struct DirectoryEntry: Hashable, Sendable {
    /// What it is.
    public enum Kind: Sendable {
        /// A regular file.
        case file
        /// A directory.
        case directory
        /// Anything else: a link, a device, a pipe.
        case other
    }

    /// The name; nil when its bytes are not a valid ``FileName`` (then no file of ours has it).
    public let name: FileName?
    /// What it is.
    public let kind: Kind

    /// An entry.
    public init(name: FileName?, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}
