// SPDX-License-Identifier: Apache-2.0
//
// The first 16 bytes of every file that Cairn writes.
//
// - Its layout never changes, in no version: magic, version and their own checksum can be judged
//   before anything else is known. So a newer file is `unsupported`, and a damaged version number is
//   `corrupt`, and the two are never mistaken for one another.

/// The version of a format: a reader refuses a higher `major` and reads any `minor`.
public struct FormatVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Changes when old readers can no longer read.
    public let major: UInt16
    /// Changes when something was added that old readers may pass over.
    public let minor: UInt16

    /// The version `major.minor`.
    public init(major: UInt16, minor: UInt16) {
        self.major = major
        self.minor = minor
    }

    /// Versions by age: major, then minor.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.major, lhs.minor) < (rhs.major, rhs.minor)
    }

    /// `major.minor`
    public var description: String { "\(major).\(minor)" }
}

/// Magic, version and their checksum.
public enum FilePreamble {
    /// The eight bytes that tell the kind of file.
    public static let magic = Field<UInt64>(
        "magic", at: 0, "Eight ASCII characters that name the kind of file.")
    /// The major version.
    public static let major = Field<UInt16>(
        "major", at: 8, "Major version; a reader refuses one that is higher than its own.")
    /// The minor version.
    public static let minor = Field<UInt16>(
        "minor", at: 10, "Minor version; a reader accepts any.")
    /// The checksum of the bytes before it.
    public static let checksum = Field<UInt32>(
        "checksum", at: 12, "CRC-32C of the 12 bytes before it, without salt.")
    /// The number of bytes that the preamble takes.
    public static let byteCount = 16

    /// The fields of the preamble, which begin every layout of a file header.
    public static let fields = [
        magic.description, major.description, minor.description, checksum.description,
    ]

    /// Bits of the magic that may differ before a file counts as another kind instead of a damaged one.
    package static let magicBitErrorMax = 4

    /// The preamble as documents show it.
    package static let layout = BinaryLayout(
        "preamble", byteCount: byteCount,
        "The first bytes of every file, in every version: kind and version can be judged before anything else.",
        fields: fields)

    /// The number whose eight little-endian bytes are the ASCII characters of `text`.
    public static func magic(_ text: StaticString) -> UInt64 {
        precondition(text.utf8CodeUnitCount == 8 && text.isASCII)
        return text.withUTF8Buffer { utf8 in
            utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    /// Appends a preamble.
    public static func append(
        magic number: UInt64, version: FormatVersion, to buffer: inout BinaryBuffer
    ) {
        let base = buffer.count
        buffer.append(zeros: byteCount)
        buffer.store(number, at: magic, base: base)
        buffer.store(version.major, at: major, base: base)
        buffer.store(version.minor, at: minor, base: base)
        let sum = CRC32C.checksum(of: buffer.bytes.extracting(base..<base + checksum.offset))
        buffer.store(sum, at: checksum, base: base)
    }

    /// Checks a preamble and returns its version.
    ///
    /// - Throws: ``FormatError`` with code `.truncated`, `.badMagic`, `.badChecksum` or
    ///   `.unsupportedVersion`, in that order of checks.
    @discardableResult
    public static func check(
        _ bytes: RawSpan, magic expected: UInt64, supported: FormatVersion
    ) throws(FormatError) -> FormatVersion {
        guard bytes.byteCount >= byteCount else {
            throw FormatError(code: .truncated, offset: bytes.byteCount)
        }
        // One damaged bit in the magic must read as damage, not as another kind of file.
        let found = bytes.load(magic)
        let checksumHolds =
            CRC32C.checksum(of: bytes.extracting(0..<checksum.offset)) == bytes.load(checksum)
        guard found == expected else {
            let isNearMiss = (found ^ expected).nonzeroBitCount <= magicBitErrorMax
            throw FormatError(code: isNearMiss ? .badChecksum : .badMagic, offset: magic.offset)
        }
        guard checksumHolds else { throw FormatError(code: .badChecksum, offset: checksum.offset) }
        let version = FormatVersion(major: bytes.load(major), minor: bytes.load(minor))
        guard version.major <= supported.major else {
            throw FormatError(code: .unsupportedVersion, offset: major.offset)
        }
        return version
    }
}
