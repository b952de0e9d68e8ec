// SPDX-License-Identifier: Apache-2.0

/// The text of a statement with its parameters.
///
/// Values that are interpolated become parameters, so they can never become syntax:
///
/// ```swift
/// let query: Query = "MATCH (p:Package {name: \(name)}) RETURN p.version AS version"
/// ```
public struct Query: Sendable, ExpressibleByStringInterpolation {
    /// The text, with `$p0`, `$p1`, … where values were interpolated.
    public let text: String
    /// The values by the names of parameters.
    public var parameters: [String: QueryValue]
    /// Where the plan of the statement is known already.
    var prepared: PreparedQuery?

    /// A statement and the values of its parameters.
    public init(_ text: String, _ parameters: [String: QueryValue] = [:]) {
        self.text = text
        self.parameters = parameters
    }

    /// A statement without parameters.
    public init(stringLiteral text: String) { self.init(text) }

    /// A statement with parameters for the values that were interpolated.
    public init(stringInterpolation: StringInterpolation) {
        self.init(stringInterpolation.text, stringInterpolation.parameters)
    }

    /// Collects the text and the values of an interpolated statement.
    public struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        var parameters: [String: QueryValue] = [:]

        /// An empty statement.
        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 4)
        }

        /// Adds text of the language.
        public mutating func appendLiteral(_ literal: String) { text += literal }

        /// Adds a value as a parameter.
        public mutating func appendInterpolation(_ value: some QueryValueConvertible) {
            let name = "p\(parameters.count)"
            parameters[name] = value.queryValue
            text += "$\(name)"
        }
    }
}
