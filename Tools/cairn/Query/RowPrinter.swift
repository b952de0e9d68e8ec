// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO
internal import CairnQuery
internal import SystemPackage

/// Prints rows as they come. A table takes its widths from the first rows, and its lines are as long as the terminal.
struct RowPrinter {
    private let format: RowFormat
    /// How many characters a line may have; nil where there is no terminal.
    private let columnCount: Int?
    private var columns: [String] = []
    private var waiting: [[String]] = []
    private var widths: [Int]?
    private var rowCount = 0

    /// Rows whose widths are looked at.
    private static let measuredCountMax = 1000

    init(_ format: RowFormat) {
        self.init(
            format,
            columnCount: ProcessFacts.terminalColumnCount(
                descriptor: FileDescriptor.standardOutput.rawValue))
    }

    init(_ format: RowFormat, columnCount: Int?) {
        self.format = format
        self.columnCount = columnCount
    }

    mutating func begin(_ columns: [String], _ output: inout StandardOutput) throws {
        self.columns = columns
        if format == .csv, !columns.isEmpty {
            try output.exactLine(CSV.line(columns))
        }
    }

    mutating func add(_ row: QueryRow, _ output: inout StandardOutput) throws {
        rowCount += 1
        switch format {
        case .json: try output.line(row.json)
        case .csv: try output.exactLine(CSV.line(row.values.map { row.exactText(of: $0) }))
        case .table:
            // Visible already, because that changes widths.
            let cells = row.values.map { row.text(of: $0).visible }
            if widths != nil { return try printLine(cells, &output) }
            waiting.append(cells)
            if waiting.count == Self.measuredCountMax { try printWaiting(&output) }
        }
    }

    mutating func end(_ output: inout StandardOutput) throws {
        guard format == .table, !columns.isEmpty else { return }
        if widths == nil { try printWaiting(&output) }
        try output.line(counted(rowCount, "row"))
    }

    private mutating func printWaiting(_ output: inout StandardOutput) throws {
        let names = columns.map(\.visible)
        var natural = names.map(\.count)
        for cells in waiting {
            for (index, cell) in cells.enumerated() {
                natural[index] = max(natural[index], cell.count)
            }
        }
        let widths = Self.widths(natural, columnCount: columnCount)
        self.widths = widths
        try printLine(names, &output)
        try output.line(
            widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "))
        for cells in waiting { try printLine(cells, &output) }
        waiting = []
    }

    private func printLine(_ cells: [String], _ output: inout StandardOutput) throws {
        let line = zip(cells, widths ?? []).map { cell, width in
            let shown =
                columnCount != nil && cell.count > width
                ? cell.prefix(max(0, width - 1)) + "\u{2026}" : cell[...]
            return shown + String(repeating: " ", count: max(0, width - shown.count))
        }.joined(separator: "  ")
        try output.line(String(line.reversed().drop { $0 == " " }.reversed()))
    }

    /// Widths that fit a line: the widest columns give way first, down to the width of the others.
    ///
    /// - Parameter columnCount: How many characters a line may have; nil for any number.
    static func widths(_ natural: [Int], columnCount: Int?) -> [Int] {
        guard let columnCount, !natural.isEmpty else { return natural }
        let room = columnCount - 1 - 2 * (natural.count - 1)
        guard natural.reduce(0, +) > room else { return natural }
        // The largest limit under which all fit.
        var (low, high) = (1, natural.max() ?? 1)
        while low < high {
            let middle = (low + high + 1) / 2
            let sum = natural.reduce(0) { $0 + min($1, middle) }
            if sum <= room { low = middle } else { high = middle - 1 }
        }
        return natural.map { min($0, low) }
    }
}

/// Rows as RFC 4180 has them.
enum CSV {
    /// A line without its end.
    static func line(_ fields: [String]) -> String {
        // A line with one empty field would be an empty line.
        if fields == [""] { return "\"\"" }
        return fields.map { field in
            guard field.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else {
                return field
            }
            return "\"" + field.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",")
    }
}
