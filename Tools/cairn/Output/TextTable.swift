// SPDX-License-Identifier: Apache-2.0

/// Names and values in two aligned columns.
struct TextTable {
    private var rows: [(name: String, value: String)] = []

    /// Adds a row.
    mutating func add(_ name: String, _ value: String) { rows.append((name, value)) }

    /// Adds a row that stands a step further to the right.
    mutating func add(indented name: String, _ value: String) { add("  " + name, value) }

    /// The rows, without a newline at the end.
    var text: String {
        let width = rows.map(\.name.count).max() ?? 0
        return rows.map { row in
            let padding = String(repeating: " ", count: width - row.name.count)
            return row.value.isEmpty ? row.name : "\(row.name)\(padding)  \(row.value)"
        }.joined(separator: "\n")
    }
}
