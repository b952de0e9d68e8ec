// SPDX-License-Identifier: Apache-2.0
//
// Writes a container anew, without what nothing in it uses any more.
//
// - The new file lies beside the old one as `<name>.new`. Nothing reads it before it has the name of the container, so at
//   every instant the name leads to a whole container with everything that was acknowledged.
// - Most is copied while commits go on: what they write meanwhile is noted and copied again. Only for the rest of it,
//   the sync and the rename, new calls wait.
// - The directory of the new container is one run of records. It is written when all bytes lie there.
// - An error before the rename costs the new file and nothing else.

internal import CairnFormat
internal import CairnIO
internal import SystemPackage

/// Whether and how a container is being compacted.
struct ContainerCompactionState: Sendable {
    var isUnderWay = false
    var isStopping = false
    /// The bytes in use when compaction failed; it is tried again when they have doubled.
    var failedAt: UInt64?
}

/// One compaction.
struct ContainerCompaction: ~Copyable {
    /// Where the bytes of a file lie in the new container.
    private struct Copied {
        /// The extents of the old container that were copied.
        var source: [ContainerExtent]
        var extents: [ContainerExtent]
    }

    private let core: ContainerCore
    private let header: ContainerHeader
    let file: any VirtualFile
    private var copied: [UInt64: Copied] = [:]
    private var end: UInt64

    /// Begins the new file.
    init(_ core: ContainerCore, _ file: any VirtualFile) {
        self.core = core
        self.file = file
        let (old, tree) = core.state.withLock { state in
            state.written = []
            return (state.header, state.tree)
        }
        // Twice what is needed now, and room for the records of an ordinary time.
        let journal = Self.journalByteCount(tree) * 2 + (64 << 10)
        let start = ContainerCore.pageByteCount
        header = ContainerHeader(
            identity: old.identity, generation: old.generation + 1,
            journal: start..<start + ContainerCore.roundedUp(journal))
        end = header.journal.upperBound
    }

    private static func journalByteCount(_ tree: ContainerTree) -> UInt64 {
        tree.entries.values.reduce(0) { sum, entry in
            let records = (2 + entry.extents.count) * ContainerLayout.recordByteCount
            return sum + UInt64(records + ContainerLayout.nameByteCountMax + 8)
        }
    }

    /// Copies what was written since the last pass.
    ///
    /// - Returns: How many bytes that were.
    mutating func pass() throws(StorageError) -> UInt64 {
        let (source, tree, written, isStopping) = core.state.withLock { state in
            let found = (state.file, state.tree, state.written ?? [], state.compaction.isStopping)
            state.written = []
            return found
        }
        guard !isStopping else {
            throw StorageError(code: .closed, operation: .write, path: core.path)
        }
        var byteCount: UInt64 = 0
        for number in tree.entries.keys.sorted() {
            guard let entry = tree[number], !entry.isDirectory else { continue }
            byteCount += try copyNew(entry, source)
        }
        for part in written {
            guard let extents = copied[part.entry]?.extents, let entry = tree[part.entry] else {
                continue
            }
            byteCount += try copy(part.range, of: entry, to: extents, source)
        }
        return byteCount
    }

    /// Copies the extents that a file has got since the last pass.
    private mutating func copyNew(
        _ entry: ContainerEntry, _ source: any VirtualFile
    ) throws(StorageError) -> UInt64 {
        var done = copied[entry.number] ?? Copied(source: [], extents: [])
        if !entry.extents.starts(with: done.source) { done = Copied(source: [], extents: []) }
        var byteCount: UInt64 = 0
        for extent in entry.extents.dropFirst(done.source.count) {
            let copy = ContainerExtent(
                start: extent.start, place: end, byteCount: extent.byteCount)
            end = ContainerCore.roundedUp(end + extent.byteCount)
            // Bytes behind the size are zero in the new file, or were never written.
            let filled = max(min(extent.end, entry.byteCount), extent.start)
            done.source.append(extent)
            done.extents.append(copy)
            byteCount += try self.copy(
                extent.start..<filled, of: entry, to: done.extents, source)
        }
        copied[entry.number] = done
        return byteCount
    }

