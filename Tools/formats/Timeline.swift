// SPDX-License-Identifier: Apache-2.0

internal import CairnDurable
internal import CairnFormat

/// The description of the files in `timelines/`, from which documents and vectors are generated.
package enum TimelineFormat {
    /// Everything declared about them.
    package static let format = FormatDescription(
        "timeline",
        "A file in timelines/: the logs that a store was restored or salvaged from. It has the form of a snapshot.",
        layouts: [],
        rules: [
            "The file name is the fence with 20 decimal digits, then `.snap`: the last LSN that the store has of the log before. "
                + "The last file counts.",
            "The section \(Int(ListedFiles.section)) holds a symbol table and one value in the self-describing form: an object with the field "
                + "`\(TimelineFields.steps)`, an array of objects, the nearest log first. A reader passes over fields and sections that it does not "
                + "know.",
            "`\(TimelineFields.log)` is the identity of a log as its text form reads, 32 hexadecimal digits; one that is none is passed over. `\(TimelineFields.lsn)` is the last LSN that both "
                + "logs have. `\(TimelineFields.nanoseconds)` is when the store was made, in nanoseconds since 1970.",
            "Nothing of it decides how a store is opened.",
        ],
        reading: ListedFileReading(name: "timeline", checks: checks).reading)

    private static let checks: [Step] =
        ListedFileReading.fields([TimelineFields.steps], of: "value") + [
            ListedFileReading.isList(TimelineFields.steps, "The steps are an array."),
            .each(
                "step", in: "\(TimelineFields.steps).elements",
                ListedFileReading.fields(
                    [TimelineFields.log, TimelineFields.lsn, TimelineFields.nanoseconds], of: "step"
                ) + [
                    ListedFileReading.isText(TimelineFields.log, "Each step names a log."),
                    ListedFileReading.isUnsigned(TimelineFields.lsn, "Each step has an LSN."),
                    ListedFileReading.isUnsigned(
                        TimelineFields.nanoseconds, "Each step has a time."),
                ]),
        ]
}
