// SPDX-License-Identifier: Apache-2.0
//
// Reads the journal of a container, record by record.
//
// - Each record is checked before any number in it is believed: its checksum, salted with the identity and the
//   generation, then its number and the checksum of the record before.
// - A file that is shorter than what its records give out was cut: space is durably there before a record gives it
//   out.
// - The reader tells where the journal stops being readable, and why. What that means is judged by ``JournalDamage``.

internal import CairnFormat
package import CairnIO

/// A place in a journal.
package struct JournalPosition: Hashable, Sendable {
    /// The block that takes the next record.
    var block: Range<UInt64>
    /// Where the next record begins.
    var offset: UInt64
    /// The number of the last record.
    var sequence: UInt64 = 0
    /// The checksum of the last record; of the header before the first.
    var chain: UInt32
    /// Every record up to this one is known to be durable.
    var durable: UInt64 = 0

    init(_ header: ContainerHeader) {
        block = header.journal
        offset = header.journal.lowerBound
        chain = header.checksum
    }
}

/// A reader of the journal of one container.
package struct JournalReader {
    /// One step of reading.
    package enum Step {
        case record(ContainerRecord)
        /// Only zeros follow in the block.
        case end
        case damage(JournalDamage)
    }

    let salt: UInt32
    private(set) var position: JournalPosition
    /// The bytes of the block, from its start on.
    private(set) var block: [UInt8]
    /// The size of the container.
    package let fileByteCount: UInt64
    let file: any VirtualFile

    /// A reader at a place of the journal of a container.
    package init(
        _ file: any VirtualFile, _ header: ContainerHeader, at position: JournalPosition? = nil
    ) throws(StorageError) {
        salt = header.salt
        self.position = position ?? JournalPosition(header)
        self.file = file
        fileByteCount = try file.byteCount()
        block = []
        try load()
    }

    private mutating func load() throws(StorageError) {
        // No more memory than the file has bytes.
        let end = min(position.block.upperBound, max(fileByteCount, position.block.lowerBound))
        block = try file.bytes(position.block.lowerBound..<end)
    }

    /// Reads the next record.
    package mutating func next() throws(StorageError) -> Step {
        guard UInt64(block.count) == UInt64(position.block.count) else {
            return .damage(damage(.cut))
        }
        let start = Int(position.offset - position.block.lowerBound)
        let found: Found
        do throws(JournalDamage.Kind) {
            guard let read = try Found(block, at: start, salt) else { return .end }
            found = read
            try accept(found)
        } catch {
            return .damage(damage(error))
        }
        position.sequence = found.sequence
        position.chain = found.checksum
        position.durable = max(position.durable, found.durable)
        position.offset += UInt64(found.encodedByteCount)
        if found.record.kind == .link {
            // Checked by `accept`.
            position.block = found.record.place..<found.record.place + found.record.byteCount
            position.offset = found.record.place
            try load()
        }
        return .record(found.record)
    }

    private func accept(_ found: Found) throws(JournalDamage.Kind) {
        guard found.sequence == position.sequence &+ 1, found.previous == position.chain,
            found.durable < found.sequence
        else { throw .outOfOrder }
        let record = found.record
        if record.kind == .link {
            guard record.place >= position.block.upperBound,
                ContainerHeader.block(record.place, record.byteCount) != nil
            else { throw .badContent }
        }
        if record.kind == .extend || record.kind == .link {
            guard record.place <= ContainerLayout.placeMax,
                record.byteCount <= ContainerLayout.placeMax
            else { throw .badContent }
            guard record.place + record.byteCount <= fileByteCount else { throw .cut }
        }
    }

    private func damage(_ kind: JournalDamage.Kind) -> JournalDamage {
        JournalDamage(kind: kind, offset: position.offset, sequence: position.sequence &+ 1)
    }
}

extension JournalReader {
    /// A record whose checksums hold.
    struct Found {
        let record: ContainerRecord
        let sequence: UInt64
        let durable: UInt64
        let previous: UInt32
        let checksum: UInt32
        /// The bytes that it takes.
        let encodedByteCount: Int

        /// The record at `start` of a block; nil where only zeros follow.
        init?(_ block: [UInt8], at start: Int, _ salt: UInt32) throws(JournalDamage.Kind) {
            let headEnd = start + ContainerLayout.recordByteCount
            guard headEnd <= block.count else {
                guard block[start...].allSatisfy({ $0 == 0 }) else { throw .noRoom }
                return nil
            }
            let bytes = block.span.bytes
            let head = bytes.extracting(start..<headEnd)
            guard !head.isAllZero else {
                guard bytes.extracting(start..<block.count).isAllZero else { throw .afterEnd }
                return nil
            }
            checksum = head.load(ContainerLayout.recordChecksum)
            let covered = head.extracting(0..<ContainerLayout.recordChecksum.offset)
            guard CRC32C.checksum(of: covered, seed: salt) == checksum else {
                throw .recordChecksum
            }
            sequence = head.load(ContainerLayout.sequence)
            durable = head.load(ContainerLayout.durableSequence)
            previous = head.load(ContainerLayout.previousChecksum)
            guard let kind = ContainerRecord.Kind(rawValue: head.load(ContainerLayout.kind)) else {
                throw .unknownKind
            }
            var record = ContainerRecord(kind: kind)
            record.entryKind = head.load(ContainerLayout.entryKind)
            record.entry = head.load(ContainerLayout.entry)
            record.parent = head.load(ContainerLayout.parent)
            record.position = head.load(ContainerLayout.position)
            record.place = head.load(ContainerLayout.place)
            record.byteCount = head.load(ContainerLayout.byteCount)
            let nameByteCount = Int(head.load(ContainerLayout.nameByteCount))
            try Self.check(record, nameByteCount)
            let end = start + ContainerRecord.encodedByteCount(name: nameByteCount)
            encodedByteCount = end - start
            // A link always fits behind what is no link.
            let room = kind == .link ? 0 : ContainerLayout.recordByteCount
            guard end + room <= block.count else { throw .noRoom }
            if nameByteCount > 0 {
                record.name = try Self.name(bytes, headEnd, nameByteCount, checksum)
            }
            self.record = record
        }

        private static func check(
            _ record: ContainerRecord, _ nameByteCount: Int
        ) throws(JournalDamage.Kind) {
            let isNamed = record.kind == .create || record.kind == .rename
            let entryKinds: ClosedRange<UInt8> =
                record.kind == .create
                ? ContainerRecord.file...ContainerRecord.directory : 0...0
            guard isNamed == (nameByteCount > 0),
                nameByteCount <= ContainerLayout.nameByteCountMax,
                entryKinds.contains(record.entryKind), (record.kind == .link) == (record.entry == 0)
            else { throw .badContent }
        }

        private static func name(
            _ bytes: RawSpan, _ start: Int, _ byteCount: Int, _ seed: UInt32
        ) throws(JournalDamage.Kind) -> FileName? {
            let end = start + (byteCount + 3) / 4 * 4
            let covered = bytes.extracting(start..<end)
            let stored = bytes.unsafeLoadUnaligned(fromByteOffset: end, as: UInt32.self)
            guard CRC32C.checksum(of: covered, seed: seed) == UInt32(littleEndian: stored) else {
                throw .nameChecksum
            }
            let text = bytes.extracting(start..<start + byteCount).array()
            guard bytes.extracting(start + byteCount..<end).isAllZero else { throw .badContent }
            // A name that is none makes no sense in any directory: `ContainerTree`.
            return FileName(String(decoding: text, as: UTF8.self))
        }
    }
}
