// SPDX-License-Identifier: Apache-2.0

/// Why an encrypted file, or one that is not, was refused. It never holds anything of a key or of a content.
public struct CipherError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        enum Storage: String, Sendable {
            case encrypted, wrongKey, notEncrypted, notAuthentic, unsupportedScheme, passwordCost
        }
        let storage: Storage

        /// The file is encrypted, and no key was given. Nothing was changed.
        public static var encrypted: Self { .init(storage: .encrypted) }
        /// None of the keys is that of the file: ``CipherError/keyID`` names the one it needs. Nothing of the file was
        /// decrypted, and nothing was changed.
        public static var wrongKey: Self { .init(storage: .wrongKey) }
        /// A key was given, and the file is not encrypted. Nothing was changed.
        public static var notEncrypted: Self { .init(storage: .notEncrypted) }
        /// The bytes are not what a holder of the key wrote at this place.
        public static var notAuthentic: Self { .init(storage: .notAuthentic) }
        /// A newer version encrypted the file in a way that this one does not know.
        public static var unsupportedScheme: Self { .init(storage: .unsupportedScheme) }
        /// The file asks for a derivation of its key that costs more, or less, than is allowed. It did not run.
        public static var passwordCost: Self { .init(storage: .passwordCost) }
    }

    /// The kind of the error.
    public let code: Code
    /// The key that the file was encrypted with, where it says so.
    public let keyID: KeyID?
    /// The file, relative to the directory of the store.
    public let file: String?
    /// Bytes from the start of the file.
    public let offset: UInt64?

    /// An error that a cipher of one's own throws.
    public init(code: Code, keyID: KeyID? = nil, file: String? = nil, offset: UInt64? = nil) {
        self.code = code
        self.keyID = keyID
        self.file = file
        self.offset = offset
    }

    /// The same error, at a place.
    package func located(in file: String, at offset: UInt64?) -> Self {
        Self(code: code, keyID: keyID, file: file, offset: offset)
    }
}

extension CipherError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { storage.rawValue }
}

extension CipherError: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        let name = file ?? "a file of the store"
        let key = keyID.map { " \($0)" } ?? ""
        let place = offset.map { " (at byte \($0))" } ?? ""
        return switch code.storage {
        case .encrypted:
            "\(name) is encrypted\(place); open the store with its key\(key)"
        case .wrongKey:
            "\(name) is encrypted with the key\(key)\(place), which is none of the keys that were given; open the store "
                + "with that key, as the current one or a previous one"
        case .notEncrypted:
            "\(name) is not encrypted\(place), and a key was given; where the store was plain so far, allow plain "
                + "files, and otherwise restore the file from a copy: it may have been exchanged"
        case .notAuthentic:
            "\(name) holds bytes\(place) that no holder of the key wrote there; restore it from a copy"
        case .unsupportedScheme:
            "\(name) was encrypted by a newer version\(place); use a newer release to read it"
        case .passwordCost:
            "\(name) asks for a derivation of its key from the password\(place) that is outside of the limits, so it "
                + "did not run; restore the file from a copy"
        }
    }
}
