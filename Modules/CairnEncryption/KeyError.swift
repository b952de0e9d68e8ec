// SPDX-License-Identifier: Apache-2.0

/// Why a key or a password was refused. It never holds anything of them.
public struct KeyError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        enum Storage: String, Sendable { case malformedKey, emptyPassword, costOutOfBounds }
        let storage: Storage

        /// The bytes, or the text, are no key.
        public static var malformedKey: Self { .init(storage: .malformedKey) }
        /// A password without a character.
        public static var emptyPassword: Self { .init(storage: .emptyPassword) }
        /// A cost that is below what protects a password, or above what a reader accepts.
        public static var costOutOfBounds: Self { .init(storage: .costOutOfBounds) }
    }

    /// The kind of the error.
    public let code: Code

    package init(code: Code) { self.code = code }
}

extension KeyError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { storage.rawValue }
}

extension KeyError: CustomStringConvertible {
    /// One sentence: what is wrong, and what to do.
    public var description: String {
        switch code.storage {
        case .malformedKey:
            "this is no key: a key has 32 bytes, which are written as 64 hexadecimal digits"
        case .emptyPassword: "the password is empty; choose a longer one"
        case .costOutOfBounds: "the cost of the derivation is out of bounds: \(PasswordCost.rule)"
        }
    }
}
