// SPDX-License-Identifier: Apache-2.0

package import CairnFormat

/// The classes of errors that a reader in any language must tell apart.
package enum ErrorCategory: String, Hashable, Sendable, CaseIterable {
    /// The bytes are of something else.
    case notThisFormat
    /// Intact, but of a newer version.
    case unsupported
    /// The bytes end too early.
    case truncated
    /// The bytes were damaged.
    case corrupt
    /// There is another, the only valid, encoding of the same value.
    case nonCanonical
    /// A size is above a limit.
    case limit
    /// Each part is well formed, and together they make no sense.
    case semantic

    /// One sentence for documents.
    package var meaning: String {
        switch self {
        case .notThisFormat: "The bytes are of something else."
        case .unsupported: "The bytes are intact, and a newer version wrote them."
        case .truncated: "The bytes end too early."
        case .corrupt: "The bytes were damaged, or no writer of this version can have written them."
        case .nonCanonical: "The value has another encoding, and only that one is valid."
        case .limit: "A size is above a limit, or above what the bytes left could hold."
        case .semantic: "Each part is well formed, and together they make no sense."
        }
    }
}

/// A kind of error by its name in documents and vectors: the same as that of the code that is thrown.
package struct ErrorClass: Hashable, Sendable {
    /// Its name.
    package let name: String
    /// The least that a reader must tell.
    package let category: ErrorCategory
    /// One sentence: what is wrong.
    package let meaning: String

    /// A class of errors.
    package init(_ name: String, _ category: ErrorCategory, _ meaning: String) {
        self.name = name
        self.category = category
        self.meaning = meaning
    }
}

extension FormatError.Code {
    /// The class of this code, for declarations.
    package var errorClass: ErrorClass {
        ErrorClass(description, category, FormatError(code: self, offset: 0).sentence)
    }

    private var category: ErrorCategory {
        switch storage {
        case .truncated: .truncated
        case .badMagic: .notThisFormat
        case .unsupportedVersion, .unknownTag: .unsupported
        case .trailingBytes, .badChecksum, .reservedNotZero, .invalidUTF8, .notAuthentic,
            .decompressionFailed:
            .corrupt
        case .nonCanonical: .nonCanonical
        case .numberTooLarge, .countTooLarge, .limitExceeded: .limit
        case .invalidReference, .invalidValue, .duplicate: .semantic
        }
    }
}
