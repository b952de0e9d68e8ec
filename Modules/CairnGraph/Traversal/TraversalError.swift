// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// An error of an algorithm on a graph: a property that should be a weight is none.
public struct TraversalError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        enum Storage: String, Sendable { case weightMissing, weightNotNumeric, weightNegative }
        let storage: Storage

        /// The relationship has no such property, and no weight was given for that case.
        public static var weightMissing: Self { .init(storage: .weightMissing) }
        /// The property is neither an integer nor a double, or it is not a number.
        public static var weightNotNumeric: Self { .init(storage: .weightNotNumeric) }
        /// The property is below zero.
        public static var weightNegative: Self { .init(storage: .weightNegative) }
    }

    /// The kind of the error.
    public let code: Code
    /// The relationship concerned.
    public let relationshipID: RelationshipID
    /// The key of the property.
    public let key: String
    /// Its value; nil when there is none.
    public let value: Value?

    /// An error of the given code.
    package init(code: Code, relationshipID: RelationshipID, key: String, value: Value? = nil) {
        self.code = code
        self.relationshipID = relationshipID
        self.key = key
        self.value = value
    }
}

extension TraversalError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { storage.rawValue }
}

extension TraversalError: CustomStringConvertible {
    /// One sentence: what was met and what to do.
    public var description: String {
        let property = "\(key.quoted) of relationship \(relationshipID)"
        return switch code.storage {
        case .weightMissing:
            "there is no \(property); set it, or say what weight counts where it is missing"
        case .weightNotNumeric: "\(property) is no number; use integers or doubles as weights"
        case .weightNegative: "\(property) is below zero; use weights of zero and more"
        }
    }
}
