// SPDX-License-Identifier: Apache-2.0

/// The name of one entry of a directory: never a path, never `.` or `..`.
public struct FileName: Hashable, Comparable, Sendable {
    /// The name.
    public let string: String

    /// A name of 1 to 255 bytes of visible ASCII without `/`; nil for anything else.
    public init?(_ string: String) {
        let bytes = string.utf8
        guard (1...255).contains(bytes.count), string != ".", string != "..",
            bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") })
        else { return nil }
        self.string = string
    }

    /// Names by their bytes.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.string.utf8.lexicographicallyPrecedes(rhs.string.utf8)
    }
}

extension FileName: ExpressibleByStringLiteral, CustomStringConvertible {
    /// A name known when the program is written.
    ///
    /// - Precondition: It is a valid name.
    public init(stringLiteral value: String) {
        guard let name = FileName(value) else { preconditionFailure("not a file name: \(value)") }
        self = name
    }

    /// The name.
    public var description: String { string }
}
