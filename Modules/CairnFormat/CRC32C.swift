// SPDX-License-Identifier: Apache-2.0

public import CCairnCRC32C

/// CRC-32C, the Castagnoli checksum as iSCSI defines it (RFC 3720, appendix B.4).
///
/// On x86-64 and Armv8 processors it uses their instructions, elsewhere tables; the choice is made once.
public enum CRC32C {
    /// The checksum of `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: The bytes to sum.
    ///   - seed: The checksum of the bytes before, to go on from there; or a salt. Different
    ///     salts give different checksums for the same bytes, always.
    /// - Complexity: O(*n*); about 20 GB/s in hardware.
    @inlinable
    public static func checksum(of bytes: RawSpan, seed: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { cairn_crc32c(seed, $0.baseAddress, $0.count) }
    }

    /// The checksum of the eight bytes of `word`, least significant byte first.
    @inlinable
    public static func checksum(of word: UInt64, seed: UInt32 = 0) -> UInt32 {
        cairn_crc32c_word(seed, word)
    }

    /// The same with tables, whatever the processor has: the reference for tests.
    public static func checksumByTable(of bytes: RawSpan, seed: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { cairn_crc32c_table(seed, $0.baseAddress, $0.count) }
    }

    /// The implementation of the checksum on this processor.
    public static var implementation: Implementation {
        switch cairn_crc32c_implementation() {
        case 1: .sse42
        case 2: .armv8
        default: .table
        }
    }

    /// A way to compute the checksum.
    public enum Implementation: String, Sendable {
        /// Tables of 8 × 256 entries.
        case table
        /// The `crc32` instruction of x86-64.
        case sse42
        /// The `crc32c` instructions of Armv8.
        case armv8
    }
}
