// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO
internal import SystemPackage

/// Records, and the space that they give out. The caller holds the directory lock.
extension ContainerCore {
    /// The size of a journal block behind the first.
    static let blockByteCount: UInt64 = 16 << 10
    /// Files begin at multiples of this, so that no two of them share a page.
    static let pageByteCount: UInt64 = 4096

    /// Writes a record.
    func append(_ record: ContainerRecord) throws(StorageError) {
        try makeRoom(record.encodedByteCount)
        try write(record)
    }

    /// Makes the block take a record of so many bytes, and the link to the next block behind it.
    func makeRoom(_ byteCount: Int) throws(StorageError) {
        let room = state.withLock { $0.journal.block.upperBound - $0.journal.offset }
        guard room < UInt64(byteCount + ContainerLayout.recordByteCount) else { return }
        try beginBlock()
    }

    /// Links to a new block, durably: what lies in earlier blocks is durable from then on.
    func beginBlock() throws(StorageError) {
        let place = try allocate(Self.blockByteCount)
        var link = ContainerRecord(kind: .link)
        link.place = place
        link.byteCount = Self.blockByteCount
        try write(link)
        try sync()
    }

    /// Writes a record where the last one ends.
    private func write(_ record: ContainerRecord) throws(StorageError) {
        let (file, position, salt) = state.withLock { ($0.file, $0.journal, $0.header.salt) }
        var buffer = BinaryBuffer(capacity: 512)
        let checksum = record.encode(
            position.sequence + 1, durable: position.durable, previous: position.chain, salt: salt,
            into: &buffer)
        do throws(StorageError) {
            try file.write(buffer.bytes, at: position.offset)
        } catch {
            fail(error)
            throw error
        }
        let isSound = state.withLock { state in
            do throws(ContainerTree.Defect) {
                try state.tree.apply(record, position.sequence + 1)
            } catch {
                return false
            }
            state.journal.sequence = position.sequence + 1
            state.journal.chain = checksum
            state.journal.offset = position.offset + UInt64(buffer.count)
            if record.kind == .link {
                state.journal.block = record.place..<record.place + record.byteCount
                state.journal.offset = record.place
            }
            return true
        }
        // The callers have asked before, while they held the directory lock.
        precondition(isSound, "a record that makes no sense: \(record)")
    }

    /// Finds room for so many bytes, which are zero and durably there.
    func allocate(_ byteCount: UInt64) throws(StorageError) -> UInt64 {
        let (file, start, size) = state.withLock { state in
            let start = state.ownsTail ? state.tree.end : max(state.tree.end, state.fileByteCount)
            return (state.file, Self.roundedUp(start), state.fileByteCount)
        }
        let end = start + Self.roundedUp(byteCount)
        guard end <= ContainerLayout.placeMax else {
            throw StorageError(.fileTooLarge, operation: .write, path: path)
        }
        guard end > size else { return start }
        let slack = min(max(end / 8, 64 << 10), 8 << 20)
        try file.truncate(to: end + slack)
        state.withLock { state in
            state.fileByteCount = end + slack
            state.ownsTail = true
            state.tree.skip(to: start)
        }
        try sync()
        return start
    }

    static func roundedUp(_ byteCount: UInt64) -> UInt64 {
        (byteCount + pageByteCount - 1) / pageByteCount * pageByteCount
    }

    /// Gives a file room up to `end`.
    func extend(_ number: UInt64, to end: UInt64, reserving wanted: UInt64 = 0)
        throws(StorageError)
    {
        try dropUnknownSpare(of: number)
        guard let entry = state.withLock({ $0.tree[number] }), end > entry.capacity else { return }
        let capacity = entry.capacity
        try makeRoom(ContainerLayout.recordByteCount)
        var record = ContainerRecord(kind: .extend)
        record.entry = number
        record.position = capacity
        record.byteCount = Self.roundedUp(max(end - capacity, wanted))
        record.place = try allocate(record.byteCount)
        try write(record)
        state.withLock { _ = $0.hasZeroSpare.insert(number) }
    }

    /// Takes away what a file has behind its size, unless that is known to be zero: a crash may have left bytes there
    /// whose record is lost, and they would become a part of the file when it grows over them.
    private func dropUnknownSpare(of number: UInt64) throws(StorageError) {
        guard let entry = state.withLock({ $0.tree[number] }), entry.capacity > entry.byteCount,
            !state.withLock({ $0.hasZeroSpare.contains(number) })
        else { return }
        var cut = ContainerRecord(kind: .cut)
        cut.entry = number
        cut.position = entry.byteCount
        try append(cut)
    }

    /// Makes the size of a file that its records say reach `end`.
    ///
    /// - Parameter exactly: Says this size. Otherwise that of all extents, so that the next writes need no record.
    func grow(_ number: UInt64, to end: UInt64, exactly: Bool) throws(StorageError) {
        guard state.withLock({ $0.tree[number] }) != nil else { return try growOrphan(number, end) }
        let now = state.withLock { $0.tree[number].map($0.byteCount) ?? 0 }
        // Larger files grow by more, so that their extents stay few.
        let wanted = now == 0 ? 0 : min(max(now / 8, 64 << 10), 64 << 20)
        if end > state.withLock({ $0.tree[number]?.byteCount ?? 0 }) {
            try extend(number, to: end, reserving: wanted)
        }
        guard let entry = state.withLock({ $0.tree[number] }), end > entry.byteCount else { return }
        if !exactly { state.withLock { $0.byteCounts[number] = now } }
        var size = ContainerRecord(kind: .size)
        size.entry = number
        size.position = exactly ? end : entry.capacity
        try append(size)
    }

    /// A removed file has no records: its bytes go with the last opening.
    private func growOrphan(_ number: UInt64, _ end: UInt64) throws(StorageError) {
        guard let orphan = state.withLock({ $0.orphans[number] }), end > orphan.entry.capacity
        else { return }
        let capacity = orphan.entry.capacity
        let byteCount = Self.roundedUp(end - capacity)
        let place = try allocate(byteCount)
        state.withLock { state in
            state.tree.skip(to: place + byteCount)
            state.orphans[number]?.entry.extents.append(
                ContainerExtent(start: capacity, place: place, byteCount: byteCount))
        }
    }
}
