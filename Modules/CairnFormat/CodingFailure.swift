// SPDX-License-Identifier: Apache-2.0

/// The place and the reason for which a value of a program does not fit its written form: a type that cannot be encoded, or intact bytes
/// that were written by another version of the program.
public struct CodingFailure: Error, Hashable, Sendable {
    /// The way to the part that does not fit, from the outermost value: keys, and places in arrays.
    public let path: [String]
    /// The reason, in a few words.
    public let meaning: String

    /// A failure at a path within a value.
    public init(path: [String], meaning: String) {
        self.path = path
        self.meaning = meaning
    }
}

extension CodingFailure: CustomStringConvertible {
    /// The path and the meaning.
    public var description: String {
        path.isEmpty ? meaning : "\(path.joined(separator: ".")): \(meaning)"
    }
}
