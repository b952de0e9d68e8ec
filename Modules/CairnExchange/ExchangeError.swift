// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
public import CairnGraph

/// An error of bringing a text into a graph, with its place in the text.
public struct ExchangeError: Error, Hashable, Sendable {
    /// The kind of error; more may be added.
    public struct Code: Hashable, Sendable {
        enum Storage: String, Sendable {
            case syntax, invalidUTF8, lineTooLong, nestingTooDeep, numberOutOfRange, duplicateKey
            case missingField, unknownField, wrongType, unknownKind, unknownExtension, otherDialect
            case outOfOrder, duplicateID, unknownNode, tooManyHoles, graphNotEmpty, refused
        }
        let storage: Storage

        /// The line is not well-formed JSON.
        public static var syntax: Self { .init(storage: .syntax) }
        /// A string is not valid UTF-8, or has half of a surrogate pair.
        public static var invalidUTF8: Self { .init(storage: .invalidUTF8) }
        /// A value of the line has more bytes, as text, than the options allow.
        public static var lineTooLong: Self { .init(storage: .lineTooLong) }
        /// More than ``/CairnGraph/Value/nestingCountMax`` lists and maps lie within one another.
        public static var nestingTooDeep: Self { .init(storage: .nestingTooDeep) }
        /// A number is not one of 64 bits.
        public static var numberOutOfRange: Self { .init(storage: .numberOutOfRange) }
        /// An object has a key twice.
        public static var duplicateKey: Self { .init(storage: .duplicateKey) }
        /// The line lacks a field that its kind needs.
        public static var missingField: Self { .init(storage: .missingField) }
        /// The line has a field that its kind does not have.
        public static var unknownField: Self { .init(storage: .unknownField) }
        /// A field has a value of another type than it needs.
        public static var wrongType: Self { .init(storage: .wrongType) }
        /// The kind is neither `node` nor `relationship`.
        public static var unknownKind: Self { .init(storage: .unknownKind) }
        /// A value is written in a way that this version does not know.
        public static var unknownExtension: Self { .init(storage: .unknownExtension) }
        /// The text is JSON of another program: `apoc` or `networkx`, see ``ExchangeError/name``.
        public static var otherDialect: Self { .init(storage: .otherDialect) }
        /// An id is not higher than the one before.
        public static var outOfOrder: Self { .init(storage: .outOfOrder) }
        /// Two nodes have the same id.
        public static var duplicateID: Self { .init(storage: .duplicateID) }
        /// A relationship refers to a node that no line before has.
        public static var unknownNode: Self { .init(storage: .unknownNode) }
        /// The ids leave out more than the options allow.
        public static var tooManyHoles: Self { .init(storage: .tooManyHoles) }
        /// Ids can be kept only in an empty graph, and this one is not.
        public static var graphNotEmpty: Self { .init(storage: .graphNotEmpty) }
        /// The graph refused: see ``ExchangeError/cause``.
        public static var refused: Self { .init(storage: .refused) }
    }

    /// The kind of the error.
    public let code: Code
    /// The line of the error, from 1.
    public let line: Int
    /// At which byte of the line, from 1.
    public let column: Int
    /// The field, key or kind concerned.
    public let name: String?
    /// The error of the graph, if it refused the line.
    public let cause: GraphError?

    package init(
        code: Code, line: Int, column: Int, name: String? = nil, cause: GraphError? = nil
    ) {
        self.code = code
        self.line = line
        self.column = column
        self.name = name
        self.cause = cause
    }
}

extension ExchangeError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { storage.rawValue }
}

extension ExchangeError: CustomStringConvertible {
    /// `line N, column N: ` and one sentence that says what is wrong and what to do.
    public var description: String { "line \(line), column \(column): \(problem)" }

    private var problem: String {
        let name = name.map(\.quoted) ?? "?"
        return switch code.storage {
        case .syntax: "this is not well-formed JSON; each line must be one object"
        case .invalidUTF8: "this string is not valid Unicode; write the file as UTF-8"
        case .lineTooLong: "a value of the line is longer than any that a graph holds"
        case .nestingTooDeep: "more than \(Value.nestingCountMax) lists and maps lie in one another"
        case .numberOutOfRange: "the number does not fit into 64 bits"
        case .duplicateKey: "the key \(name) is there twice in one object"
        case .missingField: "the field \(name) is missing"
        case .unknownField: "lines of this kind have no field \(name)"
        case .wrongType: "the value of \(name) is of another type than it has to be"
        case .unknownKind: "\(name) is neither \"node\" nor \"relationship\""
        case .unknownExtension: "\(name) is no way to write a value that this version knows"
        case .otherDialect where self.name == Dialect.apoc.rawValue:
            "this is JSON of apoc.export.json; Docs/JSONLines.md says how to convert it"
        case .otherDialect:
            "this is node-link JSON of networkx; Docs/JSONLines.md says how to convert it"
        case .outOfOrder:
            "the id is not higher than the one before; sort the lines, or import with new ids"
        case .duplicateID: "another node has this id already"
        case .unknownNode: "no line before has this node; nodes must come before what connects them"
        case .tooManyHoles: "the ids leave out more than the limit; import with new ids"
        case .graphNotEmpty:
            "the graph has content of its own already; use an empty one, or import with new ids"
        case .refused: cause?.description ?? "the graph refused the change"
        }
    }
}
