// SPDX-License-Identifier: Apache-2.0

/// The name of one entry of a directory: never a path, never `.` or `..`.
public struct FileName: Hashable, Comparable, Sendable {
    /// The name.
    public let string: String

    /// A name of 1 to 255 bytes of visible ASCII without `/`; nil for anything else.
    public init?(_ string: String) {
        guard (1...255).contains(string.utf8.count), string != ".", string != ".." else {
            return nil
        }
        func isAllowed(_ byte: UInt8) -> Bool {
            byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "/")
        }
        let isValid =
            string.utf8.withContiguousStorageIfAvailable { $0.allSatisfy(isAllowed) }
            ?? string.utf8.allSatisfy(isAllowed)
        guard isValid else { return nil }
        self.string = string
    }

    /// Whether it ends in these bytes. Much sooner than the method of `String`, which looks for characters.
    package func ends(in suffix: String) -> Bool {
        string.utf8.count >= suffix.utf8.count
            && string.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    /// Names by their bytes.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        // Strings of ASCII are ordered by their bytes, and sooner so than through their views.
        lhs.string < rhs.string
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
