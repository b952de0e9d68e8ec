// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnLSN

/// The first bytes of a snapshot.
struct SnapshotHeader {
    private typealias Fields = SnapshotFormat.Header

    let version: FormatVersion
    let logID: LogID
    let fence: SnapshotFence

    init(logID: LogID, fence: SnapshotFence) {
        version = SnapshotFormat.version
        self.logID = logID
        self.fence = fence
    }

    /// Reads a header out of the first bytes of a file, which may be fewer than it has.
    init(from bytes: RawSpan) throws(FormatError) {
        version = try FilePreamble.check(
            bytes, magic: SnapshotFormat.magic, supported: SnapshotFormat.version)
        guard bytes.byteCount >= Fields.byteCount else {
            throw FormatError(code: .truncated, offset: bytes.byteCount)
        }
        let sum = CRC32C.checksum(of: bytes.extracting(0..<Fields.checksum.offset))
        guard sum == bytes.load(Fields.checksum) else {
            throw FormatError(code: .badChecksum, offset: Fields.checksum.offset)
        }
        guard bytes.load(Fields.reserved) == 0 else {
            throw FormatError(code: .reservedNotZero, offset: Fields.reserved.offset)
        }
        var identity = ByteReader(bytes.load(Fields.logID), baseOffset: Fields.logID.offset)
        // The identity is stored as it is written out: most significant byte first.
        let high = try identity.integer(UInt64.self).byteSwapped
        let low = try identity.integer(UInt64.self).byteSwapped
        logID = LogID(high: high, low: low)
        fence = SnapshotFence(LSN(rawValue: bytes.load(Fields.fence)))
    }

    func append(to buffer: inout BinaryBuffer) {
        let base = buffer.count
        FilePreamble.append(magic: SnapshotFormat.magic, version: version, to: &buffer)
        appendIdentity(to: &buffer)
        buffer.append(UInt32(0))
        let end = base + Fields.checksum.offset
        let sum = CRC32C.checksum(of: buffer.bytes.extracting(base..<end))
        buffer.append(sum)
    }

    /// The identity of the file among all others, for its key.
    var identity: FileIdentity {
        var buffer = BinaryBuffer(capacity: Fields.byteCount)
        append(to: &buffer)
        let numbers = Fields.logID.offset..<Fields.reserved.offset
        return FileIdentity(
            purpose: .snapshot, identity: buffer.bytes.extracting(numbers).array(),
            header: buffer.array())
    }

    /// The salt of all checksums after the header.
    var salt: UInt32 {
        var buffer = BinaryBuffer(capacity: 24)
        appendIdentity(to: &buffer)
        return CRC32C.checksum(of: buffer.bytes)
    }

    private func appendIdentity(to buffer: inout BinaryBuffer) {
        buffer.append(logID.high.byteSwapped)
        buffer.append(logID.low.byteSwapped)
        buffer.append(fence.lsn.rawValue)
    }
}
