// SPDX-License-Identifier: Apache-2.0

package import CairnFormat

/// Everything declared about one format: what documents, the machine-readable description and the test
/// vectors are made from.
package struct FormatDescription: Sendable {
    /// Its name, and the stem of its document.
    package let name: String
    /// One paragraph: what it is for.
    package let meaning: String
    /// The fixed layouts.
    package let layouts: [BinaryLayout]
    /// The tag bytes, by name.
    package let tags: [(name: String, values: [TagDescription])]
    /// The bounds.
    package let limits: [LimitDescription]
    /// Rules beyond single fields, one sentence each, for readers of the document.
    package let rules: [String]
    /// The steps that read and check it; nil for what is only documented.
    package let reading: Reading?

    /// Describes a format and how it is read.
    package init(
        _ name: String, _ meaning: String, layouts: [BinaryLayout],
        tags: [(name: String, values: [TagDescription])] = [], limits: [LimitDescription] = [],
        rules: [String] = [], reading: Reading? = nil
    ) {
        self.name = name
        self.meaning = meaning
        self.layouts = layouts
        self.tags = tags
        self.limits = limits
        self.rules = rules
        self.reading = reading
    }
}

/// The reading of a format: types, made of steps, and what surrounds them.
package struct Reading: Sendable {
    /// The type that a file, or a value, is.
    package let root: String
    /// Facts that the caller may know beforehand, such as a file's name, by parameter of the root: the meaning,
    /// and the value to take when the caller knows nothing.
    package let context: [Context]
    /// The types, the root among them.
    package let types: [TypeDescription]
    /// The names of formats whose types, tags and limits this one uses; a type of the same name replaces
    /// theirs.
    package let uses: [String]
    /// The name of the steps that count as deliveries to the caller.
    package let delivers: String
    /// The treatment of unknown tags, by table.
    package let unknownTags: [String: UnknownPolicy]
    /// The version that is written, and the highest that is read; nil when another format has it.
    package let version: FormatVersion?
    /// The treatment of errors by mode; nil when every mode ends at the first.
    package let tail: TailRule?
    /// One sentence: what makes an encoding canonical.
    package let canonical: String
    /// The largest allocation of a reader, as a formula over `size`, the bytes of the input.
    package let allocation: Formula
    /// Whether all that is read lies behind a check that it is there, so that nothing ends too early.
    package let isBounded: Bool
    /// The kinds of files, in the order in which they are read, for what is a set of files.
    package let files: [FileKind]
    /// The parts that a set delivers without looking into them.
    package let carries: Carried?

    /// Bytes of another format within what is delivered.
    package struct Carried: Hashable, Sendable {
        /// The member that is a list of such bytes.
        package let member: String
        /// The formats that they may be of; the first that reads them.
        package let formats: [String]

        /// Bytes of another format.
        package init(_ member: String, formats: [String]) {
            self.member = member
            self.formats = formats
        }
    }

    /// Something known beforehand.
    package struct Context: Hashable, Sendable {
        /// The name of the parameter.
        package let name: String
        /// Its value when nothing is known.
        package let unknown: Formula
        /// One sentence: what it is.
        package let meaning: String

        /// Something known beforehand.
        package init(_ name: String, unknown: Formula, _ meaning: String) {
            self.name = name
            self.unknown = unknown
            self.meaning = meaning
        }
    }

    /// The reading of the format.
    package init(
        root: String, context: [Context] = [], types: [TypeDescription],
        uses: [String] = [], delivers: String, unknownTags: [String: UnknownPolicy] = [:],
        version: FormatVersion? = nil, tail: TailRule? = nil, canonical: String,
        allocation: Formula, isBounded: Bool = false, files: [FileKind] = [],
        carries: Carried? = nil
    ) {
        self.isBounded = isBounded
        self.files = files
        self.carries = carries
        self.root = root
        self.context = context
        self.types = types
        self.uses = uses
        self.delivers = delivers
        self.unknownTags = unknownTags
        self.version = version
        self.tail = tail
        self.canonical = canonical
        self.allocation = allocation
    }
}

extension BinaryLayout {
    /// The names of the fields that end at or before `offset`: what a checksum there covers.
    package func names(before offset: Int) -> [String] {
        fields.filter { $0.offset + $0.byteCount <= offset }.map(\.name)
    }
}
