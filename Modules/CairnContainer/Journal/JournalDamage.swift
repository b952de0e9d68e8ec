// SPDX-License-Identifier: Apache-2.0
//
// Judges a place where a journal stops being readable: a write that a crash cut short, or a loss?
//
// - A crash may leave anything of records that no sync covered, so a bad checksum alone proves nothing.
// - A record behind it that says the unreadable one was durable is a proof of loss. So is a single bit whose flip makes the
//   record whole: it was whole once. Where only zeros follow the bit, the missing part of a torn write looks the same,
//   so that proves nothing.
// - What is whole and makes no sense was written by no crash.

internal import CairnFormat
package import CairnIO

/// A place where a journal stops being readable.
package struct JournalDamage: Hashable, Sendable {
    /// The defect of the record.
    package enum Kind: String, Error {
        case afterEnd, recordChecksum, nameChecksum, noRoom
        case unknownKind, badContent, outOfOrder, cut

        /// Whether a write that a crash cut short can leave it.
        var mayBeTorn: Bool {
            switch self {
            case .afterEnd, .recordChecksum, .nameChecksum: true
            case .noRoom, .unknownKind, .badContent, .outOfOrder, .cut: false
            }
        }
    }

    package let kind: Kind
    /// Where the record begins, in bytes from the start of the container.
    package let offset: UInt64
    /// The number that the record would have.
    let sequence: UInt64
}

/// The judgement of damage: a torn write, a loss, or a newer version.
package enum JournalJudgement {
    case torn, loss, newer
}

extension JournalReader {
    /// Judges damage that ``next()`` returned.
    ///
    /// - Complexity: O(*n*) in the bytes of the container behind the damage, which are read.
    package func judge(_ damage: JournalDamage) throws(StorageError) -> JournalJudgement {
        if damage.kind == .unknownKind { return .newer }
        guard damage.kind.mayBeTorn else { return .loss }
        let start = Int(damage.offset - position.block.lowerBound)
        if hasFlippedBit(start, damage) { return .loss }
        return try hasLaterWatermark(damage) ? .loss : .torn
    }

    /// Looks behind the block, too: when the damaged record is the last of it, what says that it was durable lies in
    /// the next one, and only this record leads there.
    private func hasLaterWatermark(_ damage: JournalDamage) throws(StorageError) -> Bool {
        let recordByteCount = UInt64(ContainerLayout.recordByteCount)
        var at = damage.offset
        while fileByteCount >= recordByteCount, at <= fileByteCount - recordByteCount {
            let end = min(fileByteCount, at + Self.windowByteCount + recordByteCount)
            let window = try file.bytes(at..<end)
            if hasLaterWatermark(window, damage.sequence) { return true }
            at += Self.windowByteCount
        }
        return false
    }

    /// Looked at in one piece: a multiple of the alignment.
    private static var windowByteCount: UInt64 { 1 << 20 }

    private func hasLaterWatermark(_ window: [UInt8], _ sequence: UInt64) -> Bool {
        let last = window.count - ContainerLayout.recordByteCount
        let bytes = window.span.bytes
        for at in stride(from: 0, through: last, by: ContainerLayout.alignment) {
            let head = bytes.extracting(at..<at + ContainerLayout.recordByteCount)
            guard head.load(ContainerLayout.durableSequence) >= sequence, isWhole(head) else {
                continue
            }
            return true
        }
        return false
    }

    private func isWhole(_ head: RawSpan) -> Bool {
        let covered = head.extracting(0..<ContainerLayout.recordChecksum.offset)
        return CRC32C.checksum(of: covered, seed: salt) == head.load(ContainerLayout.recordChecksum)
    }

    /// Whether flipping one bit makes the unreadable part whole: the name, or what lies before it.
    private func hasFlippedBit(_ start: Int, _ damage: JournalDamage) -> Bool {
        let headEnd = start + ContainerLayout.recordByteCount
        guard damage.kind == .nameChecksum else {
            return hasFlippedBit(start..<headEnd, of: start..<headEnd) { bytes in
                let head = bytes.span.bytes
                return head.load(ContainerLayout.sequence) == damage.sequence
                    && head.load(ContainerLayout.previousChecksum) == position.chain
                    && isWhole(head)
            }
        }
        let head = block.span.bytes.extracting(start..<headEnd)
        let byteCount = Int(head.load(ContainerLayout.nameByteCount))
        let end = start + ContainerRecord.encodedByteCount(name: byteCount)
        let seed = head.load(ContainerLayout.recordChecksum)
        return hasFlippedBit(headEnd..<end, of: start..<end) { bytes in
            let name = bytes.span.bytes.extracting(headEnd - start..<bytes.count - 4)
            let stored = bytes.span.bytes.unsafeLoadUnaligned(
                fromByteOffset: bytes.count - 4, as: UInt32.self)
            return CRC32C.checksum(of: name, seed: seed) == UInt32(littleEndian: stored)
        }
    }

    /// - Parameters:
    ///   - part: Where the bit is looked for.
    ///   - record: The bytes that `isWhole` is asked about.
    private func hasFlippedBit(
        _ part: Range<Int>, of record: Range<Int>, _ isWhole: ([UInt8]) -> Bool
    ) -> Bool {
        var bytes = Array(block[record])
        for index in part {
            let byte = index - record.lowerBound
            for bit in 0..<8 {
                bytes[byte] ^= 1 << UInt8(bit)
                let isFound = isWhole(bytes)
                bytes[byte] ^= 1 << UInt8(bit)
                if isFound { return !bytes[byte...].allSatisfy { $0 == 0 } }
            }
        }
        return false
    }

}
