// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials

/// The source of the key of a store: a key, or a password.
public struct KeySource: Sendable {
    enum Kind: Sendable {
        case key(StoreKey)
        case password(SymmetricKey, PasswordCost)
    }

    let kind: Kind

    /// A key that the program keeps.
    public static func key(_ key: StoreKey) -> KeySource { KeySource(kind: .key(key)) }

    /// A password. Each store has a salt of its own, which is kept in its files, so the password alone opens it.
    ///
    /// - Parameters:
    ///   - password: The bytes as they are: text is not normalized.
    ///   - cost: For files that are written. Files that are read name their own, which must lie within the bounds of
    ///     ``PasswordCost``.
    /// - Throws: ``KeyError`` with code `.emptyPassword`.
    public static func password(
        _ password: [UInt8], cost: PasswordCost = .standard
    ) throws(KeyError) -> KeySource {
        guard !password.isEmpty else { throw KeyError(code: .emptyPassword) }
        return KeySource(kind: .password(SymmetricKey(data: password), cost))
    }

    /// A password as text, by its UTF-8 bytes; see the other method.
    public static func password(
        _ password: String, cost: PasswordCost = .standard
    ) throws(KeyError) -> KeySource {
        try self.password(Array(password.utf8), cost: cost)
    }

    /// Makes a key from a password. The memory and the time are those of the cost.
    static func derive(
        _ password: SymmetricKey, _ derivation: KeyRecord.PasswordDerivation
    ) throws(CipherError) -> StoreKey {
        let cost = try PasswordCost(derivation)
        do {
            return StoreKey(
                try password.withUnsafeBytes { bytes in
                    try KDF.Scrypt.deriveKey(
                        from: bytes, salt: derivation.salt, outputByteCount: StoreKey.byteCount,
                        rounds: 1 << cost.costLog2, blockSize: cost.blockSize,
                        parallelism: cost.parallelism)
                })
        } catch {
            // There is not enough memory.
            throw CipherError(code: .passwordCost)
        }
    }
}

extension KeySource: CustomStringConvertible, CustomReflectable {
    /// The kind of the source; nothing of the key or the password.
    public var description: String {
        switch kind {
        case .key(let key): "\(key)"
        case .password: "a password"
        }
    }

    /// Nothing of the key or the password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
