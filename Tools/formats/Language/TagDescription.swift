// SPDX-License-Identifier: Apache-2.0

package import CairnFormat

/// One value of a tag byte.
package struct TagDescription: Hashable, Sendable {
    /// The value on disk.
    package let value: UInt64
    /// The name of the value, as documents show it.
    package let name: String
    /// One sentence: what it means.
    package let meaning: String
    /// The version that brought it.
    package let since: FormatVersion
    /// Numbers that belong to it, for the formulas of the format.
    package let attributes: [String: UInt64]

    /// Describes a value of a tag, with numbers that belong to it.
    package init(
        _ value: UInt64, _ name: String, _ meaning: String,
        since: FormatVersion = FormatVersion(major: 1, minor: 0), attributes: [String: UInt64] = [:]
    ) {
        self.value = value
        self.name = name
        self.meaning = meaning
        self.since = since
        self.attributes = attributes
    }
}

/// A named bound that readers enforce.
package struct LimitDescription: Hashable, Sendable {
    /// The name of the limit, as documents show it.
    package let name: String
    /// The largest value allowed.
    package let value: UInt64
    /// One sentence: what it bounds.
    package let meaning: String

    /// Describes a limit.
    package init(_ name: String, _ value: UInt64, _ meaning: String) {
        self.name = name
        self.value = value
        self.meaning = meaning
    }
}
