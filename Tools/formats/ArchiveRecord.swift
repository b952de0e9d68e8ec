// SPDX-License-Identifier: Apache-2.0

internal import CairnDurable
internal import CairnFormat

/// The description of the files in `archive/`, from which documents and vectors are generated.
package enum ArchiveFormat {
    /// Everything declared about them.
    package static let format = FormatDescription(
        "archive-record",
        "A file in archive/: what was moved to an archive at once. It has the form of a snapshot, with its own number in place of the fence.",
        layouts: [],
        rules: [
            "The file name is the number of the record with 20 decimal digits, then `.snap`. Records are numbered from 1 without a gap: an archive is read "
                + "without a listing, record after record, until there is none.",
            "The section \(Int(ListedFiles.section)) holds a symbol table and one value in the self-describing form: an object. A reader passes over fields "
                + "and sections that it does not know.",
            "`\(FileListFields.nanoseconds)` is when the record was written, in nanoseconds since 1970. `\(FileListFields.lastSegment)` is the number of the last segment that this record "
                + "or an earlier one has; 0 for none.",
            FileListFormat.rule,
            "A record appears when all files that it names are durable in the archive. Neither is ever changed.",
            "The segments of an archive are sealed, the last one too; all other files have the form that they have in a store.",
        ],
        reading: ListedFileReading(name: "archiveRecord", checks: checks).reading)

    private static let checks: [Step] =
        ListedFileReading.fields(
            [FileListFields.nanoseconds, FileListFields.lastSegment, FileListFields.files],
            of: "value") + [
            ListedFileReading.isUnsigned(FileListFields.nanoseconds, "The record has a time."),
            ListedFileReading.isUnsigned(
                FileListFields.lastSegment, "It has the number of a segment."),
        ] + FileListFormat.checks
}
