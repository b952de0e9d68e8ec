// SPDX-License-Identifier: Apache-2.0
//
// The footer and the trailer, written and read.

internal import CairnFormat

/// The places of the sections of a snapshot.
struct SnapshotIndex {
    private typealias Head = SnapshotFormat.FooterHeader
    private typealias Entry = SnapshotFormat.IndexEntry
    private typealias End = SnapshotFormat.FooterEnd

    var sections: [SnapshotSummary.Section] = []
    /// The chunks of the sections that were read; each has a number of 32 bits.
    private var chunkCount: UInt64 = 0

    /// The number of bytes that a footer of so many sections has.
    static func footerByteCount(sectionCount: Int) -> Int {
        Head.byteCount + sectionCount * Entry.byteCount + End.byteCount
    }

    /// Appends footer and trailer; `digest` is the digest of everything before.
    func append(to buffer: inout BinaryBuffer, at offset: UInt64, digest: UInt32, salt: UInt32) {
        let base = buffer.count
        buffer.append(UInt32(sections.count))
        buffer.append(UInt32(0))
        appendEntries(to: &buffer)
        let whole = CRC32C.checksum(of: buffer.bytes.extracting(base..<buffer.count), seed: digest)
        buffer.append(whole)
        let sum = CRC32C.checksum(of: buffer.bytes.extracting(base..<buffer.count), seed: salt)
        buffer.append(sum)
        let footerByteCount = buffer.count - base
        SnapshotTrailer(footerOffset: offset, footerByteCount: UInt32(footerByteCount))
            .append(to: &buffer, salt: salt)
    }

    /// The bytes that the proof of a key record covers besides the header of the file: the header of its chunk, the record, and
    /// the entries of all other sections.
    func proofContext(_ chunk: SnapshotChunk, _ record: [UInt8]) -> [UInt8] {
        var buffer = BinaryBuffer()
        buffer.append(chunk.identifyingBytes())
        buffer.append(record)
        appendEntries(to: &buffer)
        return buffer.array()
    }

    /// Appends the entries of the sections, as they lie in the footer.
    func appendEntries(to buffer: inout BinaryBuffer) {
        for section in sections {
            let entry = buffer.count
            buffer.append(zeros: Entry.byteCount)
            buffer.store(section.id, at: Entry.section, base: entry)
            buffer.store(section.chunkCount, at: Entry.chunkCount, base: entry)
            buffer.store(section.firstOffset, at: Entry.firstOffset, base: entry)
            buffer.store(section.byteCount, at: Entry.byteCountOfChunks, base: entry)
            buffer.store(section.recordCount, at: Entry.recordCount, base: entry)
        }
    }

    /// Reads a footer that lies at `offset` of the file.
    ///
    /// - Returns: The index and the digest that the file should have.
    static func read(
        _ bytes: RawSpan, at offset: UInt64, salt: UInt32
    ) throws(FormatError) -> (index: SnapshotIndex, digest: UInt32) {
        let base = Int(offset)
        guard bytes.byteCount >= footerByteCount(sectionCount: 0) else {
            throw FormatError(code: .truncated, offset: base)
        }
        let end = bytes.byteCount - End.byteCount
        let sum = CRC32C.checksum(
            of: bytes.extracting(0..<end + End.checksum.offset), seed: salt)
        guard sum == bytes.load(End.checksum, base: end) else {
            throw FormatError(code: .badChecksum, offset: base + end + End.checksum.offset)
        }
        let count = Int(bytes.load(Head.sectionCount))
        guard bytes.byteCount == footerByteCount(sectionCount: count) else {
            throw FormatError(code: .invalidValue, offset: base + Head.sectionCount.offset)
        }
        guard bytes.load(Head.reserved) == 0 else {
            throw FormatError(code: .reservedNotZero, offset: base + Head.reserved.offset)
        }
        var index = SnapshotIndex()
        for number in 0..<count {
            let entry = Head.byteCount + number * Entry.byteCount
            try index.add(entryOf: bytes, entry, errorBase: base, footerOffset: offset)
        }
        guard index.end == offset else { throw FormatError(code: .invalidValue, offset: base) }
        return (index, bytes.load(End.digest, base: end))
    }

    /// Where the next section must start.
    private var end: UInt64 {
        guard let last = sections.last else { return UInt64(SnapshotFormat.Header.byteCount) }
        return last.firstOffset + last.byteCount
    }

