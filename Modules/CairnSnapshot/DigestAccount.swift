// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// The known parts of the digest of a file whose sections are read one by one, in any order.
struct DigestAccount {
    /// The checksum of the header, and that of the footer up to the digest.
    let header: UInt32
    let footer: (checksum: UInt32, byteCount: UInt64)
    /// The digest that the file should have, and where it is.
    let digest: UInt32
    let end: UInt64
    /// The checksum of the chunks of each section that was read.
    var sections: [UInt32?]

    /// Whether the parts have together the digest. All of them were read.
    func isRight(_ summaries: [SnapshotSummary.Section]) -> Bool {
        var sum = header
        for (section, checksum) in zip(summaries, sections) {
            sum = CRC32C.checksum(
                of: sum, followedBy: checksum ?? 0, byteCount: section.byteCount)
        }
        return digest
            == CRC32C.checksum(of: sum, followedBy: footer.checksum, byteCount: footer.byteCount)
    }
}
