// SPDX-License-Identifier: Apache-2.0

/// One kind of files of a set: where they lie, what they are called, how they are read, and which types
/// hold the rules across files.
///
/// The types of the rules all have the scope of the root as their parent, whose variables they change. They
/// know `mode`, and:
///
/// - `before` and `after`, taken once: `folder`, with `exists` and `fileCount`.
/// - `opened` and `closed`, taken for each file: `file`, with `path`, the numbers of its name, `isFirst`,
///   `isLast`, and what reading it alone gave: `content`, `error`, `category`, `at`, `torn`.
/// - `each`, taken for each thing that reading the file delivers: `file`, and the thing as `element`. The
///   input is that file, and the type begins where the thing begins.
package struct FileKind: Hashable, Sendable {
    /// Its name.
    package let name: String
    /// The folder that they lie in; empty for the root of the set.
    package let folder: String
    /// The parts of their names.
    package let nameParts: [NamePart]
    /// The format of each of them.
    package let format: String
    /// The arguments for that format.
    package let context: [Argument]
    /// Whether the last of them may end in a torn write. It is then read in the mode `recover`, all others
    /// in `strict`.
    package let lastMayBeTorn: Bool
    /// Whether the file with the largest numbers comes first.
    package let isDescending: Bool
    /// No further file is read once this holds, which is asked behind each.
    package let until: Formula?
    /// The types of the rules.
    package let rules: Rules
    /// One sentence: what they are.
    package let meaning: String

    /// The types that hold the rules, by when they are taken.
    package struct Rules: Hashable, Sendable {
        package let before: String?
        package let opened: String?
        package let each: String?
        package let closed: String?
        package let after: String?

        /// The types that hold the rules.
        package init(
            before: String? = nil, opened: String? = nil, each: String? = nil,
            closed: String? = nil, after: String? = nil
        ) {
            (self.before, self.opened, self.each) = (before, opened, each)
            (self.closed, self.after) = (closed, after)
        }

        /// When and which, in order.
        package var all: [(when: String, type: String)] {
            [
                ("before", before), ("opened", opened), ("each", each), ("closed", closed),
                ("after", after),
            ].compactMap { when, type in type.map { (when, $0) } }
        }
    }

    /// A part of the name of a file.
    package enum NamePart: Hashable, Sendable {
        /// These characters.
        case text(String)
        /// A number in decimal digits, at least so many of them, with zeros in front only up to that many;
        /// at least `least`, and below 2^64.
        case number(String, digits: Int, least: UInt64)
        /// So many hexadecimal digits, in lower case.
        case hexadecimal(Int)
    }

    /// A kind of files.
    package init(
        _ name: String, in folder: String, named nameParts: [NamePart], format: String,
        context: [Argument] = [], lastMayBeTorn: Bool = false, isDescending: Bool = false,
        until: Formula? = nil, rules: Rules = Rules(), _ meaning: String
    ) {
        self.name = name
        self.folder = folder
        self.nameParts = nameParts
        self.format = format
        self.context = context
        self.lastMayBeTorn = lastMayBeTorn
        self.isDescending = isDescending
        self.until = until
        self.rules = rules
        self.meaning = meaning
    }
}
