// SPDX-License-Identifier: Apache-2.0

internal import Cairn
internal import CairnQuery

/// Runs statements on a database and prints what they give.
struct StatementRunner {
    let database: GraphDatabase
    /// Whether statements may change the graph.
    let isWriting: Bool
    let format: RowFormat
    let limits: QueryLimits

    /// Runs a statement and prints its rows, the plan of one that is profiled, and what it has changed.
    ///
    /// Rows of a statement that reads are printed while they are computed; those of one that writes when it is durable.
    func run(_ query: Query) throws {
        var output = StandardOutput()
        var printer = RowPrinter(format)
        if isWriting {
            let result = try database.write(query: query, limits: limits).value
            try printer.begin(result.columns, &output)
            for row in result { try printer.add(row, &output) }
            try printer.end(&output)
            let isExplained =
                result.columns == ["plan"] && result.map({ $0[0].text }) == result.plan
            try finish(plan: isExplained ? [] : result.plan, result.changes, &output)
        } else {
            let cursor = try cursor(query)
            try printer.begin(cursor.columns, &output)
            while let row = try cursor.next() { try printer.add(row, &output) }
            try printer.end(&output)
            try finish(plan: cursor.isProfiled ? cursor.plan : [], cursor.changes, &output)
        }
        try output.flush()
    }

    /// The statement changes the graph, which was not allowed.
    private struct NotAllowed: Error, CustomStringConvertible {
        let error: QueryError
        var description: String { "\(error); --write allows it" }
    }

    private func cursor(_ query: Query) throws -> QueryCursor {
        do {
            return try database.queryEngine.cursor(query, on: database.view(), limits: limits)
        } catch  where error.code == .readOnly {
            throw NotAllowed(error: error)
        }
    }

    private func finish(
        plan: [String], _ changes: QueryChanges, _ output: inout StandardOutput
    ) throws {
        if format == .json {
            if !plan.isEmpty {
                try output.line(JSONValue.object(["plan": .array(plan.map(JSONValue.string))]))
            }
            if changes != QueryChanges() {
                try output.line(JSONValue.object(["changes": changes.json]))
            }
        } else if format == .table {
            for line in plan { try output.line(line) }
            if changes != QueryChanges() { try output.line(changes.sentence) }
        }
    }
}

extension QueryChanges {
    private var counts: [(name: String, key: String, count: Int)] {
        [
            ("node created", "createdNodes", createdNodeCount),
            ("node deleted", "deletedNodes", deletedNodeCount),
            ("relationship created", "createdRelationships", createdRelationshipCount),
            ("relationship deleted", "deletedRelationships", deletedRelationshipCount),
            ("property set", "setProperties", setPropertyCount),
            ("label added", "addedLabels", addedLabelCount),
            ("label removed", "removedLabels", removedLabelCount),
            ("rule changed", "changedRules", ruleCount),
        ]
    }

    /// The counts that are not zero, by name.
    fileprivate var json: JSONValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: counts.filter { $0.count != 0 }.map {
                    ($0.key, JSONValue.count($0.count))
                }))
    }

    /// `2 nodes created, 1 property set`
    var sentence: String {
        counts.filter { $0.count != 0 }.map { entry in
            let words = entry.name.split(separator: " ")
            let noun = entry.count == 1 ? String(words[0]) : Self.plural(String(words[0]))
            return "\(grouped(entry.count)) \(noun) \(words[1])"
        }.joined(separator: ", ")
    }

    private static func plural(_ noun: String) -> String {
        noun.hasSuffix("y") ? noun.dropLast() + "ies" : noun + "s"
    }
}
