// SPDX-License-Identifier: Apache-2.0

/// An error in bytes that should follow a format.
public struct FormatError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        @usableFromInline
        package enum Storage: String, Sendable {
            case truncated, trailingBytes, numberTooLarge, countTooLarge, nonCanonical, invalidUTF8
            case badMagic, badChecksum, unsupportedVersion, unknownTag, reservedNotZero
            case limitExceeded, invalidReference, invalidValue, duplicate, notAuthentic
            case decompressionFailed
        }
        @usableFromInline package let storage: Storage
        @usableFromInline init(_ storage: Storage) { self.storage = storage }

        /// The bytes end before the value does.
        @inlinable public static var truncated: Self { .init(.truncated) }
        /// Bytes are left that nothing accounts for.
        @inlinable public static var trailingBytes: Self { .init(.trailingBytes) }
        /// A number needs more bits than its type has.
        @inlinable public static var numberTooLarge: Self { .init(.numberTooLarge) }
        /// A count of things that could not fit into the bytes left.
        @inlinable public static var countTooLarge: Self { .init(.countTooLarge) }
        /// The value has a shorter or differently ordered encoding, and only that one is valid.
        @inlinable public static var nonCanonical: Self { .init(.nonCanonical) }
        /// A string is not UTF-8.
        @inlinable public static var invalidUTF8: Self { .init(.invalidUTF8) }
        /// The file does not begin with the magic of the format.
        @inlinable public static var badMagic: Self { .init(.badMagic) }
        /// A checksum does not match the bytes it covers.
        @inlinable public static var badChecksum: Self { .init(.badChecksum) }
        /// An intact file of a version that this code does not read.
        @inlinable public static var unsupportedVersion: Self { .init(.unsupportedVersion) }
        /// A tag that this version does not know.
        @inlinable public static var unknownTag: Self { .init(.unknownTag) }
        /// Bits that must be zero are not.
        @inlinable public static var reservedNotZero: Self { .init(.reservedNotZero) }
        /// A size is above the limit of the format or of the caller.
        @inlinable public static var limitExceeded: Self { .init(.limitExceeded) }
        /// A reference points at nothing.
        @inlinable public static var invalidReference: Self { .init(.invalidReference) }
        /// A value outside of its domain.
        @inlinable public static var invalidValue: Self { .init(.invalidValue) }
        /// A thing that must be unique is there twice.
        @inlinable public static var duplicate: Self { .init(.duplicate) }
        /// Encrypted bytes that no holder of the key wrote at their place.
        @inlinable public static var notAuthentic: Self { .init(.notAuthentic) }
        /// Compressed bytes do not inflate to what is declared.
        @inlinable public static var decompressionFailed: Self { .init(.decompressionFailed) }
    }

    /// The kind of the error.
    public let code: Code
    /// The place of the error, in bytes from the start of what was read.
    public let offset: Int

    /// An error at `offset`.
    @inlinable
    public init(code: Code, offset: Int) {
        self.code = code
        self.offset = offset
    }
}

extension FormatError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { storage.rawValue }
}

extension FormatError: CustomStringConvertible {
    /// One sentence: what is wrong, and where.
    public var description: String { "\(sentence) (at byte \(offset))" }

    package var sentence: String {
        switch code.storage {
        case .truncated: "the bytes end before the value does"
        case .trailingBytes: "bytes are left over after the last value"
        case .numberTooLarge: "a number has more than 64 bits"
        case .countTooLarge: "a count is larger than the bytes left could hold"
        case .nonCanonical: "a value is not in its one canonical form"
        case .invalidUTF8: "a string is not valid UTF-8"
        case .badMagic: "this is not a file of the expected kind"
        case .badChecksum: "a checksum does not match: the bytes were damaged"
        case .unsupportedVersion: "a newer version wrote this; use a newer release to read it"
        case .unknownTag: "a tag is unknown; a newer version may have written it"
        case .reservedNotZero: "reserved bits are set"
        case .limitExceeded: "a size is above the limit"
        case .invalidReference: "a reference points at nothing"
        case .invalidValue: "a value is outside of its domain"
        case .duplicate: "a thing that must be unique is there twice"
        case .notAuthentic: "these are not the bytes that a holder of the key wrote here"
        case .decompressionFailed: "compressed bytes do not inflate to the size that is declared"
        }
    }
}