    private func copy(
        _ range: Range<UInt64>, of entry: ContainerEntry, to extents: [ContainerExtent],
        _ source: any VirtualFile
    ) throws(StorageError) -> UInt64 {
        var target = entry
        target.extents = extents
        var start = range.lowerBound
        let stop = min(range.upperBound, entry.capacity)
        guard start < stop else { return 0 }
        while start < stop {
            let part = start..<min(stop, start + (1 << 20))
            for piece in entry.pieces(part) {
                let bytes = try source.bytes(piece.place..<piece.place + UInt64(piece.byteCount))
                guard bytes.count == piece.byteCount else {
                    throw StorageError(
                        code: .damaged, operation: .read, path: core.path, offset: piece.place)
                }
                let from = part.lowerBound + UInt64(piece.start)
                for place in target.pieces(from..<from + UInt64(piece.byteCount)) {
                    let span = bytes.span.bytes.extracting(
                        place.start..<place.start + place.byteCount)
                    try file.write(span, at: place.place)
                }
            }
            start = part.upperBound
        }
        return stop - range.lowerBound
    }

    /// Writes header and records of what the container is now, and makes all of it durable.
    ///
    /// - Returns: The container; nil when the records need more room than was left for them.
    mutating func finish() throws(StorageError) -> ContainerImage? {
        let tree = core.state.withLock { $0.tree }
        var bytes = BinaryBuffer(capacity: 64 << 10)
        var position = JournalPosition(header)
        var made = ContainerTree(end: header.journal.upperBound)
        for record in records(of: tree) {
            position.chain = record.encode(
                position.sequence + 1, durable: position.sequence, previous: position.chain,
                salt: header.salt, into: &bytes)
            position.sequence += 1
            do throws(ContainerTree.Defect) { try made.apply(record, position.sequence) } catch {
                preconditionFailure("a record that makes no sense: \(record), \(error)")
            }
        }
        let room = ContainerLayout.recordByteCount
        guard UInt64(bytes.count + room) <= UInt64(header.journal.count) else { return nil }
        position.offset += UInt64(bytes.count)
        position.durable = position.sequence
        bytes.append(zeros: header.journal.count - bytes.count)
        var head = BinaryBuffer(capacity: 64)
        header.encode(into: &head)
        try file.write(bytes.bytes, at: header.journal.lowerBound)
        try file.write(head.bytes, at: 0)
        let byteCount = max(made.end, ContainerCore.roundedUp(header.journal.upperBound))
        try file.truncate(to: byteCount)
        try file.sync()
        return ContainerImage(
            file: file, header: header, tree: made, journal: position, fileByteCount: byteCount,
            isTorn: false)
    }

    /// Entries in the order of their numbers, so that each directory comes before what is in it; then extents in the order
    /// of their places, and sizes.
    private func records(of tree: ContainerTree) -> [ContainerRecord] {
        let entries = tree.entries.values.filter { $0.number != ContainerTree.root }
            .sorted { $0.number < $1.number }
        let created = entries.map { entry in
            var record = ContainerRecord(kind: .create)
            record.entry = entry.number
            record.entryKind =
                entry.isDirectory ? ContainerRecord.directory : ContainerRecord.file
            record.parent = entry.parent
            record.name = entry.name
            return record
        }
        let extents = entries.flatMap { entry in
            (copied[entry.number]?.extents ?? []).map { extent in
                var record = ContainerRecord(kind: .extend)
                record.entry = entry.number
                record.position = extent.start
                record.place = extent.place
                record.byteCount = extent.byteCount
                return record
            }
        }.sorted { $0.place < $1.place }
        let sizes = entries.filter { $0.byteCount > 0 }.map { entry in
            var record = ContainerRecord(kind: .size)
            record.entry = entry.number
            record.position = entry.byteCount
            return record
        }
        return created + extents + sizes
    }
}
