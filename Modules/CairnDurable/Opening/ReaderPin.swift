// SPDX-License-Identifier: Apache-2.0
//
// A reader in another process that wants each transaction, and not a snapshot in place of them, says so by a file:
// `pins/<LSN, 20 digits>-<16 hexadecimal digits>.pin`, which it keeps locked. The lock dies with the process.
//
// - The writer asks before each truncation. A file without a lock is of a process that is gone, and is removed.
// - Nothing of it need survive a crash of the machine: no reader does.

internal import CairnFormat
internal import CairnIO
public import CairnLSN
internal import CairnLog

/// Keeps the writer in another process from dropping the log after some LSN, for a store that is open for reading.
///
/// It holds as long as the object lives, until ``release()``, or until the process ends, whatever ends it. The log of a
/// store that is pinned for ever grows for ever.
public final class ReaderPin: Sendable {
    /// The last LSN that may be dropped; everything committed later stays.
    public let lsn: LSN
    private let lock: any DirectoryLock
    private let directory: any VirtualDirectory
    private let name: FileName

    private init(
        _ lsn: LSN, _ lock: any DirectoryLock, _ directory: any VirtualDirectory, _ name: FileName
    ) {
        self.lsn = lsn
        self.lock = lock
        self.directory = directory
        self.name = name
    }

    deinit { release() }

    /// Lets the writer drop what it wants.
    public func release() {
        lock.release()
        // If this is too late or too early, the writer removes it.
        try? directory.remove(name)
    }

    package static let folder: FileName = "pins"

    static func make(
        at lsn: LSN, in root: any VirtualDirectory, _ environment: StorageEnvironment
    ) throws(StorageError) -> ReaderPin {
        let directory = try openFolder(in: root)
        while true {
            let name = fileName(lsn, environment.randomness.next())
            do throws(StorageError) {
                guard let lock = try directory.lock(name, .exclusive) else { continue }
                // A writer that saw it before it was locked has removed it.
                try lock.checkIdentity()
                return ReaderPin(lsn, lock, directory, name)
            } catch {
                guard error.code == .locked || error.code == .replaced else { throw error }
            }
        }
    }

    private static func openFolder(in root: any VirtualDirectory) throws(StorageError)
        -> any VirtualDirectory
    {
        do throws(StorageError) { return try root.openDirectory(folder) } catch {
            guard error.code == .notFound else { throw error }
        }
        do throws(StorageError) { return try root.createDirectory(folder) } catch {
            guard error.code == .exists else { throw error }
            return try root.openDirectory(folder)
        }
    }

    /// The lowest LSN that a living process has pinned; nil when none has. What dead ones left is removed.
    static func lowest(in root: any VirtualDirectory) throws(StorageError) -> LSN? {
        let directory: any VirtualDirectory
        do throws(StorageError) { directory = try root.openDirectory(folder) } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
        var lowest: LSN?
        for entry in try directory.list() {
            guard let name = entry.name, let lsn = lsn(of: name) else { continue }
            do throws(StorageError) {
                guard let lock = try directory.lock(name, .shared) else { continue }
                try? directory.remove(name)
                lock.release()
            } catch {
                guard error.code == .locked else { throw error }
                lowest = min(lowest ?? lsn, lsn)
            }
        }
        return lowest
    }

    private static func fileName(_ lsn: LSN, _ tag: UInt64) -> FileName {
        let number = padded(lsn.description, 20)
        guard let name = FileName("\(number)-\(padded(String(tag, radix: 16), 16)).pin") else {
            preconditionFailure("digits are a name")
        }
        return name
    }

    private static func padded(_ digits: String, _ count: Int) -> String {
        String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
    }

    private static func lsn(of name: FileName) -> LSN? {
        let text = name.string
        guard text.hasSuffix(".pin"), text.utf8.count == 41, let lsn = UInt64(text.prefix(20))
        else {
            return nil
        }
        return LSN(rawValue: lsn)
    }
}

extension Durable {
    /// Keeps the process that has the store open for writing from dropping the log after what readers see here, so that
    /// `refresh()` never has to load a snapshot in place of transactions. Only for a store that was opened for
    /// reading; this writes a file into the directory `pins` of the store.
    ///
    /// - Throws: ``DurableError`` with code `.misuse` for a store that is open for writing, or `.io`.
    public func pin() throws(DurableError) -> ReaderPin {
        guard following != nil else { throw DurableError(code: .misuse) }
        do throws(StorageError) {
            return try ReaderPin.make(
                at: publisher.core.publishedLSN, in: storeRoot, environment)
        } catch {
            throw DurableError(LogError(error))
        }
    }
}
