// SPDX-License-Identifier: Apache-2.0

/// A procedure that the host of a query declares, to be called with CALL.
public struct QueryProcedure: Sendable {
    /// The kind of an argument or a result.
    public enum Kind: Hashable, Sendable {
        /// A truth value.
        case boolean
        /// An integer.
        case integer
        /// A double; integers are taken, too.
        case float
        /// An integer or a double.
        case number
        /// Text.
        case string
        /// Anything.
        case any
    }

    /// An argument or a result. Each of them may be null.
    public struct Field: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// Its kind.
        public let kind: Kind

        /// An argument or a result.
        public init(_ name: String, _ kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    /// The name, with points between its parts.
    public let name: String
    /// The arguments in order.
    public let parameters: [Field]
    /// The columns of the rows that it gives.
    public let results: [Field]
    let body: @Sendable ([QueryValue]) throws -> [[QueryValue]]

    /// A procedure that CALL finds by its name.
    ///
    /// - Parameters:
    ///   - name: The name by which statements call it.
    ///   - parameters: The parameters of a call, in order.
    ///   - results: The columns of the rows, in order.
    ///   - body: Gets a value for each parameter, and gives rows with a value for each result.
    public init(
        _ name: String, parameters: [Field] = [], results: [Field] = [],
        body: @escaping @Sendable ([QueryValue]) throws -> [[QueryValue]]
    ) {
        self.name = name
        self.parameters = parameters
        self.results = results
        self.body = body
    }
}

extension QueryProcedure.Kind {
    /// The kinds of values that can be passed.
    var accepted: KindSet {
        switch self {
        case .boolean: .boolean
        case .integer: .integer
        case .float, .number: .number
        case .string: .string
        case .any: .any
        }
    }

    var staticKind: StaticKind {
        switch self {
        case .boolean: .boolean
        case .integer: .integer
        case .float: .float
        case .string: .string
        case .number, .any: .any
        }
    }
}