    private mutating func add(
        entryOf bytes: RawSpan, _ entry: Int, errorBase: Int, footerOffset: UInt64
    ) throws(FormatError) {
        let section = SnapshotSummary.Section(
            id: bytes.load(Entry.section, base: entry),
            chunkCount: bytes.load(Entry.chunkCount, base: entry),
            recordCount: bytes.load(Entry.recordCount, base: entry),
            byteCount: bytes.load(Entry.byteCountOfChunks, base: entry),
            firstOffset: bytes.load(Entry.firstOffset, base: entry))
        let chunks = UInt64(section.chunkCount)
        let overhead = UInt64(
            SnapshotFormat.ChunkHeader.byteCount + SnapshotFormat.ChunkEnd.byteCount)
        func check(_ condition: Bool, _ offset: Int) throws(FormatError) {
            guard condition else {
                throw FormatError(code: .invalidValue, offset: errorBase + entry + offset)
            }
        }
        if let last = sections.last { try check(last.id < section.id, Entry.section.offset) }
        try check(section.firstOffset == end, Entry.firstOffset.offset)
        try check(end <= footerOffset, Entry.firstOffset.offset)
        try check(section.byteCount <= footerOffset - end, Entry.byteCountOfChunks.offset)
        // Every chunk has its overhead and at least one record of at least one byte.
        try check((chunks == 0) == (section.byteCount == 0), Entry.chunkCount.offset)
        try check(section.byteCount / (overhead + 1) >= chunks, Entry.chunkCount.offset)
        let payload = section.byteCount - chunks * overhead
        try check(chunks <= section.recordCount, Entry.recordCount.offset)
        let (recordCountMax, isUnbounded) = payload.multipliedReportingOverflow(
            by: UInt64(SnapshotFormat.compressionRatioMax))
        try check(
            isUnbounded || section.recordCount <= recordCountMax, Entry.recordCount.offset)
        chunkCount += chunks
        try check(chunkCount <= UInt64(UInt32.max), Entry.chunkCount.offset)
        sections.append(section)
    }
}

/// The last bytes of a snapshot.
struct SnapshotTrailer {
    private typealias Fields = SnapshotFormat.Trailer

    let footerOffset: UInt64
    let footerByteCount: UInt32

    init(footerOffset: UInt64, footerByteCount: UInt32) {
        self.footerOffset = footerOffset
        self.footerByteCount = footerByteCount
    }

    /// Reads the trailer of a file of `fileByteCount` bytes.
    init(from bytes: RawSpan, fileByteCount: UInt64, salt: UInt32) throws(FormatError) {
        let start = fileByteCount - UInt64(Fields.byteCount)
        let base = Int(start)
        guard bytes.load(Fields.magic) == SnapshotFormat.endMagic else {
            throw FormatError(code: .truncated, offset: base + Fields.magic.offset)
        }
        let sum = CRC32C.checksum(of: bytes.extracting(0..<Fields.checksum.offset), seed: salt)
        guard sum == bytes.load(Fields.checksum) else {
            throw FormatError(code: .badChecksum, offset: base + Fields.checksum.offset)
        }
        footerOffset = bytes.load(Fields.footerOffset)
        footerByteCount = bytes.load(Fields.footerByteCount)
        let footerByteCountMax = SnapshotIndex.footerByteCount(
            sectionCount: SnapshotFormat.sectionCountMax)
        guard footerByteCount <= footerByteCountMax else {
            throw FormatError(code: .limitExceeded, offset: base + Fields.footerByteCount.offset)
        }
        guard footerOffset >= UInt64(SnapshotFormat.Header.byteCount), footerOffset <= start,
            UInt64(footerByteCount) == start - footerOffset
        else { throw FormatError(code: .invalidValue, offset: base + Fields.footerOffset.offset) }
    }

    func append(to buffer: inout BinaryBuffer, salt: UInt32) {
        let base = buffer.count
        buffer.append(footerOffset)
        buffer.append(footerByteCount)
        let end = base + Fields.checksum.offset
        let sum = CRC32C.checksum(of: buffer.bytes.extracting(base..<end), seed: salt)
        buffer.append(sum)
        buffer.append(SnapshotFormat.endMagic)
    }
}
