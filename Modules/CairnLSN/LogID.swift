// SPDX-License-Identifier: Apache-2.0

/// The identity of one log: 128 random bits, chosen once, when the log is created.
///
/// Every segment and every snapshot carries it, and every checksum of the log is salted with it, so
/// that files of two logs can never be mixed up. The bits come from an injected source of randomness.
public struct LogID: Hashable, Sendable {
    /// The first eight bytes, most significant first.
    public let high: UInt64
    /// The last eight bytes, most significant first.
    public let low: UInt64

    /// An identity from its two halves.
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new identity with 128 bits drawn from `generator`.
    public init(using generator: inout some RandomNumberGenerator) {
        self.init(high: generator.next(), low: generator.next())
    }

    /// The number of bytes that an identity takes on disk.
    public static let byteCount = 16
}

extension LogID: CustomStringConvertible, LosslessStringConvertible {
    /// 32 lowercase hexadecimal digits.
    public var description: String { Self.hex(high) + Self.hex(low) }

    /// Reads 32 hexadecimal digits; nil for anything else.
    public init?(_ description: String) {
        let digits = Array(description.utf8)
        let isSigned = digits.contains { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
        guard digits.count == 32, !isSigned,
            let high = UInt64(String(decoding: digits[..<16], as: UTF8.self), radix: 16),
            let low = UInt64(String(decoding: digits[16...], as: UTF8.self), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
