// SPDX-License-Identifier: Apache-2.0

internal import CairnDurable

/// What the manifest of a backup and the records of an archive have in common: files with their checksums.
enum FileListFormat {
    static let rule =
        "`\(FileListFields.files)` is an array of objects: `\(FileListFields.path)` is a directory, `/` and the name of a file, `\(FileListFields.byteCount)` how many bytes that has, `\(FileListFields.checksum)` the "
        + "CRC-32C of all of them."

    static let checks: [Step] = [
        ListedFileReading.isList(FileListFields.files, "The files are an array."),
        .each(
            "one", in: "\(FileListFields.files).elements",
            ListedFileReading.fields(
                [FileListFields.path, FileListFields.byteCount, FileListFields.checksum], of: "one")
                + [
                    ListedFileReading.isText(FileListFields.path, "Each file has a path."),
                    ListedFileReading.isUnsigned(FileListFields.byteCount, "Each file has a size."),
                    ListedFileReading.check(
                        "checksumFits",
                        "\(FileListFields.checksum).tag == tag::int && \(FileListFields.checksum).value >= 0 && \(FileListFields.checksum).value <= \(UInt32.max)",
                        "Each file has a checksum, of 32 bits."),
                ]),
    ]
}
