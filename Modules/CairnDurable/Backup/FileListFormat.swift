// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnSnapshot

/// What the manifest of a backup and the records of an archive have in common: files with their checksums.
enum FileListFormat {
    static let lsn = "lsn"
    static let nanoseconds = "nanoseconds"
    static let lastCommitNanoseconds = "lastCommitNanoseconds"
    static let lastSegment = "lastSegment"
    static let files = "files"
    static let path = "path"
    static let byteCount = "byteCount"
    static let checksum = "checksum"

    static let rule =
        "`\(files)` is an array of objects: `\(path)` is a directory, `/` and the name of a file, `\(byteCount)` how many bytes that has, `\(checksum)` the "
        + "CRC-32C of all of them."

    static let checks: [Step] = [
        ListedFileReading.isList(files, "The files are an array."),
        .each(
            "one", in: "\(files).elements",
            ListedFileReading.fields([path, byteCount, checksum], of: "one") + [
                ListedFileReading.isText(path, "Each file has a path."),
                ListedFileReading.isUnsigned(byteCount, "Each file has a size."),
                ListedFileReading.check(
                    "checksumFits",
                    "\(checksum).tag == tag::int && \(checksum).value >= 0 && \(checksum).value <= \(UInt32.max)",
                    "Each file has a checksum, of 32 bits."),
            ]),
    ]
}
