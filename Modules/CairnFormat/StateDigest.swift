// SPDX-License-Identifier: Apache-2.0
//
// The digest of a state: what its sections hold, whatever the file that they lie in.
//
// - It depends on neither the log, nor the fence, nor where chunks end: a restored store has another log, and the
//   same state has the same digest there.
// - It finds accidents and programs that do not replay alike. It is no proof against a forger.

/// The digest of a state as it would be written into a snapshot.
public struct StateDigest: Hashable, Sendable {
    /// The bytes of all records.
    public let byteCount: UInt64
    /// The records of all sections.
    public let recordCount: UInt64
    /// CRC-32C, without salt, of each section in order: its number (u64), its records, how many they are (u64), and how
    /// many bytes they have (u64).
    public let checksum: UInt32

    /// A digest that was computed or kept elsewhere.
    public init(byteCount: UInt64, recordCount: UInt64, checksum: UInt32) {
        self.byteCount = byteCount
        self.recordCount = recordCount
        self.checksum = checksum
    }
}

extension StateDigest: CustomStringConvertible {
    /// The checksum in hexadecimal, the records and the bytes.
    public var description: String {
        let digits = String(checksum, radix: 16)
        let zeros = String(repeating: "0", count: 8 - digits.count)
        return "\(zeros)\(digits) (records: \(recordCount), bytes: \(byteCount))"
    }
}

/// Computes the digest of a state while its sections go by.
package struct StateDigester: Sendable {
    private var byteCount: UInt64 = 0
    private var recordCount: UInt64 = 0
    private var checksum: UInt32 = 0
    private var section: (byteCount: UInt64, recordCount: UInt64)?

    package init() {}

    /// Begins a section; the one before is complete.
    package mutating func beginSection(_ id: UInt32) {
        endSection()
        checksum = CRC32C.checksum(of: UInt64(id), seed: checksum)
        section = (0, 0)
    }

    /// Adds whole records.
    package mutating func add(_ records: RawSpan, recordCount: UInt64) {
        checksum = CRC32C.checksum(of: records, seed: checksum)
        section?.byteCount &+= UInt64(records.byteCount)
        section?.recordCount &+= recordCount
    }

    /// The digest of what went by.
    package var digest: StateDigest {
        var copy = self
        copy.endSection()
        return StateDigest(
            byteCount: copy.byteCount, recordCount: copy.recordCount, checksum: copy.checksum)
    }

    private mutating func endSection() {
        guard let section else { return }
        checksum = CRC32C.checksum(of: section.recordCount, seed: checksum)
        checksum = CRC32C.checksum(of: section.byteCount, seed: checksum)
        byteCount &+= section.byteCount
        recordCount &+= section.recordCount
        self.section = nil
    }
}
