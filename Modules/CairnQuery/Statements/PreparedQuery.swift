// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph
internal import Synchronization

/// A statement that was checked, and whose plan is kept: running it takes no look-up by its text.
///
/// ```swift
/// let find = try database.prepare("MATCH (p:Package {name: $name}) RETURN p.version AS version")
/// let rows = try database.query(find(["name": "libc6"]))
/// ```
///
/// Any number of threads may use one. The plan is made anew when the rules of the graph or its order of magnitude have
/// changed. Only the engine that prepared it uses the plan; for others it is a statement like any.
public final class PreparedQuery: Sendable {
    /// The statement.
    public let text: String
    let engine: QueryEngine
    private let last = Mutex<(shape: GraphShape, plan: Plan)?>(nil)

    init(_ text: String, _ engine: QueryEngine) {
        self.text = text
        self.engine = engine
    }

    /// The statement with values for its parameters.
    public func callAsFunction(_ parameters: [String: QueryValue] = [:]) -> Query {
        var query = Query(text, parameters)
        query.prepared = self
        return query
    }

    func plan(for shape: GraphShape) -> Plan? {
        last.withLock { last in last?.shape == shape ? last?.plan : nil }
    }

    func remember(_ plan: Plan, for shape: GraphShape) {
        last.withLock { $0 = (shape, plan) }
    }
}

extension QueryEngine {
    /// Checks a statement, to be run many times.
    ///
    /// - Throws: ``QueryError`` of the phase ``QueryError/Phase/compileTime``.
    public func prepare(_ text: String) throws(QueryError) -> PreparedQuery {
        _ = try make(text, GraphStatistics(GraphStore()))
        return PreparedQuery(text, self)
    }
}
