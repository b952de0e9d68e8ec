// SPDX-License-Identifier: Apache-2.0

import CairnQuery

/// Reads a procedure that a scenario declares: its signature, and a table of what it gives for which arguments.
enum ProcedureReader {
    /// `test.my.proc(name :: STRING?, in :: INTEGER?) :: (out :: STRING?):`
    static func procedure(_ text: String, _ table: [[String]]) -> QueryProcedure? {
        guard let open = text.firstIndex(of: "("),
            let close = text[open...].firstIndex(of: ")"),
            let secondOpen = text[close...].firstIndex(of: "("),
            let end = text[secondOpen...].firstIndex(of: ")")
        else { return nil }
        let parameters = fields(text[text.index(after: open)..<close])
        let results = fields(text[text.index(after: secondOpen)..<end])
        guard let parameters, let results else { return nil }
        var rows: [[QueryValue]] = []
        for row in table.dropFirst() {
            let values = row.compactMap { CellParser.parse($0)?.parameter }
            guard values.count == parameters.count + results.count else { return nil }
            rows.append(values)
        }
        let name = String(text[..<open])
        return QueryProcedure(name, parameters: parameters, results: results) { [rows] arguments in
            rows.filter { Array($0.prefix(arguments.count)) == arguments }
                .map { Array($0.dropFirst(arguments.count)) }
        }
    }

    private static func fields(_ text: Substring) -> [QueryProcedure.Field]? {
        var fields: [QueryProcedure.Field] = []
        for part in text.split(separator: ",") {
            let words = part.split(separator: " ")
            guard words.count == 3, let kind = kind(words[2]) else { return nil }
            fields.append(QueryProcedure.Field(String(words[0]), kind))
        }
        return fields
    }

    private static func kind(_ text: Substring) -> QueryProcedure.Kind? {
        switch text.prefix(while: { $0 != "?" }) {
        case "STRING": .string
        case "INTEGER": .integer
        case "FLOAT": .float
        case "NUMBER": .number
        case "BOOLEAN": .boolean
        default: .any
        }
    }
}
