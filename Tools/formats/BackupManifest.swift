// SPDX-License-Identifier: Apache-2.0

internal import CairnDurable
internal import CairnFormat
internal import CairnSnapshot

/// The description of the files in `backup/`, from which documents and vectors are generated.
package enum BackupFormat {
    /// Everything declared about them.
    package static let format = FormatDescription(
        "backup-manifest",
        "A file in backup/: the files of a backup, with sizes and checksums. A directory is a whole backup if it has one. It has the form "
            + "of a snapshot.",
        layouts: [],
        rules: [
            "The file name is the last LSN of the backup with 20 decimal digits, then `.snap`; the header and the value say the same LSN.",
            "The section \(Int(ListedFiles.section)) holds a symbol table and one value in the self-describing form: an object. A reader passes over fields "
                + "and sections that it does not know.",
            "`\(FileListFields.lsn)` is the last LSN of the backup. `\(FileListFields.nanoseconds)` is when it was made, and `\(FileListFields.lastCommitNanoseconds)` when its last transaction "
                + "was committed, in nanoseconds since 1970.",
            FileListFormat.rule,
            "It is written last, when all that it names is durable; then the directory gets its name: the LSN with 20 decimal digits, `-`, the identity of the log, "
                + "`.backup`. Nothing of a backup is ever changed.",
        ],
        reading: ListedFileReading(name: "manifest", checks: checks).reading)

    private static let checks: [Step] =
        ListedFileReading.fields(
            [
                FileListFields.lsn, FileListFields.nanoseconds,
                FileListFields.lastCommitNanoseconds, FileListFields.files,
            ], of: "value") + [
            ListedFileReading.isUnsigned(FileListFields.lsn, "The manifest has an LSN."),
            ListedFileReading.isUnsigned(FileListFields.nanoseconds, "It has a time."),
            ListedFileReading.isUnsigned(
                FileListFields.lastCommitNanoseconds, "It has the time of the last commit."),
        ] + FileListFormat.checks + [
            .check(
                Check(
                    "sameLSN", "\(FileListFields.lsn).value == file.header.fence",
                    SnapshotError.Code.wrongName.errorClass, at: 0,
                    "The value says the same LSN as the header of the file."))
        ]
}
