// SPDX-License-Identifier: Apache-2.0

public import CairnGraph

/// The rows of a statement.
public struct QueryResult: RandomAccessCollection, Sendable {
    let header: QueryHeader
    let rows: [QueryRow]
    /// The changes that the statement has made.
    public let changes: QueryChanges
    /// The plan of a statement that was begun with EXPLAIN or PROFILE, a line for each step.
    public let plan: [String]

    /// The names of the columns, in order.
    public var columns: [String] { header.names }

    /// 0
    public var startIndex: Int { 0 }
    /// How many rows there are.
    public var endIndex: Int { rows.count }
    /// A row.
    public subscript(position: Int) -> QueryRow { rows[position] }
}

/// The columns that the rows of a result share, and the graph that they are of.
final class QueryHeader: @unchecked Sendable {
    let names: [String]
    /// Set once, before any other thread sees a row: this is why it may be unchecked.
    var graph: GraphStore?

    init(_ names: [String]) { self.names = names }

    /// Columns are few, and a table of them would have to be made for each result.
    func place(of name: String) -> Int? { names.firstIndex(of: name) }
}

/// One row of a result.
public struct QueryRow: Sendable {
    let header: QueryHeader
    /// The values, in the order of the columns.
    public let values: [QueryValue]

    init(_ header: QueryHeader, _ values: [QueryValue]) {
        self.header = header
        self.values = values
    }

    /// The names of the columns.
    public var columns: [String] { header.names }

    /// The value of a column; null when there is no such column.
    public subscript(column: String) -> QueryValue {
        header.place(of: column).map { values[$0] } ?? .null
    }

    /// The value of the column at a place, from 0.
    public subscript(place: Int) -> QueryValue { values[place] }

    /// The node in a column, as it is after the statement; nil when there is none.
    public func node(_ column: String) -> Node? {
        guard case .node(let id) = self[column] else { return nil }
        return node(id)
    }

    /// A node that a value of the row names, as it is after the statement; nil when there is none.
    public func node(_ id: NodeID) -> Node? { header.graph?.node(id) }

    /// The relationship in a column, as it is after the statement; nil when there is none.
    public func relationship(_ column: String) -> Relationship? {
        guard case .relationship(let id) = self[column] else { return nil }
        return relationship(id)
    }

    /// A relationship that a value of the row names, as it is after the statement; nil when there is none.
    public func relationship(_ id: RelationshipID) -> Relationship? {
        header.graph?.relationship(id)
    }
}
