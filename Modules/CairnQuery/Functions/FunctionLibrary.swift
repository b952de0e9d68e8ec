// SPDX-License-Identifier: Apache-2.0

/// The implementation of a function, by the number of its arguments.
enum FunctionBody: Sendable {
    typealias None = @Sendable (Execution) throws(QueryError) -> QueryValue
    typealias Unary = @Sendable (QueryValue, Execution) throws(QueryError) -> QueryValue
    typealias Variadic = @Sendable ([QueryValue], Execution) throws(QueryError) -> QueryValue

    case none(None)
    /// Null gives null before it is called.
    case unary(Unary)
    case variadic(Variadic)
}

/// The functions that are called for each row, by their names in lower case.
enum FunctionLibrary {
    static let all: [String: FunctionBody] = {
        var all: [String: FunctionBody] = [:]
        for part in [graph, lists, texts, numbers, conversions, temporal, moments] {
            all.merge(part) { $1 }
        }
        return all
    }()

    static func refusal(_ name: String) -> QueryError {
        .runtime(.type, .invalidArgumentValue, name: name)
    }
}
