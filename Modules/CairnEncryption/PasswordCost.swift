// SPDX-License-Identifier: Apache-2.0
//
// A file says how its key is made from the password, and a file is hostile. So both bounds hold before anything runs:
// above, it would take all memory and all time; below, an attacker with one more file could try passwords fast.

internal import CairnFormat

/// How much work it is to make a key from a password, by scrypt (RFC 7914). The memory is 128 × N × r bytes.
public struct PasswordCost: Hashable, Sendable {
    /// The logarithm to base 2 of N.
    public let costLog2: Int
    /// The size of a block, r.
    public let blockSize: Int
    /// The number of lanes, p.
    public let parallelism: Int

    /// The bounds of the logarithm of N.
    public static let costLog2Bounds = 14...20
    /// The bounds of r.
    public static let blockSizeBounds = 8...16
    /// The bounds of p.
    public static let parallelismBounds = 1...4
    /// The most memory that a derivation takes, in bytes.
    public static let memoryByteCountMax = 1 << 30

    /// A cost of scrypt, checked against the limits.
    ///
    /// - Throws: ``KeyError`` with code `.costOutOfBounds`.
    public init(costLog2: Int, blockSize: Int = 8, parallelism: Int = 1) throws(KeyError) {
        self.init(unchecked: costLog2, blockSize, parallelism)
        guard isWithinBounds else { throw KeyError(code: .costOutOfBounds) }
    }

    private init(unchecked costLog2: Int, _ blockSize: Int, _ parallelism: Int) {
        self.costLog2 = costLog2
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// N is 2¹⁷, r is 8, p is 1: 128 MiB.
    public static var standard: PasswordCost { PasswordCost(unchecked: 17, 8, 1) }

    /// The cost that a file names.
    ///
    /// - Throws: ``CipherError`` with code `.passwordCost`.
    init(_ record: KeyRecord.PasswordDerivation) throws(CipherError) {
        self.init(
            unchecked: Int(record.costLog2), Int(record.blockSize), Int(record.parallelism))
        guard isWithinBounds else { throw CipherError(code: .passwordCost) }
    }

    private var isWithinBounds: Bool {
        Self.costLog2Bounds.contains(costLog2) && Self.blockSizeBounds.contains(blockSize)
            && Self.parallelismBounds.contains(parallelism)
            && memoryByteCount <= Self.memoryByteCountMax
    }

    /// The bytes that all lanes take together. The numbers are within their bounds.
    var memoryByteCount: Int { 128 * (1 << costLog2) * blockSize * parallelism }

    static var rule: String {
        "N is 2 to the power of \(costLog2Bounds), r in \(blockSizeBounds), p in \(parallelismBounds), and 128 × N × r "
            + "× p at most \(memoryByteCountMax)"
    }
}
