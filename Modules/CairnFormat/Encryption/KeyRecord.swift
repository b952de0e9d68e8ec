// SPDX-License-Identifier: Apache-2.0

/// The record of the key of an encrypted file, in the clear: the ID of the store's key, how that is made from a password,
/// and the two values by which the key of the file is derived and checked.
public struct KeyRecord: Hashable, Sendable {
    /// The derivation of a key from a password, by scrypt (RFC 7914).
    public struct PasswordDerivation: Hashable, Sendable {
        /// The logarithm to base 2 of the cost, N.
        public let costLog2: UInt8
        /// The size of a block, r.
        public let blockSize: UInt8
        /// The number of lanes, p.
        public let parallelism: UInt8
        /// The salt: 16 bytes.
        public let salt: [UInt8]

        /// A derivation by scrypt with these costs and this salt.
        ///
        /// - Precondition: The salt has 16 bytes.
        public init(costLog2: UInt8, blockSize: UInt8, parallelism: UInt8, salt: [UInt8]) {
            precondition(salt.count == Fields.passwordSalt.byteCount, "a salt has 16 bytes")
            self.costLog2 = costLog2
            self.blockSize = blockSize
            self.parallelism = parallelism
            self.salt = salt
        }
    }

    /// The key of the store that the file was encrypted with.
    public let keyID: KeyID
    /// How that key is made from a password; nil when it is not.
    public let password: PasswordDerivation?
    /// The salt of the derivation of the file's key: 32 random bytes.
    public let salt: [UInt8]
    /// The value that is derived beside the file's key: another key gives another one.
    public let check: [UInt8]

    /// A record of the key of a file.
    ///
    /// - Precondition: Salt and check have 32 bytes each.
    public init(keyID: KeyID, password: PasswordDerivation?, salt: [UInt8], check: [UInt8]) {
        precondition(
            salt.count == Fields.salt.byteCount && check.count == Fields.check.byteCount,
            "salt and check have 32 bytes each")
        self.keyID = keyID
        self.password = password
        self.salt = salt
        self.check = check
    }

    private enum Fields {
        static let scheme = Field<UInt8>(
            "scheme", at: 0,
            "How the file is encrypted. 1: AES-256-GCM with keys by HKDF-SHA256.")
        static let derivation = Field<UInt8>(
            "derivation", at: 1, "Where the key of the store comes from. 0: a key; 1: scrypt.")
        static let costLog2 = Field<UInt8>(
            "costLog2", at: 2, "scrypt: the logarithm to base 2 of N; else zero.")
        static let blockSize = Field<UInt8>("blockSize", at: 3, "scrypt: r; else zero.")
        static let parallelism = Field<UInt8>("parallelism", at: 4, "scrypt: p; else zero.")
        static let reserved = BytesField("reserved", at: 5, byteCount: 3, "Zero.")
        static let keyID = Field<UInt64>(
            "keyID", at: 8, "Tells the key of the store; derived from it.")
        static let passwordSalt = BytesField(
            "passwordSalt", at: 16, byteCount: 16, "scrypt: the salt; else zero.")
        static let salt = BytesField(
            "fileSalt", at: 32, byteCount: 32, "Random; the salt of the file's key.")
        static let check = BytesField(
            "keyCheck", at: 64, byteCount: 32,
            "Derived beside the file's key; compared before anything is decrypted.")
    }

    /// The number of bytes that it takes.
    public static let byteCount = 96
    /// The scheme that this version writes.
    package static let scheme: UInt8 = 1

    /// The record as documents show it.
    public static let layout = BinaryLayout(
        "keyRecord", byteCount: byteCount,
        "Says with which key a file is encrypted, in the clear. A proof follows: nothing, encrypted, whose tag covers "
            + "the record and what identifies the file.",
        fields: [
            Fields.scheme.description, Fields.derivation.description, Fields.costLog2.description,
            Fields.blockSize.description, Fields.parallelism.description,
            Fields.reserved.description, Fields.keyID.description,
            Fields.passwordSalt.description, Fields.salt.description, Fields.check.description,
        ])

    /// The number of bytes that the record takes with its proof.
    package static let provenByteCount = byteCount + EncryptedPayload.overheadByteCount

    /// The record as bytes.
    package func encoded() -> [UInt8] {
        var buffer = BinaryBuffer(capacity: Self.byteCount)
        buffer.append(Self.scheme)
        buffer.append(UInt8(password == nil ? 0 : 1))
        buffer.append(password?.costLog2 ?? 0)
        buffer.append(password?.blockSize ?? 0)
        buffer.append(password?.parallelism ?? 0)
        buffer.append(zeros: Fields.reserved.byteCount)
        buffer.append(keyID.rawValue)
        buffer.append(
            password?.salt ?? [UInt8](repeating: 0, count: Fields.passwordSalt.byteCount))
        buffer.append(salt)
        buffer.append(check)
        return buffer.array()
    }

    /// Reads a record from the first bytes of `bytes`.
    ///
    /// - Throws: ``CipherError`` with code `.unsupportedScheme` for what this version does not write.
    public init(from bytes: RawSpan) throws(CipherError) {
        guard bytes.byteCount >= Self.byteCount, bytes.load(Fields.scheme) == Self.scheme,
            bytes.load(Fields.derivation) <= 1, bytes.load(Fields.reserved).isAllZero
        else { throw CipherError(code: .unsupportedScheme) }
        keyID = KeyID(rawValue: bytes.load(Fields.keyID))
        password =
            bytes.load(Fields.derivation) == 0
            ? nil
            : PasswordDerivation(
                costLog2: bytes.load(Fields.costLog2), blockSize: bytes.load(Fields.blockSize),
                parallelism: bytes.load(Fields.parallelism),
                salt: bytes.load(Fields.passwordSalt).array())
        salt = bytes.load(Fields.salt).array()
        check = bytes.load(Fields.check).array()
        // One form: what nothing reads is zero.
        guard bytes.extracting(first: Self.byteCount).array() == encoded() else {
            throw CipherError(code: .unsupportedScheme)
        }
    }
}
