// SPDX-License-Identifier: Apache-2.0
//
// What a snapshot says of itself: header, trailer, footer, index, and the digest of the whole.

internal import CairnFormat

extension SnapshotReader {
    static func header(
        of file: SnapshotFile, _ byteCount: UInt64, _ buffer: inout BinaryBuffer
    ) throws(SnapshotError) -> SnapshotHeader {
        let count = min(byteCount, UInt64(SnapshotFormat.Header.byteCount))
        try file.read(Int(count), at: 0, into: &buffer)
        do throws(FormatError) {
            return try SnapshotHeader(from: buffer.bytes)
        } catch {
            throw SnapshotError(error, fence: file.fence)
        }
    }

    /// Reads the end of the file, and checks that the index in it could be that of the file.
    static func index(
        of file: SnapshotFile, _ byteCount: UInt64, salt: UInt32, _ buffer: inout BinaryBuffer,
        header: RawSpan
    ) throws(SnapshotError) -> (SnapshotIndex, DigestAccount) {
        let tail = UInt64(SnapshotFormat.Trailer.byteCount)
        // Offsets are counted in Int, too; no file system has files that large.
        guard byteCount >= UInt64(SnapshotFormat.Header.byteCount) + tail,
            byteCount < UInt64(Int.max)
        else {
            throw SnapshotError(
                code: .damaged, fence: file.fence, offset: byteCount, reason: .truncated)
        }
        try file.read(Int(tail), at: byteCount - tail, into: &buffer)
        let trailer: SnapshotTrailer
        let footer: (index: SnapshotIndex, digest: UInt32)
        do throws(FormatError) {
            trailer = try SnapshotTrailer(
                from: buffer.bytes, fileByteCount: byteCount, salt: salt)
        } catch {
            throw SnapshotError(error, fence: file.fence)
        }
        try file.read(Int(trailer.footerByteCount), at: trailer.footerOffset, into: &buffer)
        do throws(FormatError) {
            footer = try SnapshotIndex.read(buffer.bytes, at: trailer.footerOffset, salt: salt)
        } catch {
            throw SnapshotError(error, fence: file.fence)
        }
        let end = byteCount - tail - UInt64(SnapshotFormat.FooterEnd.byteCount)
        let rest = Int(end - trailer.footerOffset)
        let account = DigestAccount(
            header: CRC32C.checksum(of: header),
            footer: (
                CRC32C.checksum(of: buffer.bytes.extracting(0..<rest)), UInt64(rest)
            ), digest: footer.digest, end: end,
            sections: Array(repeating: nil, count: footer.index.sections.count))
        return (footer.index, account)
    }

    static func digest(
        of file: SnapshotFile, upTo end: UInt64, _ buffer: inout BinaryBuffer
    ) throws(SnapshotError) -> UInt32 {
        var offset: UInt64 = 0
        var digest: UInt32 = 0
        while offset < end {
            let count = min(end - offset, UInt64(SnapshotFormat.chunkByteCountTarget))
            try file.read(Int(count), at: offset, into: &buffer)
            digest = CRC32C.checksum(of: buffer.bytes, seed: digest)
            offset += count
        }
        return digest
    }

    /// The number of the first chunk of each of the sections, whose chunks the index was found to count right.
    static func firstChunks(of sections: [SnapshotSummary.Section]) -> [UInt32] {
        var next: UInt32 = 0
        return sections.map { section in
            defer { next += section.chunkCount }
            return next
        }
    }
}
