// SPDX-License-Identifier: Apache-2.0

internal import CairnIO

/// The content and the holders of a container, under the lock of its core.
struct ContainerState: Sendable {
    /// A removed file that is still open.
    struct Orphan: Sendable {
        var entry: ContainerEntry
        let file: any VirtualFile
    }

    /// Bytes of a file that were written while compaction copied it.
    struct Written: Sendable {
        let entry: UInt64
        let range: Range<UInt64>
    }

    /// The container itself.
    var file: any VirtualFile
    var header: ContainerHeader
    var tree: ContainerTree
    var journal: JournalPosition
    /// The size of the container.
    var fileByteCount: UInt64
    /// Whether all bytes that are not given out are known to be zero: this opening made them.
    var ownsTail = false
    /// The lock of the container; nil while it is only read.
    var writerLock: (any DirectoryLock)?
    /// Whether a caller asked for the lock; otherwise the first change took it.
    var isLocked = false
    /// Locks for reading that keep every writer away.
    var sharedLockCount = 0
    /// The error after which nothing is written any more.
    var failure: StorageError?
    /// Sizes that are smaller than their records say.
    var byteCounts: [UInt64: UInt64] = [:]
    /// Files whose bytes behind their size are known to be zero: this opening made the extents.
    var hasZeroSpare: Set<UInt64> = []
    /// How many openings there are of each file.
    var openings: [UInt64: Int] = [:]
    var orphans: [UInt64: Orphan] = [:]
    /// Writes and syncs that are under way.
    var callCount = 0
    /// Whether compaction waits for them, and new ones wait for compaction.
    var isSwitching = false
    /// The writes since compaction began; nil while it is not under way.
    var written: [Written]?
    var compaction = ContainerCompactionState()

    /// The size of a file as its openings see it.
    func byteCount(_ entry: ContainerEntry) -> UInt64 {
        byteCounts[entry.number] ?? entry.byteCount
    }

    /// The entry of a file, removed or not, and the container that has its bytes.
    func found(_ number: UInt64) -> (entry: ContainerEntry, file: any VirtualFile)? {
        if let entry = tree[number] { return (entry, file) }
        return orphans[number].map { ($0.entry, $0.file) }
    }

    /// Notes the end of a write.
    mutating func wrote(_ number: UInt64, _ range: Range<UInt64>) {
        if let entry = tree[number] {
            if range.upperBound > byteCount(entry) {
                byteCounts[number] = range.upperBound == entry.byteCount ? nil : range.upperBound
            }
            written?.append(Written(entry: number, range: range))
        } else if let orphan = orphans[number], range.upperBound > orphan.entry.byteCount {
            orphans[number]?.entry.byteCount = range.upperBound
        }
    }
}

/// Bytes of a file that lie together in the container.
struct ContainerPiece: Hashable, Sendable {
    /// Where in what is read or written they begin.
    let start: Int
    let place: UInt64
    let byteCount: Int
}

extension ContainerEntry {
    /// Where the bytes of a range of the file lie. What no extent holds is left out.
    func pieces(_ range: Range<UInt64>) -> [ContainerPiece] {
        guard !range.isEmpty else { return [] }
        var pieces: [ContainerPiece] = []
        for extent in extents where extent.end > range.lowerBound {
            guard extent.start < range.upperBound else { break }
            let start = max(extent.start, range.lowerBound)
            let end = min(extent.end, range.upperBound)
            pieces.append(
                ContainerPiece(
                    start: Int(start - range.lowerBound),
                    place: extent.place + (start - extent.start), byteCount: Int(end - start)))
        }
        return pieces
    }
}
