// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO

/// One change of the directory of a container.
package struct ContainerRecord: Hashable, Sendable {
    /// The kind of a record. The numbers are those on disk.
    enum Kind: UInt8, Sendable, CaseIterable {
        case create = 1
        case extend, size, cut, rename, remove, link
    }

    var kind: Kind
    /// A file or a directory, for ``Kind/create``.
    var entryKind: UInt8 = 0
    var entry: UInt64 = 0
    var parent: UInt64 = 0
    var position: UInt64 = 0
    var place: UInt64 = 0
    var byteCount: UInt64 = 0
    var name: FileName?

    static let file: UInt8 = 1
    static let directory: UInt8 = 2

    /// The bytes that it takes.
    var encodedByteCount: Int { Self.encodedByteCount(name: name?.string.utf8.count ?? 0) }

    static func encodedByteCount(name byteCount: Int) -> Int {
        guard byteCount > 0 else { return ContainerLayout.recordByteCount }
        return ContainerLayout.recordByteCount + (byteCount + 3) / 4 * 4 + 4
    }

    /// Appends the record.
    ///
    /// - Returns: Its checksum, which the next record carries.
    @discardableResult
    func encode(
        _ sequence: UInt64, durable: UInt64, previous: UInt32, salt: UInt32,
        into buffer: inout BinaryBuffer
    ) -> UInt32 {
        let base = buffer.count
        let name = Array((self.name?.string ?? "").utf8)
        buffer.append(zeros: encodedByteCount)
        buffer.store(kind.rawValue, at: ContainerLayout.kind, base: base)
        buffer.store(entryKind, at: ContainerLayout.entryKind, base: base)
        buffer.store(UInt16(name.count), at: ContainerLayout.nameByteCount, base: base)
        buffer.store(previous, at: ContainerLayout.previousChecksum, base: base)
        buffer.store(sequence, at: ContainerLayout.sequence, base: base)
        buffer.store(durable, at: ContainerLayout.durableSequence, base: base)
        buffer.store(entry, at: ContainerLayout.entry, base: base)
        buffer.store(parent, at: ContainerLayout.parent, base: base)
        buffer.store(position, at: ContainerLayout.position, base: base)
        buffer.store(place, at: ContainerLayout.place, base: base)
        buffer.store(byteCount, at: ContainerLayout.byteCount, base: base)
        let covered = base..<base + ContainerLayout.recordChecksum.offset
        let checksum = CRC32C.checksum(of: buffer.bytes.extracting(covered), seed: salt)
        buffer.store(checksum, at: ContainerLayout.recordChecksum, base: base)
        guard !name.isEmpty else { return checksum }
        for (index, byte) in name.enumerated() {
            buffer.overwrite(byte, at: base + ContainerLayout.recordByteCount + index)
        }
        let end = base + encodedByteCount - 4
        let text = base + ContainerLayout.recordByteCount..<end
        buffer.overwrite(
            CRC32C.checksum(of: buffer.bytes.extracting(text), seed: checksum), at: end)
        return checksum
    }
}
