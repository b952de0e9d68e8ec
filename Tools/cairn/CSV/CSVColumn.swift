// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// The meaning of a column of a CSV file, as its header says it: `name`, `size:int`, `id:ID`, `:LABEL`, `:START_ID`, as the
/// import of Neo4j has them.
struct CSVColumn: Equatable {
    enum Role: Equatable {
        case property(key: String, Kind)
        /// Several labels, with `;` between them.
        case labels
        /// The type of a relationship.
        case type
        /// The key of the node that a relationship begins or ends at.
        case start, end
        case ignored
    }

    /// The kind of the values of a property.
    enum Kind: String {
        case text = "string"
        case int, float, boolean
        /// A number or a truth value where the text is one, else text.
        case inferred
    }

    /// A header has a column that is not known.
    struct Unknown: Error, CustomStringConvertible {
        let header: String
        var description: String {
            "the column \(header) is of no kind that is known: string, int, long, float, double, boolean, "
                + "ID, LABEL, TYPE, START_ID, END_ID, IGNORE, and [] behind a kind for lists"
        }
    }

    let role: Role
    /// Whether values are lists, with `;` between their elements.
    let isList: Bool
    /// Whether nodes are found by it.
    let isKey: Bool

    /// - Parameter infers: Whether kinds that are not said follow from the values.
    init(header: String, infers: Bool) throws(Unknown) {
        guard let colon = header.lastIndex(of: ":") else {
            role = .property(key: header, infers ? .inferred : .text)
            (isList, isKey) = (false, false)
            return
        }
        let key = String(header[..<colon])
        var kind = header[header.index(after: colon)...]
        isList = kind.hasSuffix("[]")
        if isList { kind = kind.dropLast(2) }
        // The name of a space of ids, in parentheses, tells nothing: ends are found by label and key.
        if kind.hasSuffix(")"), let open = kind.firstIndex(of: "(") { kind = kind[..<open] }
        isKey = kind.uppercased() == "ID"
        switch kind.uppercased() {
        case "ID": role = .property(key: key.isEmpty ? "id" : key, .text)
        case "LABEL": role = .labels
        case "TYPE": role = .type
        case "START_ID": role = .start
        case "END_ID": role = .end
        case "IGNORE": role = .ignored
        case "STRING", "CHAR": role = .property(key: key, .text)
        case "INT", "LONG", "SHORT", "BYTE", "INTEGER": role = .property(key: key, .int)
        case "FLOAT", "DOUBLE": role = .property(key: key, .float)
        case "BOOLEAN", "BOOL": role = .property(key: key, .boolean)
        default: throw Unknown(header: header)
        }
    }
}

extension CSVColumn.Kind {
    /// The value that a text stands for; nil when it stands for none of this kind.
    func value(of text: String) -> Value? {
        switch self {
        case .text: return .string(text)
        case .int: return Int64(text.trimmed).map(Value.int)
        case .float: return Double(text.trimmed).map(Value.double)
        case .boolean: return Self.truth(text.trimmed.lowercased())
        case .inferred:
            // What would not be written the same way again is text: a leading zero, a plus sign.
            if let number = Int64(text), String(number) == text { return .int(number) }
            if let first = text.utf8.first, first == 0x2D || (0x30...0x39).contains(first),
                text.utf8.contains(where: { $0 == 0x2E || $0 == 0x65 || $0 == 0x45 }),
                let number = Double(text), number.isFinite
            {
                return .double(number)
            }
            return Self.truth(text) ?? .string(text)
        }
    }

    private static func truth(_ text: String) -> Value? {
        text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
