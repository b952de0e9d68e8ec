// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Foundation
import SystemPackage

@testable import CairnSnapshot

/// A snapshot whose fields can be changed and whose checksums are then made right again, as someone
/// with bad intentions would do it.
struct Forgery {
    var bytes: [UInt8]

    mutating func set(_ value: some FixedWidthInteger, at offset: Int) {
        withUnsafeBytes(of: value.littleEndian) {
            bytes.replaceSubrange(offset..<offset + $0.count, with: $0)
        }
    }

    func get<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type = Value.self, at offset: Int
    ) -> Value {
        Value(
            littleEndian: bytes.span.bytes.unsafeLoadUnaligned(
                fromByteOffset: offset, as: Value.self))
    }

    private func sum(_ range: Range<Int>, seed: UInt32 = 0) -> UInt32 {
        CRC32C.checksum(of: bytes.span.bytes.extracting(range), seed: seed)
    }

    var salt: UInt32 { sum(16..<40) }
    var trailer: Int { bytes.count - SnapshotFormat.Trailer.byteCount }
    var footer: Int { Int(get(UInt64.self, at: trailer)) }
    var footerEnd: Int { trailer - SnapshotFormat.FooterEnd.byteCount }

    mutating func repairHeader() {
        set(sum(0..<12), at: 12)
        set(sum(0..<44), at: 44)
    }

    /// Repairs the header of the chunk at `offset`, not the checksum of its records.
    mutating func repairChunkHeader(at offset: Int) {
        set(sum(offset..<offset + 20, seed: salt), at: offset + 20)
    }

    /// Repairs header and records of the chunk at `offset`.
    mutating func repairChunkPayload(at offset: Int) {
        let end = offset + 24 + Int(get(UInt32.self, at: offset + 8))
        set(sum(offset + 24..<end, seed: salt), at: end)
    }

    mutating func repairEnd() {
        set(sum(0..<footerEnd), at: footerEnd)
        set(sum(footer..<footerEnd + 4, seed: salt), at: footerEnd + 4)
        set(sum(trailer..<trailer + 12, seed: salt), at: trailer + 12)
    }
}

/// The same snapshot as a newer release would write it, all checksums right.
func newerVersion(of bytes: [UInt8]) -> [UInt8] {
    var forgery = Forgery(bytes: bytes)
    forgery.set(SnapshotFormat.version.major + 1, at: 8)
    forgery.repairHeader()
    forgery.repairEnd()
    return forgery.bytes
}

func removeTree(_ path: FilePath) {
    try? FileManager.default.removeItem(atPath: path.string)
}
