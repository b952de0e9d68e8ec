// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension FilePreamble {
    /// The steps that check the preamble of a format.
    static func steps(magic expected: UInt64, supported: FormatVersion) -> [Step] {
        [
            .check(
                Check(
                    "preambleSize", "size >= \(byteCount)", FormatError.Code.truncated.errorClass,
                    at: "size", "The file has at least a preamble.")),
            .layout(layout),
            .check(
                Check(
                    "magic", "ones(magic ^ \(expected)) <= \(magicBitErrorMax)",
                    FormatError.Code.badMagic.errorClass, at: "start + \(magic.offset)",
                    "The magic is that of the format, or nearly so: a few damaged bits must read as damage, not as another kind of file."
                )),
            .check(
                Check(
                    "magicExact", "magic == \(expected)", FormatError.Code.badChecksum.errorClass,
                    at: "start + \(magic.offset)",
                    "Nearly the magic is a damaged one. In the file it is the ASCII text `\(text(of: expected))`."
                )),
            .check(
                Check(
                    "preambleChecksum", checksum: "\(checksum.name)", from: "start",
                    to: "start + \(checksum.offset)", covers: layout.names(before: checksum.offset),
                    FormatError.Code.badChecksum.errorClass, at: "start + \(checksum.offset)",
                    "The checksum of the preamble holds; then the version can be believed.")),
            .check(
                Check(
                    "version", "major <= \(Int(supported.major))",
                    FormatError.Code.unsupportedVersion.errorClass, at: "start + \(major.offset)",
                    "The major version is not above the one that is read; any minor version is read."
                )),
        ]
    }

    /// The steps that read the header of a file: the preamble, then the layout whose last field is its checksum.
    ///
    /// - Parameter meaning: The consequence of an intact checksum.
    static func headerSteps(
        magic: UInt64, supported: FormatVersion, _ header: BinaryLayout, checksum: Field<UInt32>,
        id: String, _ meaning: String
    ) -> [Step] {
        steps(magic: magic, supported: supported) + [
            .check(
                Check(
                    "headerSize", "size >= \(header.byteCount)",
                    FormatError.Code.truncated.errorClass, at: "size",
                    "The file has at least a header.")),
            .layout(header, after: byteCount),
            .check(
                Check(
                    id, checksum: "\(checksum.name)", from: "start",
                    to: "start + \(checksum.offset)", covers: header.names(before: checksum.offset),
                    FormatError.Code.badChecksum.errorClass, at: "start + \(checksum.offset)",
                    meaning)),
        ]
    }

    /// A magic as it stands in the file.
    private static func text(of magic: UInt64) -> String {
        String(
            decoding: (0..<8).map { UInt8(truncatingIfNeeded: magic >> ($0 * 8)) }, as: UTF8.self)
    }
}
