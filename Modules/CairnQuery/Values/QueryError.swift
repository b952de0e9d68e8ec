// SPDX-License-Identifier: Apache-2.0

public import CairnGraph

/// A statement that cannot be compiled, or that failed while it ran. All that it had changed was taken back.
///
/// Categories and codes have the names that openCypher's test suite uses.
public struct QueryError: Error, Hashable, Sendable {
    /// The family of an error.
    public enum Category: String, Hashable, Sendable {
        /// The text is no statement of the language, or one without meaning.
        case syntax = "SyntaxError"
        /// A value is of a kind that an operation does not take.
        case type = "TypeError"
        /// A value is not one that a function takes.
        case argument = "ArgumentError"
        /// A statement would do what contradicts itself.
        case semantic = "SemanticError"
        /// Arithmetic has no result.
        case arithmetic = "ArithmeticError"
        /// A node or relationship is no more.
        case entityNotFound = "EntityNotFound"
        /// A parameter has no value.
        case parameterMissing = "ParameterMissing"
        /// A constraint of the graph was violated.
        case constraint = "ConstraintVerificationFailed"
        /// A procedure is not there, or was called wrongly.
        case procedure = "ProcedureError"
        /// A limit of the execution was reached.
        case limit = "LimitExceeded"
        /// The graph refused a change: see ``QueryError/graphError``.
        case graph = "GraphError"
    }

    /// When an error was found.
    public enum Phase: String, Hashable, Sendable {
        /// Before anything ran.
        case compileTime = "compile time"
        /// While the statement ran.
        case runtime = "runtime"
    }

    /// A place in the text of the statement.
    public struct Position: Hashable, Sendable {
        /// The line, from 1.
        public let line: Int
        /// The column in characters, from 1.
        public let column: Int
    }

    /// The family that the code belongs to.
    public let category: Category
    /// The kind of the error.
    public let code: Code
    /// When it was found.
    public let phase: Phase
    /// The place of the error; nil for one that has no place in the text.
    public var position: Position?
    /// The words and symbols that could have followed instead, for ``Code/unexpectedSyntax``.
    public var expected: [String] = []
    /// The variable, function, parameter, procedure or key concerned.
    public var name: String?
    /// Why the graph refused a change.
    public var graphError: GraphError?

    /// Offset in the UTF-8 of the statement until ``position`` is known.
    var offset: Int?

    init(
        _ category: Category, _ code: Code, _ phase: Phase, at offset: Int? = nil,
        name: String? = nil, expected: [String] = []
    ) {
        self.category = category
        self.code = code
        self.phase = phase
        self.offset = offset
        self.name = name
        self.expected = expected
    }

    static func syntax(
        _ code: Code, at offset: Int, name: String? = nil, expected: [String] = []
    ) -> Self {
        Self(.syntax, code, .compileTime, at: offset, name: name, expected: expected)
    }

    static func runtime(
        _ category: Category, _ code: Code, name: String? = nil
    ) -> Self {
        Self(category, code, .runtime, name: name)
    }

    init(_ error: GraphError) {
        switch error.code {
        case .nodeHasRelationships: self.init(.constraint, .deleteConnectedNode, .runtime)
        case .uniqueViolation, .missingProperty, .wrongType, .constraintViolatedByData:
            self.init(.constraint, .constraintViolated, .runtime)
        default: self.init(.graph, .changeRefused, .runtime)
        }
        graphError = error
    }

    /// The same error with its place in the text.
    func located(in text: String) -> Self {
        guard position == nil, let offset else { return self }
        var error = self
        error.position = Position(offset: offset, in: text)
        return error
    }
}

extension QueryError.Position {
    /// The place of a byte of a text.
    init(offset: Int, in text: String) {
        var line = 1
        var column = 1
        let utf8 = text.utf8
        let end = utf8.index(utf8.startIndex, offsetBy: offset, limitedBy: utf8.endIndex)
        for scalar in text.unicodeScalars[..<(end ?? utf8.endIndex)] {
            if scalar == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
        }
        self.init(line: line, column: column)
    }
}
