// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

/// The description of the files in `timelines/`, from which documents and vectors are generated.
public enum TimelineFormat {
    static let steps = "steps"
    static let log = "log"
    static let lsn = "lsn"
    static let nanoseconds = "nanoseconds"

    /// Everything declared about them.
    public static let format = FormatDescription(
        "timeline",
        "A file in timelines/: the logs that a store was restored or salvaged from. It has the form of a snapshot.",
        layouts: [],
        rules: [
            "The file name is the fence with 20 decimal digits, then `.snap`: the last LSN that the store has of the log before. "
                + "The last file counts.",
            "The section \(Int(ListedFiles.section)) holds a symbol table and one value in the self-describing form: an object with the field "
                + "`\(steps)`, an array of objects, the nearest log first. A reader passes over fields and sections that it does not "
                + "know.",
            "`\(log)` is the identity of a log as its text form reads, 32 hexadecimal digits; one that is none is passed over. `\(lsn)` is the last LSN that both "
                + "logs have. `\(nanoseconds)` is when the store was made, in nanoseconds since 1970.",
            "Nothing of it decides how a store is opened.",
        ],
        reading: ListedFileReading(name: "timeline", checks: checks).reading)

    private static let checks: [Step] =
        ListedFileReading.fields([steps], of: "value") + [
            ListedFileReading.isList(steps, "The steps are an array."),
            .each(
                "step", in: "\(steps).elements",
                ListedFileReading.fields([log, lsn, nanoseconds], of: "step") + [
                    ListedFileReading.isText(log, "Each step names a log."),
                    ListedFileReading.isUnsigned(lsn, "Each step has an LSN."),
                    ListedFileReading.isUnsigned(nanoseconds, "Each step has a time."),
                ]),
        ]
}
