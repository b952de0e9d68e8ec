// SPDX-License-Identifier: Apache-2.0

import CairnFormats
import CairnInterpreter

/// The kinds of files of a set, in words.
struct SetText {
    let format: ResolvedFormat
    let steps: StepText

    var text: String {
        let kinds = format.reading.files.enumerated().map { "\($0 + 1). \(sentence($1))" }
        return "## The files, in the order in which they are read\n\n"
            + "How a set of files is read, and when which rule is taken, is said in "
            + "[notation.md](notation.md#sets-of-files). Files with other names are not read.\n\n"
            + kinds.joined(separator: "\n") + carried
    }

    private func sentence(_ kind: FileKind) -> String {
        let folder =
            kind.folder.isEmpty ? "the set itself" : "the folder \(Markdown.code(kind.folder))"
        var parts = [
            "**\(Markdown.code(kind.name))**: in \(folder), named "
                + kind.nameParts.map(text).joined(separator: " then ") + "; each a "
                + "[\(Markdown.code(kind.format))](\(kind.format).md)\(steps.given(kind.context))"
        ]
        parts.append(kind.isDescending ? "`largest` first" : "`smallest` first")
        if kind.lastMayBeTorn { parts.append("the last one is read in the mode `recover`") }
        if let until = kind.until { parts.append("until \(Markdown.code(until))") }
        for rule in kind.rules.all {
            parts.append(
                "\(Markdown.code(rule.when)): [\(Markdown.code(rule.type))](#\(Markdown.anchor(rule.type)))"
            )
        }
        return parts.joined(separator: "; ") + ". \(kind.meaning)"
    }

    private func text(_ part: FileKind.NamePart) -> String {
        switch part {
        case .text(let text): Markdown.code(text)
        case .number(let name, let digits, let least):
            "the number \(Markdown.code(name)) of \(Markdown.code("\(digits)")) digits, at least "
                + Markdown.code("\(least)")
        case .hexadecimal(let count): "\(Markdown.code("\(count)")) hexadecimal digits"
        }
    }

    private var carried: String {
        guard let carried = format.reading.carries else { return "" }
        let formats = carried.formats.map { "[\(Markdown.code($0))](\($0).md)" }
        return
            "\n\nWhat is delivered carries bytes of another format in \(Markdown.code(carried.member)): of the "
            + "first that reads them of \(formats.joined(separator: ", "))."
    }

    var modes: String {
        "## Modes\n\n"
            + Markdown.table(
                [
                    "mode", "a check that does not hold", "a torn end of the last segment",
                    "in Cairn",
                ],
                [
                    [
                        "`recover`", "ends the reading",
                        "is passed over: it begins at `truncateTo`, where it may be cut", "opening",
                    ], ["`strict`", "ends the reading", "is an error", "verifying"],
                    [
                        "`salvage`",
                        "is noted, and the next step is taken; the first one noted is the outcome",
                        "is an error", "what verifying hands out",
                    ],
                ])
    }
}
