// SPDX-License-Identifier: Apache-2.0
//
// The vocabulary in which formats are declared beyond fixed layouts: an ordered list of steps for each
// type. The order of the steps is the order of validation.
//
// - The list is closed on purpose. Anything that cannot be said with it is a reason to make the format
//   simpler, or for a new kind of step with its own meaning in every interpreter.
// - Everything here is data. Shipped code takes constants from the declarations and never runs them.

package import CairnFormat

/// A computation over what was read so far, as text: see `Docs/Formats/notation.md` for its grammar.
package struct Formula: Hashable, Sendable, ExpressibleByStringInterpolation,
    ExpressibleByIntegerLiteral
{
    /// The text, such as `here + 32 <= end`.
    package let text: String
    /// Makes looking a formula up cheap.
    private let key: Int

    /// A formula.
    package init(stringLiteral value: String) {
        text = value
        key = value.utf8.reduce(5381) { ($0 &* 33) ^ Int($1) }
    }

    /// A number.
    package init(integerLiteral value: Int) { self.init(stringLiteral: "\(value)") }

    package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

extension Formula: CustomStringConvertible {
    /// The text, so that a formula can be a part of another.
    package var description: String { text }
}

/// The encoding of a field.
package enum FieldKind: Hashable, Sendable {
    /// An unsigned integer of 1, 2, 4 or 8 bytes, least significant byte first.
    case unsigned(byteCount: Int)
    /// An unsigned varint.
    case varint
    /// A signed varint.
    case zigzag
    /// A varint that counts things of at least so many bytes each.
    case count(each: Int)
    /// Opaque bytes, so many.
    case bytes(Formula)
    /// UTF-8, so many bytes.
    case text(Formula)
    /// Unsigned numbers of so many bits, one behind the other, as a list; the last byte is filled up with zeros.
    case packed(count: Formula, width: Formula)
    /// Another type; the arguments are known in it by their names.
    case type(String, [Argument] = [])
    /// The type that a formula names.
    case named(Formula, [Argument] = [])
}

/// An argument that a type gets from the type that reads it.
package struct Argument: Hashable, Sendable {
    /// Its name in the type.
    package let name: String
    /// Its value, computed where the type is read.
    package let value: Formula

    /// An argument.
    package init(_ name: String, _ value: Formula) {
        self.name = name
        self.value = value
    }
}

/// One step of reading.
package indirect enum Step: Hashable, Sendable {
    /// Reads the fields of a fixed layout that begin at or behind `after`, which is how far it was read.
    case layout(BinaryLayout, after: Int = 0)
    /// Reads one field.
    case field(String, FieldKind, String)
    /// Refuses what does not hold.
    case check(Check)
    /// Names a value that does not change.
    case define(String, Formula, String)
    /// Names a value that later steps change.
    case variable(String, Formula, String)
    /// Changes a variable, of this type or of one that reads it.
    case assign(String, Formula)
    /// Steps that are taken only when something holds.
    case when(Formula, [Step], otherwise: [Step] = [])
    /// The steps of the case that a tag says; without one, the error of the tag table.
    case select(Formula, table: String, at: Formula, cases: [Case])
    /// Reads a type again and again into a list: so many times, or until something holds.
    case loop(String, Repetition, FieldKind, String)
    /// Takes the steps for each element of a list.
    case each(String, in: Formula, [Step])
    /// Takes the steps within a part of the input, then goes on where it was.
    case window(from: Formula, to: Formula, [Step])
    /// Takes the steps within bytes that are not in the input, as if they lay at a place of it; then goes on where it
    /// was.
    case within(Formula, at: Formula, [Step])
    /// Goes on at another place.
    case seek(Formula)
    /// Inflates a part of the input into a value.
    case inflate(Inflation)
    /// Hands something to the caller: what a reader "delivers" is counted here.
    case deliver(String)

    /// The steps of one tag.
    package struct Case: Hashable, Sendable {
        /// The tags it is for.
        package let tags: [UInt64]
        /// The steps that follow such a tag.
        package let steps: [Step]

        /// The steps of one or more tags.
        package init(_ tags: UInt64..., steps: [Step]) {
            self.tags = tags
            self.steps = steps
        }

        /// The steps of some tags.
        package init(tags: [UInt64], steps: [Step]) {
            self.tags = tags
            self.steps = steps
        }

        /// The steps of one or more tags of a table that the code has as an enumeration.
        package init<Tag: RawRepresentable<UInt8>>(_ tags: Tag..., steps: [Step]) {
            self.tags = tags.map { UInt64($0.rawValue) }
            self.steps = steps
        }
    }

    /// How often a loop goes round.
    package enum Repetition: Hashable, Sendable {
        /// So many times.
        case times(Formula)
        /// Until this holds, which is asked before each round.
        case until(Formula)
    }
}

/// Something that must hold.
package struct Check: Hashable, Sendable {
    /// Its name, the same for ever.
    package let id: String
    /// The condition that must hold.
    package let formula: Formula
    /// The error when the condition does not hold.
    package let error: ErrorClass
    /// The offset that is reported.
    package let at: Formula
    /// For rules across files: the path of the file that is wrong; nil for the file that is read.
    package let file: Formula?
    /// One sentence: what is checked, and why.
    package let meaning: String
    /// For a checksum: the field that stores it, and what it is computed from.
    package let checksum: Checksum?

    /// A checksum.
    package struct Checksum: Hashable, Sendable {
        /// The field that stores it.
        package let field: String
        /// The same as a formula.
        package let stored: Formula
        /// The first byte covered.
        package let from: Formula
        /// The byte behind the last one covered.
        package let to: Formula
        /// The seed of the computation: the salt.
        package let seed: Formula
        /// The fields covered, for those that lie in a fixed place before it.
        package let covers: [String]
    }

    /// A check.
    package init(
        _ id: String, _ formula: Formula, _ error: ErrorClass, at: Formula = "here",
        file: Formula? = nil, _ meaning: String
    ) {
        self.id = id
        self.formula = formula
        self.error = error
        self.at = at
        self.file = file
        self.meaning = meaning
        checksum = nil
    }

    /// A check of a CRC-32C.
    package init(
        _ id: String, checksum field: String, from: Formula, to: Formula, seed: Formula = 0,
        covers: [String], _ error: ErrorClass, at: Formula, _ meaning: String
    ) {
        self.id = id
        self.error = error
        self.at = at
        file = nil
        self.meaning = meaning
        formula = "crc32c(bytes(\(from.text), \(to.text)), \(seed.text)) == \(field)"
        checksum = Checksum(
            field: field, stored: Formula(stringLiteral: field), from: from, to: to, seed: seed,
            covers: covers)
    }
}

/// The inflating of a part of the input.
package struct Inflation: Hashable, Sendable {
    /// The name of the inflated bytes.
    package let name: String
    /// The first byte of the compressed stream.
    package let from: Formula
    /// The byte behind the last one.
    package let to: Formula
    /// The number of bytes that it must inflate to.
    package let byteCount: Formula
    /// The check this is.
    package let id: String
    /// The error when the condition does not hold.
    package let error: ErrorClass
    /// The offset that is reported.
    package let at: Formula
    /// One sentence.
    package let meaning: String

    /// An inflating.
    package init(
        _ name: String, from: Formula, to: Formula, byteCount: Formula, id: String,
        _ error: ErrorClass, at: Formula, _ meaning: String
    ) {
        self.name = name
        self.from = from
        self.to = to
        self.byteCount = byteCount
        self.id = id
        self.error = error
        self.at = at
        self.meaning = meaning
    }
}

/// One type: the steps that read it.
package struct TypeDescription: Hashable, Sendable {
    /// Its name.
    package let name: String
    /// One sentence: what it is.
    package let meaning: String
    /// The parameters that the type which reads it must give.
    package let parameters: [String]
    /// The steps that read it, in the order of the checks.
    package let steps: [Step]
    /// The value that stands for it; nil for an object of its fields.
    package let result: Formula?

    /// A type.
    package init(
        _ name: String, _ meaning: String, parameters: [String] = [], result: Formula? = nil,
        _ steps: [Step]
    ) {
        self.name = name
        self.meaning = meaning
        self.parameters = parameters
        self.steps = steps
        self.result = result
    }
}
