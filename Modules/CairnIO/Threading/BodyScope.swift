// SPDX-License-Identifier: Apache-2.0

internal import CCairnSystem

/// Notes which bodies of which objects run on a thread, so that a body that calls its own object again is found
/// before it waits for itself.
///
/// Not generic: it lies on the way of each read, and other modules would call an unspecialised function.
package enum BodyScope {
    /// The kind of a body.
    package enum Kind: Int32 {
        /// Only looks.
        case read = 1
        /// Runs while its object lets no other caller change anything.
        case write
    }

    /// Notes that a body of `owner` begins on this thread. Call ``end()`` when it ends.
    package static func begin(_ kind: Kind, of owner: AnyObject) {
        cairn_body_push(Unmanaged.passUnretained(owner).toOpaque(), kind.rawValue)
    }

    /// Notes that the innermost body ends.
    package static func end() { cairn_body_pop() }

    /// The kind of the innermost body of `owner` that runs on this thread; nil when none does.
    package static func current(of owner: AnyObject) -> Kind? {
        Kind(rawValue: cairn_body_kind(Unmanaged.passUnretained(owner).toOpaque()))
    }
}
