// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// The columns of a CSV file, and how a row is read by them.
struct CSVLayout {
    /// The content of a row.
    struct Row {
        var labels: [String] = []
        var type: String?
        /// The properties that nodes are found by.
        var keys: Properties = [:]
        /// The other ones.
        var properties: Properties = [:]
        var start: Value?
        var end: Value?
        /// Whether each key has a value.
        var hasAllKeys = true
    }

    /// The header lacks a column.
    struct Missing: Error, CustomStringConvertible {
        let name: String
        var description: String { "the header has no column \(name)" }
    }

    /// The keys that nodes are found by.
    let keys: [String]
    private let columns: [CSVColumn]
    private let startColumn: Int?
    private let endColumn: Int?

    init(_ header: [String], _ content: CSVImport.Content, infers: Bool) throws {
        var columns: [CSVColumn] = []
        for name in header { columns.append(try CSVColumn(header: name, infers: infers)) }
        self.columns = columns
        func place(_ name: String) throws(Missing) -> Int {
            guard let place = header.firstIndex(of: name) else { throw Missing(name: name) }
            return place
        }
        switch content {
        case .nodes(_, let given):
            let names = columns.compactMap(\.key)
            for key in given where !names.contains(key) { throw Missing(name: key) }
            keys = given.isEmpty ? columns.filter(\.isKey).compactMap(\.key) : given
            (startColumn, endColumn) = (nil, nil)
        case .relationships(_, let from, let to):
            keys = []
            // Without a name or a kind the first two columns are the ends, as Kuzu has them.
            startColumn =
                try from.column.map { (name) throws(Missing) in try place(name) }
                ?? columns.firstIndex { $0.role == .start } ?? 0
            endColumn =
                try to.column.map { (name) throws(Missing) in try place(name) }
                ?? columns.firstIndex { $0.role == .end } ?? 1
            guard header.count > 1 else { throw Missing(name: ":END_ID") }
        }
    }

    /// Reads a row.
    ///
    /// - Throws: ``CSVRemarks/Refused`` when reading strictly.
    func row(
        _ fields: [CSVReader.Field], line: Int, isStrict: Bool, _ remarks: inout CSVRemarks
    ) throws -> Row {
        var row = Row()
        if fields.count != columns.count {
            _ = try remarks.note(.otherCount, line, isStrict)
        }
        for (index, (column, field)) in zip(columns, fields).enumerated() {
            guard let text = field.value else { continue }
            if index == startColumn || index == endColumn {
                let kind = column.kind ?? .text
                let value = kind.value(of: text) ?? .string(text)
                if index == startColumn { row.start = value } else { row.end = value }
                continue
            }
            switch column.role {
            case .property(let key, let kind):
                guard let value = Self.value(text, kind, isList: column.isList) else {
                    _ = try remarks.note(.notOfKind, line, isStrict)
                    continue
                }
                if keys.contains(key) { row.keys[key] = value } else { row.properties[key] = value }
            case .labels: row.labels = text.split(separator: ";").map(String.init)
            case .type: row.type = text
            case .start, .end, .ignored: break
            }
        }
        row.hasAllKeys = row.keys.count == keys.count
        return row
    }

    private static func value(
        _ text: String, _ kind: CSVColumn.Kind, isList: Bool
    ) -> Value? {
        guard isList else { return kind.value(of: text) }
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        let values = parts.compactMap { kind.value(of: String($0)) }
        return values.count == parts.count ? .list(values) : nil
    }
}

extension CSVColumn {
    /// The key of a property; nil for another column.
    var key: String? {
        if case .property(let key, _) = role { key } else { nil }
    }

    fileprivate var kind: Kind? {
        if case .property(_, let kind) = role { kind } else { nil }
    }
}

/// Input that an import took though it is not all there afterwards; printed at its end.
struct CSVRemarks {
    enum Reason: String, CaseIterable {
        case otherCount = "a row has more or fewer fields than the header"
        case notOfKind = "a value is not of the kind of its column"
        case missingKey = "a row has no value for a key"
        case missingType = "a relationship has no type"
        case missingEnd = "a relationship begins or ends at a node that is not there"
    }

    /// Reading strictly, a row is refused.
    struct Refused: Error, CustomStringConvertible {
        let reason: Reason
        let line: Int
        var description: String { "line \(line): \(reason.rawValue)" }
    }

    private var counts: [Reason: (count: Int, firstLine: Int)] = [:]

    /// Counts what was left out.
    ///
    /// - Returns: False, for a row that made nothing new.
    mutating func note(_ reason: Reason, _ line: Int, _ isStrict: Bool) throws(Refused) -> Bool {
        if isStrict { throw Refused(reason: reason, line: line) }
        let known = counts[reason]
        counts[reason] = ((known?.count ?? 0) + 1, known?.firstLine ?? line)
        return false
    }

    /// A sentence for each kind that there was.
    func sentences(_ reader: CSVReader) -> [String] {
        var sentences = Reason.allCases.compactMap { reason in
            counts[reason].map { entry in
                "\(counted(entry.count, "time")) \(reason.rawValue), first in line \(entry.firstLine); "
                    + "it was left out; --strict refuses such a file"
            }
        }
        if let first = reader.firstRemark {
            sentences.append(
                "\(counted(reader.remarkCount, "field")) not well-formed, the first in \(first); --strict refuses such "
                    + "a file")
        }
        return sentences
    }
}
