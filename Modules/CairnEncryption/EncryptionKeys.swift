// SPDX-License-Identifier: Apache-2.0
//
// - A file's key is derived from the key of the store, 32 random bytes in the file, and what identifies the file. So no two
//   files share one, and nonces cannot collide across files.
// - Beside it a check value is derived, which the file stores. It is compared before anything is decrypted, and it
//   commits: no attacker can make a file that opens, to something else, with two keys.
// - A password is made to a key once for each salt and cost; a store has one of each, but for those it had before.

public import CairnFormat
public import CairnIO
internal import Crypto
internal import Synchronization

/// The keys of a store: give them to its options as `encryption`.
///
/// ```swift
/// var options = LogOptions()
/// options.encryption = EncryptionKeys(current: .key(key))
/// ```
///
/// To rotate a key, open the store with the new one as current and the old one among the previous ones: the next
/// record goes into a new segment, and it and the next snapshot are encrypted with the new key.
public final class EncryptionKeys: StoreCipher {
    /// The most passwords that are made to keys: each file of a hostile store could ask for another one.
    public static let derivationCountMax = 16

    /// Whether files that are not encrypted are read, too: only while a store is being converted.
    public let allowsPlainFiles: Bool
    private let current: KeySource
    private let previous: [KeySource]
    private let randomness: any RandomnessSource
    private let passwords = Mutex(PasswordKeys())

    /// The keys and passwords that open a store, and whether a plain one is taken.
    ///
    /// - Parameters:
    ///   - current: Encrypts new files.
    ///   - previous: Open older ones.
    ///   - allowsPlainFiles: Whether files that are not encrypted are read, too. A store that has some is otherwise
    ///     refused: an attacker may have put them there.
    ///   - randomness: Gives salts and nonces. One that can be predicted, or that repeats, breaks the encryption; tests
    ///     may have one.
    public init(
        current: KeySource, previous: [KeySource] = [], allowsPlainFiles: Bool = false,
        randomness: any RandomnessSource = SystemRandomness()
    ) {
        self.current = current
        self.previous = previous
        self.allowsPlainFiles = allowsPlainFiles
        self.randomness = randomness
    }

    /// Begins a file with the current key.
    public func begin(_ file: FileIdentity) -> (record: KeyRecord, cipher: any FileCipher) {
        let (key, password) = currentKey()
        let salt = randomness.bytes(32)
        let (fileKey, check) = Self.derive(key, salt, file)
        let record = KeyRecord(keyID: key.id, password: password, salt: salt, check: check.bytes)
        return (record, cipher(fileKey, key.id, file, isCurrent: true))
    }

    /// The cipher of a file, when one of the keys is its key.
    public func open(
        _ file: FileIdentity, _ record: KeyRecord
    ) throws(CipherError) -> any FileCipher {
        for (index, source) in ([current] + previous).enumerated() {
            guard let key = try key(of: source, record), key.id == record.keyID else { continue }
            let (fileKey, check) = Self.derive(key, record.salt, file)
            // Compares in constant time.
            guard check == SymmetricKey(data: record.check) else { break }
            if index == 0, let password = record.password {
                passwords.withLock { $0.current = $0.current ?? (key, password) }
            }
            return cipher(fileKey, key.id, file, isCurrent: index == 0)
        }
        throw CipherError(code: .wrongKey, keyID: record.keyID)
    }

    /// How many passwords were made to keys.
    var derivationCount: Int { passwords.withLock { $0.derived.count } }

    private func cipher(
        _ key: SymmetricKey, _ keyID: KeyID, _ file: FileIdentity, isCurrent: Bool
    ) -> any FileCipher {
        AESFileCipher(
            key: key, keyID: keyID, header: file.header, isCurrent: isCurrent,
            randomness: randomness)
    }

    /// The key of a file, and its check value.
    static func derive(
        _ key: StoreKey, _ salt: [UInt8], _ file: FileIdentity
    ) -> (key: SymmetricKey, check: SymmetricKey) {
        let identity = [file.purpose.rawValue] + file.identity
        func expand(_ use: StaticString) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: key.secret, salt: salt, info: StoreKey.info(use) + identity,
                outputByteCount: 32)
        }
        return (expand("file key"), expand("key check"))
    }
}

/// Passwords made to keys.
private struct PasswordKeys {
    /// The key and derivation of new files under a password: those of the file that was read first, or new ones.
    var current: (StoreKey, KeyRecord.PasswordDerivation)?
    var derived:
        [(derivation: KeyRecord.PasswordDerivation, password: SymmetricKey, key: StoreKey)] =
            []
}

extension EncryptionKeys {
    private func currentKey() -> (StoreKey, KeyRecord.PasswordDerivation?) {
        switch current.kind {
        case .key(let key): return (key, nil)
        case .password(let password, let cost):
            if let known = passwords.withLock({ $0.current }) { return known }
            let derivation = KeyRecord.PasswordDerivation(
                costLog2: UInt8(cost.costLog2), blockSize: UInt8(cost.blockSize),
                parallelism: UInt8(cost.parallelism), salt: randomness.bytes(16))
            let key: StoreKey
            do throws(CipherError) { key = try KeySource.derive(password, derivation) } catch {
                preconditionFailure("there is no memory for a key of the cost that was chosen")
            }
            passwords.withLock {
                $0.current = (key, derivation)
                $0.derived.append((derivation, password, key))
            }
            return (key, derivation)
        }
    }

    /// The key that a source gives for a file; nil when it is of another kind.
    private func key(
        of source: KeySource, _ record: KeyRecord
    ) throws(CipherError) -> StoreKey? {
        switch (source.kind, record.password) {
        case (.key(let key), nil): return key
        case (.password(let password, _), let derivation?):
            let found = passwords.withLock { known in
                (
                    key: known.derived.first {
                        $0.derivation == derivation && $0.password == password
                    }?.key, count: known.derived.count
                )
            }
            if let key = found.key { return key }
            guard found.count < Self.derivationCountMax else {
                throw CipherError(code: .passwordCost, keyID: record.keyID)
            }
            let key = try KeySource.derive(password, derivation)
            passwords.withLock { $0.derived.append((derivation, password, key)) }
            return key
        default: return nil
        }
    }
}

extension SymmetricKey {
    fileprivate var bytes: [UInt8] { withUnsafeBytes { Array($0) } }
}

extension RandomnessSource {
    /// Random bytes.
    func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            withUnsafeBytes(of: next()) { bytes.append(contentsOf: $0.prefix(count - bytes.count)) }
        }
        return bytes
    }
}
