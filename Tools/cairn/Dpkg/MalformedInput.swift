// SPDX-License-Identifier: Apache-2.0

/// An error in the text of a package list, with its line.
struct MalformedInput: Error, Hashable, Sendable {
    /// The error.
    enum Problem: Hashable, Sendable {
        /// The line is neither a field, nor a continuation, nor a comment, nor blank.
        case missingColon
        /// Nothing stands before the colon.
        case emptyFieldName
        /// A field name has bytes that are not visible ASCII.
        case invalidFieldName
        /// A line begins with a blank, and no field stands before it in its stanza.
        case continuationWithoutField
        /// The stanza has the field twice.
        case duplicateField
        /// The stanza has no `Package` field, or an empty one.
        case missingPackage
        /// The bytes are not UTF-8.
        case invalidUTF8
        /// The value is not a decimal number of at most 63 bits.
        case notAnInteger
        /// The stanza has more bytes than ``ControlStanzaReader/stanzaByteCountMax``.
        case stanzaTooLong
        /// The stanza has more fields than ``ControlStanzaReader/fieldCountMax``.
        case tooManyFields
        /// A relation is not well-formed.
        case relation(RelationParser.Problem)
        /// The name is not one that a package can have.
        case invalidPackageName
    }

    let problem: Problem
    /// The line, counted from 1.
    let line: Int
    /// The field, where the problem lies in one.
    var field: String?

    init(_ problem: Problem, line: Int, field: String? = nil) {
        self.problem = problem
        self.line = line
        self.field = field
    }
}

extension MalformedInput: CustomStringConvertible {
    /// `line N: ` and one sentence.
    var description: String {
        let place = field.map { "line \(line), field \($0): " } ?? "line \(line): "
        return place + problem.description
    }
}

extension MalformedInput.Problem: CustomStringConvertible {
    var description: String {
        switch self {
        case .missingColon: "a field name must be followed by a colon"
        case .emptyFieldName: "there is no field name before the colon"
        case .invalidFieldName: "a field name may only have visible ASCII characters"
        case .continuationWithoutField: "a continuation line, but no field before it"
        case .duplicateField: "the field is there twice in one stanza"
        case .missingPackage: "the stanza that begins here has no Package field"
        case .invalidUTF8: "the text is not valid UTF-8"
        case .notAnInteger: "the value is not a whole number"
        case .stanzaTooLong:
            "the stanza has more than \(ControlStanzaReader.stanzaByteCountMax) bytes"
        case .tooManyFields: "the stanza has more than \(ControlStanzaReader.fieldCountMax) fields"
        case .relation(let problem): problem.description
        case .invalidPackageName: "this is not a name that a package can have"
        }
    }
}
