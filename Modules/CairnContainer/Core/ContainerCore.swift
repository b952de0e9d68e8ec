// SPDX-License-Identifier: Apache-2.0
//
// One open container: what all openings of its directories and files in this process share.
//
//     commit:   place of the bytes (lock) ─ one durable write of the container ─ done
//     growing:  directory lock ─ [room: size, sync] ─ record ─ lock given back ─ then as a commit
//
// - `directoryLock` is held by a change of the directory, across the write of the record. A commit into bytes that a
//   record covers does not take it.
// - `state` is held for a few instructions, and across no I/O.
// - A record is written before anything relies on it, and a sync of the container covers all records before it, since
//   they lie in the same file. So a file of a container is never more durable than the records it needs.
// - Space is durably there, and zero, before a record gives it out: the size of the container is synced first.
// - The first error of a sync, of a durable write or of a record stops all writing for good.

internal import CairnFormat
internal import CairnIO
internal import SystemPackage

/// One open container.
final class ContainerCore: Sendable {
    let base: any VirtualDirectory
    let name: FileName
    let environment: StorageEnvironment
    let state: Locked<ContainerState>
    let directoryLock = AsyncLock()
    /// The thread that compacts.
    let compactor = Locked<BackgroundThread?>(nil)

    var path: FilePath { base.path.appending(name.string) }

    /// Opens a container for reading; the first change, or a lock, opens it for writing.
    static func open(
        _ name: FileName, in base: any VirtualDirectory, _ environment: StorageEnvironment
    ) throws(StorageError) -> ContainerCore {
        let image = try ContainerImage.read(name, in: base, .readOnly, isLive: true)
        return ContainerCore(image, name, in: base, environment)
    }

    private init(
        _ image: ContainerImage, _ name: FileName, in base: any VirtualDirectory,
        _ environment: StorageEnvironment
    ) {
        self.base = base
        self.name = name
        self.environment = environment
        state = Locked(
            ContainerState(
                file: image.file, header: image.header, tree: image.tree, journal: image.journal,
                fileByteCount: image.fileByteCount))
    }

    deinit { resign() }

    // MARK: Writing and reading

    /// Runs `body` while no one else changes the directory of the container, which is open for writing then.
    func change<Result>(
        _ body: () throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        directoryLock.lock()
        defer { directoryLock.unlock() }
        let (failure, isWriter) = state.withLock { ($0.failure, $0.writerLock != nil) }
        if let failure { throw failure }
        if !isWriter { try becomeWriter() }
        return try body()
    }

    /// Gives the lock back, and the space that no record has given out.
    func resign() {
        stopCompacting()
        guard let ended = state.withLock({ $0.endWriting() }) else { return }
        // Whether that succeeds does not matter: the next writer begins behind whatever is there.
        if let end = ended.end { try? ended.file.truncate(to: end) }
        ended.lock.release()
    }

    /// Stops all writing, with the first error.
    func fail(_ error: StorageError) {
        state.withLock { $0.failure = $0.failure ?? error }
    }
}

extension ContainerState {
    /// The lock and the file to give back when writing ends.
    struct Ended {
        let lock: any DirectoryLock
        let file: any VirtualFile
        /// Where the container is to end; nil to leave it as it is.
        let end: UInt64?
    }

    /// Ends writing; nil when the container was not open for writing.
    mutating func endWriting() -> Ended? {
        guard let lock = writerLock else { return nil }
        let isWhole = failure == nil && ownsTail && fileByteCount > tree.end
        writerLock = nil
        isLocked = false
        ownsTail = false
        hasZeroSpare = []
        return Ended(lock: lock, file: file, end: isWhole ? tree.end : nil)
    }

    /// Goes on with a container that was read anew.
    mutating func take(_ image: ContainerImage) {
        let before = file
        for (number, entry) in tree.entries where image.tree[number] == nil {
            guard openings[number] != nil, !entry.isDirectory else { continue }
            orphans[number] = Orphan(entry: entry, file: before)
        }
        file = image.file
        header = image.header
        tree = image.tree
        journal = image.journal
        fileByteCount = image.fileByteCount
        ownsTail = image.fileByteCount == image.tree.end
        byteCounts = [:]
        hasZeroSpare = []
    }

    /// Goes on with a tree of the same file that has grown.
    mutating func adopt(
        _ grown: ContainerTree, _ position: JournalPosition, _ byteCount: UInt64
    ) {
        for (number, entry) in tree.entries where grown[number] == nil {
            guard openings[number] != nil, !entry.isDirectory else { continue }
            orphans[number] = Orphan(entry: entry, file: file)
        }
        tree = grown
        journal = position
        fileByteCount = byteCount
        byteCounts = [:]
    }
}

extension ContainerImage {
    /// Writes the records of the last block once more, as they are, so that the next sync covers them. Those of earlier
    /// blocks are durable: a block is linked durably.
    func writeAgain() throws(StorageError) {
        let range = journal.block.lowerBound..<journal.offset
        guard journal.durable < journal.sequence, !range.isEmpty else { return }
        let bytes = try file.bytes(range)
        try file.write(bytes.span.bytes, at: range.lowerBound)
    }
}
