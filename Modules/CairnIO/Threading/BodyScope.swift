// SPDX-License-Identifier: Apache-2.0
//
// The bodies that run on this thread at the moment, innermost first: a list on the stack of the thread.

internal import CCairnSystem

/// Notes which bodies of which objects run on a thread, so that a body that calls its own object again is found
/// before it waits for itself.
package enum BodyScope {
    /// The kind of a body.
    package enum Kind {
        /// Only looks.
        case read
        /// Runs while its object lets no other caller change anything.
        case write
    }

    fileprivate struct Entry {
        let owner: ObjectIdentifier
        let kind: Kind
        let outer: UnsafeMutableRawPointer?
    }

    /// Runs a body of `owner`.
    @inline(__always)
    package static func run<Result: ~Copyable, Failure: Error>(
        _ kind: Kind, of owner: AnyObject, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outer = cairn_thread_value()
        var entry = Entry(owner: ObjectIdentifier(owner), kind: kind, outer: outer)
        return try withUnsafeMutablePointer(to: &entry) { (pointer) throws(Failure) -> Result in
            cairn_set_thread_value(pointer)
            defer { cairn_set_thread_value(outer) }
            return try body()
        }
    }

    /// The kind of the innermost body of `owner` that runs on this thread; nil when none does.
    @inline(__always)
    package static func current(of owner: AnyObject) -> Kind? {
        guard var pointer = cairn_thread_value() else { return nil }
        let identifier = ObjectIdentifier(owner)
        while true {
            let entry = pointer.assumingMemoryBound(to: Entry.self).pointee
            if entry.owner == identifier { return entry.kind }
            guard let outer = entry.outer else { return nil }
            pointer = outer
        }
    }
}
