// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// Names and values in two aligned columns.
struct TextTable {
    private var rows: [(name: String, value: String)] = []

    /// Adds a row. Its texts are made visible here already, because that changes their width.
    mutating func add(_ name: String, _ value: String) {
        rows.append((name.visible, value.visible))
    }

    /// Adds a row that stands a step further to the right.
    mutating func add(indented name: String, _ value: String) { add("  " + name, value) }

    /// A line for each row.
    var lines: [String] {
        let width = rows.map(\.name.count).max() ?? 0
        return rows.map { row in
            let padding = String(repeating: " ", count: width - row.name.count)
            return row.value.isEmpty ? row.name : "\(row.name)\(padding)  \(row.value)"
        }
    }
}
