// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import CairnQuery
import Foundation

/// Answers statements that another program asks, on a graph that it describes: `Tools/tck/differ` compares the rows with those of
/// other engines.
///
/// A line of standard input is an object with the statements that make a graph (`setup`) and the questions on it (`queries`);
/// standard output gets a line with an answer for each: `columns` and `rows`, whose values are in the form of cells, or `error`.
struct AnswerService {
    private struct Request: Decodable {
        let setup: [String]
        let queries: [String]
    }

    private struct Answer: Encodable {
        var columns: [String]?
        var rows: [[String]]?
        var error: String?
    }

    /// Answers until the input ends.
    ///
    /// - Throws: `DecodingError` for a line of another form, ``QueryError`` when a graph cannot be made.
    func run() throws {
        while let line = readLine() {
            let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
            var graph = GraphStore()
            for statement in request.setup { try graph.execute(Query(statement)) }
            let answers = request.queries.map { answer($0, graph) }
            print(String(decoding: try JSONEncoder().encode(answers), as: UTF8.self))
            fflush(nil)
        }
    }

    private func answer(_ text: String, _ graph: GraphStore) -> Answer {
        do throws(QueryError) {
            let limits = QueryLimits(timeout: .seconds(20))
            let result = try QueryEngine.standard.query(Query(text), on: graph, limits: limits)
            let rows = result.map { row in row.values.map { Cell($0, in: graph).form() } }
            return Answer(columns: result.columns, rows: rows)
        } catch {
            return Answer(error: "\(error)")
        }
    }
}
