// SPDX-License-Identifier: Apache-2.0

/// The treatment of an error within the last part of a format that is appended to, by mode of reading.
///
/// - strict: any error ends the reading.
/// - recover: an error that a write cut short by a crash can leave, and that nothing proves to be a loss,
///   is a torn end: everything before it counts, and the rest may be cut off.
/// - salvage: as strict, but whatever was read before an error counts, and other files are read on.
package struct TailRule: Hashable, Sendable {
    /// The loop whose elements are appended.
    package let loop: String
    /// The errors that a torn write can leave.
    package let torn: [ErrorClass]
    /// Proofs that the bytes were whole once.
    package let proofs: [Proof]
    /// One or more sentences.
    package let meaning: String

    /// A rule.
    package init(loop: String, torn: [ErrorClass], proofs: [Proof], _ meaning: String) {
        self.loop = loop
        self.torn = torn
        self.proofs = proofs
        self.meaning = meaning
    }

    /// A reason why an unreadable element is a loss.
    package struct Proof: Hashable, Sendable {
        /// Its name, the same for ever.
        package let id: String
        /// The evidence to look for.
        package let search: Search
        /// One or more sentences.
        package let meaning: String

        /// A proof.
        package init(_ id: String, _ search: Search, _ meaning: String) {
            self.id = id
            self.search = search
            self.meaning = meaning
        }
    }

    /// Evidence behind, or in, an element that is not readable. In a formula, `damage` is where
    /// that element begins, `byte` is where the flipped bit lies, and `extent` is the end of the element.
    package enum Search: Hashable, Sendable {
        /// At every multiple of `step` bytes from the damage on: the type reads without an error, and
        /// `when` holds.
        case later(FieldKind, step: Int, when: Formula)
        /// Flipping one bit of the first `byteCount` bytes makes the type readable, and `when` holds. The
        /// first such bit counts, unless `unless` holds for it.
        case flip(FieldKind, byteCount: Int, when: Formula, extent: Formula, unless: Formula)
        /// The error was that of `check`, and flipping one bit of what its checksum covers, or of the
        /// checksum itself, makes it hold; unless `unless` holds.
        case flipUnder(check: String, extent: Formula, unless: Formula)
    }
}

/// The treatment of a tag that a reader does not know.
package struct UnknownPolicy: Hashable, Sendable {
    /// The error; nil when unknown tags are passed over.
    package let error: ErrorClass?
    /// The tags that are passed over nevertheless, as a formula over `tag`.
    package let ignorable: Formula?
    /// One sentence.
    package let meaning: String

    /// A policy.
    package init(_ error: ErrorClass?, ignorable: Formula? = nil, _ meaning: String) {
        self.error = error
        self.ignorable = ignorable
        self.meaning = meaning
    }
}
