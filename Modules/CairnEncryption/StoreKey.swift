// SPDX-License-Identifier: Apache-2.0

public import CairnFormat
internal import CairnIO
internal import Crypto
internal import FoundationEssentials

/// The key of a store: 32 bytes. Every file is encrypted with a key of its own, which is derived from it.
///
/// The bytes are overwritten when the last copy is gone. No error and no description holds any of them.
public struct StoreKey: Sendable {
    let secret: SymmetricKey
    /// Tells the key from others, without telling anything of it; files store it.
    public let id: KeyID

    /// The number of bytes that a key has.
    public static let byteCount = 32

    /// A key of 32 bytes, which must be as hard to guess as random ones.
    ///
    /// - Throws: ``KeyError`` with code `.malformedKey` for another number of bytes.
    public init(bytes: [UInt8]) throws(KeyError) {
        guard bytes.count == Self.byteCount else { throw KeyError(code: .malformedKey) }
        self.init(SymmetricKey(data: bytes))
    }

    /// A key as text: 64 hexadecimal digits, and spaces or newlines around them.
    ///
    /// - Throws: ``KeyError`` with code `.malformedKey`.
    public init(hexadecimal text: String) throws(KeyError) {
        let digits = text.utf8.drop(while: Self.isSpace).reversed().drop(while: Self.isSpace)
        let values = digits.reversed().compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 2 * Self.byteCount, values.count == digits.count else {
            throw KeyError(code: .malformedKey)
        }
        try self.init(
            bytes: stride(from: 0, to: values.count, by: 2).map {
                UInt8(values[$0] << 4 | values[$0 + 1])
            })
    }

    /// A new key of random bytes, from the operating system.
    public static func random() -> StoreKey { StoreKey(SymmetricKey(size: .bits256)) }

    init(_ secret: SymmetricKey) {
        self.secret = secret
        let bytes = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: secret, info: Self.info("key id"), outputByteCount: 8)
        id = KeyID(
            rawValue: bytes.withUnsafeBytes {
                UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))
            })
    }

    /// The key as 64 hexadecimal digits, to be kept in a file that no one else reads.
    public var hexadecimal: String {
        secret.withUnsafeBytes { bytes in
            bytes.map { byte in
                let digits = String(byte, radix: 16)
                return digits.utf8.count == 1 ? "0" + digits : digits
            }.joined()
        }
    }

    /// Separates what is derived from one key.
    static func info(_ use: StaticString) -> [UInt8] { Array("cairn encryption 1 \(use)".utf8) }

    private static func isSpace(_ byte: UInt8) -> Bool {
        [UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t")]
            .contains(byte)
    }
}

extension StoreKey: CustomStringConvertible, CustomReflectable {
    /// The ID of the key; nothing of the key itself.
    public var description: String { "key \(id)" }

    /// Nothing of the key.
    public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}
