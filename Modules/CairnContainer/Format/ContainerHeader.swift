// SPDX-License-Identifier: Apache-2.0

package import CairnFormat
internal import CairnIO

/// The header of a container.
package struct ContainerHeader: Hashable, Sendable {
    /// The random identity, high half first.
    let identity: (high: UInt64, low: UInt64)
    /// 1 for a new container, one more after each compaction.
    let generation: UInt64
    /// The first journal block.
    package let journal: Range<UInt64>
    /// The checksum of the header, which the first record carries.
    let checksum: UInt32

    /// A header with these fields.
    init(
        identity: (high: UInt64, low: UInt64), generation: UInt64, journal: Range<UInt64>
    ) {
        self.identity = identity
        self.generation = generation
        self.journal = journal
        var buffer = BinaryBuffer(capacity: ContainerLayout.headerByteCount)
        checksum = Self.encode(identity, generation, journal, into: &buffer)
    }

    /// The salt of the checksums of all records.
    var salt: UInt32 {
        var buffer = BinaryBuffer(capacity: 24)
        buffer.append(identity.high.byteSwapped)
        buffer.append(identity.low.byteSwapped)
        buffer.append(generation)
        return CRC32C.checksum(of: buffer.bytes)
    }

    func encode(into buffer: inout BinaryBuffer) {
        Self.encode(identity, generation, journal, into: &buffer)
    }

    @discardableResult
    private static func encode(
        _ identity: (high: UInt64, low: UInt64), _ generation: UInt64, _ journal: Range<UInt64>,
        into buffer: inout BinaryBuffer
    ) -> UInt32 {
        let base = buffer.count
        FilePreamble.append(
            magic: ContainerLayout.magic, version: ContainerLayout.version, to: &buffer)
        buffer.append(zeros: ContainerLayout.headerByteCount - FilePreamble.byteCount)
        buffer.overwrite(identity.high.byteSwapped, at: base + ContainerLayout.containerID.offset)
        buffer.overwrite(
            identity.low.byteSwapped, at: base + ContainerLayout.containerID.offset + 8)
        buffer.store(generation, at: ContainerLayout.generation, base: base)
        buffer.store(journal.lowerBound, at: ContainerLayout.journalPlace, base: base)
        buffer.store(UInt64(journal.count), at: ContainerLayout.journalByteCount, base: base)
        let covered = base..<base + ContainerLayout.headerChecksum.offset
        let checksum = CRC32C.checksum(of: buffer.bytes.extracting(covered))
        buffer.store(checksum, at: ContainerLayout.headerChecksum, base: base)
        return checksum
    }

    /// Reads a header.
    ///
    /// - Throws: `FormatError` with code `.truncated`, `.badMagic`, `.badChecksum`, `.unsupportedVersion` or
    ///   `.invalidValue`.
    package init(from bytes: RawSpan) throws(FormatError) {
        try FilePreamble.check(
            bytes, magic: ContainerLayout.magic, supported: ContainerLayout.version)
        guard bytes.byteCount >= ContainerLayout.headerByteCount else {
            throw FormatError(code: .truncated, offset: bytes.byteCount)
        }
        let covered = bytes.extracting(0..<ContainerLayout.headerChecksum.offset)
        let checksum = bytes.load(ContainerLayout.headerChecksum)
        guard CRC32C.checksum(of: covered) == checksum else {
            throw FormatError(code: .badChecksum, offset: ContainerLayout.headerChecksum.offset)
        }
        var reader = ByteReader(bytes.load(ContainerLayout.containerID))
        identity = (
            high: try reader.integer(UInt64.self).byteSwapped,
            low: try reader.integer(UInt64.self).byteSwapped
        )
        generation = bytes.load(ContainerLayout.generation)
        let place = bytes.load(ContainerLayout.journalPlace)
        let byteCount = bytes.load(ContainerLayout.journalByteCount)
        guard generation > 0, place >= UInt64(ContainerLayout.headerByteCount),
            let journal = Self.block(place, byteCount)
        else {
            throw FormatError(code: .invalidValue, offset: ContainerLayout.generation.offset)
        }
        self.journal = journal
        self.checksum = checksum
    }

    /// A journal block; nil when the numbers are none of one.
    static func block(_ place: UInt64, _ byteCount: UInt64) -> Range<UInt64>? {
        let sizes = ContainerLayout.blockByteCountMin...ContainerLayout.blockByteCountMax
        guard sizes.contains(byteCount), place <= ContainerLayout.placeMax else { return nil }
        return place..<place + byteCount
    }

    package static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.identity == rhs.identity && lhs.generation == rhs.generation
            && lhs.journal == rhs.journal
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(identity.low)
        hasher.combine(generation)
    }
}
