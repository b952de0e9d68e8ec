// SPDX-License-Identifier: Apache-2.0

/// The variables that can be used at a place, and what is known of them.
struct Scope: Sendable {
    private(set) var kinds: [String: StaticKind] = [:]

    subscript(name: String) -> StaticKind? {
        get { kinds[name] }
        set { kinds[name] = newValue }
    }

    func has(_ name: String) -> Bool { kinds[name] != nil }

    /// The names, ascending.
    var names: [String] { kinds.keys.sorted() }

    /// These variables over those of another scope.
    func merged(over other: Scope) -> Scope {
        var scope = other
        for (name, kind) in kinds { scope.kinds[name] = kind }
        return scope
    }
}
