// SPDX-License-Identifier: Apache-2.0
//
// The seam of encryption. No module below `CairnEncryption` knows a cipher; they know which bytes of a file are
// payload, and what identifies a file and a place in it.
//
// - What frames a payload stays in the clear, with its checksums: damage is judged without a key.
// - A payload is bound to all bytes that identify its file and its place. Moved elsewhere it does not open.

/// Encrypts the files of a store, each with a key of its own. `CairnEncryption` has one: `EncryptionKeys`.
public protocol StoreCipher: Sendable {
    /// Whether files that are not encrypted are read, too: for a store that is being converted. Otherwise such a file
    /// is refused, since an attacker may have put it in the place of an encrypted one.
    var allowsPlainFiles: Bool { get }

    /// Begins a new file with the current key.
    ///
    /// - Returns: The key record that the file stores, and its cipher.
    /// - Complexity: A derivation of keys; with a password, once the slow one.
    func begin(_ file: FileIdentity) -> (record: KeyRecord, cipher: any FileCipher)

    /// The cipher of a file that has a key record. Nothing of the file is decrypted before its key is known to be the
    /// right one.
    ///
    /// - Throws: ``CipherError`` with code `.wrongKey`, `.unsupportedScheme` or `.passwordCost`.
    func open(
        _ file: FileIdentity, _ record: KeyRecord
    ) throws(CipherError) -> any FileCipher
}

/// Encrypts and decrypts the payloads of one file.
///
/// An encrypted payload is a nonce of 12 bytes, the ciphertext, and a tag of 16 bytes. No nonce follows from the place of
/// a payload, which does not make it unique: behind a torn end that was cut, another one is written at the same place.
public protocol FileCipher: Sendable {
    /// The key of the store that the key of the file was derived from.
    var keyID: KeyID { get }
    /// Whether the file is encrypted with the key that new files get.
    var isCurrent: Bool { get }

    /// Appends the encrypted form of `plain`: 28 bytes more than it has, a nonce of 12 in front and a tag of 16 behind.
    ///
    /// - Parameters:
    ///   - plain: The payload.
    ///   - context: What else the tag covers, besides the header of the file: everything that identifies the place.
    ///   - buffer: The buffer that it is appended to.
    func encrypt(_ plain: RawSpan, context: RawSpan, into buffer: inout BinaryBuffer)

    /// Appends what `stored` was made from.
    ///
    /// - Throws: ``CipherError`` with code `.notAuthentic`; nothing was appended. These bytes were not written at this
    ///   place of this file by a holder of the key.
    func decrypt(
        _ stored: RawSpan, context: RawSpan, into buffer: inout BinaryBuffer
    ) throws(CipherError)
}

/// The sizes of an encrypted payload besides its ciphertext.
package enum EncryptedPayload {
    /// The bytes of the nonce, which come first.
    package static let nonceByteCount = 12
    /// The bytes of the tag, which come last.
    package static let tagByteCount = 16
    /// The bytes that an encrypted payload has more than the plain one.
    package static let overheadByteCount = nonceByteCount + tagByteCount
}

/// The identity of a file among all others, for the derivation of its key.
public struct FileIdentity: Hashable, Sendable {
    /// The kind of a file.
    public enum Purpose: UInt8, Hashable, Sendable {
        /// A segment of a log.
        case segment = 1
        /// A snapshot.
        case snapshot = 2
    }

    /// The kind of the file.
    public let purpose: Purpose
    /// The identity of the log (16 bytes), and the numbers that name the file, as its header has them.
    public let identity: [UInt8]
    /// The whole header of the file, which the tags of all its payloads cover.
    public let header: [UInt8]

    /// The identity of a file.
    public init(purpose: Purpose, identity: [UInt8], header: [UInt8]) {
        self.purpose = purpose
        self.identity = identity
        self.header = header
    }
}

/// Tells which key a file needs, without telling anything of the key: derived from it, and the same in all files.
public struct KeyID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number that files store.
    public let rawValue: UInt64

    /// Wraps a number, as read from a file.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// 16 hexadecimal digits.
    public var description: String {
        let digits = String(rawValue, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
