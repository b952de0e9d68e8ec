// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// One line of a graph in JSON Lines, complete, with no field too many.
struct JSONLine {
    enum Kind: String {
        case node, relationship, rule
    }

    /// An id and where it stands.
    struct Number {
        var number: UInt64
        var offset: Int
    }

    let kind: Kind
    private(set) var id = Number(number: 0, offset: 0)
    private(set) var rule: Rule?
    private(set) var labels: [String] = []
    private(set) var type = ""
    private(set) var from = Number(number: 0, offset: 0)
    private(set) var to = Number(number: 0, offset: 0)
    private(set) var properties: Properties = [:]

    private static let nodeFields: Set = ["kind", "id", "labels", "properties"]
    private static let relationshipFields: Set = ["kind", "id", "type", "from", "to", "properties"]
    private static let ruleFields: Set = ["kind", "rule", "label", "relationship", "keys", "type"]

    /// Reads a line, which must end with the object.
    init(_ scanner: inout JSONScanner) throws(JSONScanner.Problem) {
        var offsets: [String: Int] = [:]
        var kind: String?
        var kindOffset = 0
        var numbers: [String: Number] = [:]
        var labels: [String] = []
        var texts: [String: String] = [:]
        var properties: Properties = [:]
        try scanner.forEachField { (scanner, name, offset) throws(JSONScanner.Problem) in
            guard offsets.updateValue(offset, forKey: name) == nil else {
                throw JSONScanner.Problem(code: .duplicateKey, offset: offset, name: name)
            }
            scanner.skipBlanks()
            let start = scanner.offset
            switch name {
            case "kind":
                kind = try scanner.string(name)
                kindOffset = start
            case "id", "from", "to":
                numbers[name] = Number(number: try scanner.unsigned(name), offset: start)
            case "type", "rule", "label", "relationship": texts[name] = try scanner.string(name)
            case "labels", "keys":
                guard scanner.peek() == UInt8(ascii: "[") else {
                    throw JSONScanner.Problem(code: .wrongType, offset: start, name: name)
                }
                try scanner.forEachElement { (scanner) throws(JSONScanner.Problem) in
                    labels.append(try scanner.string(name))
                }
            case "properties":
                guard scanner.peek() == UInt8(ascii: "{") else {
                    throw JSONScanner.Problem(code: .wrongType, offset: start, name: name)
                }
                properties = try scanner.properties()
            default: throw JSONScanner.Problem(code: .unknownField, offset: offset, name: name)
            }
        }
        guard scanner.isAtEnd() else {
            throw JSONScanner.Problem(code: .syntax, offset: scanner.offset)
        }
        func missing(_ name: String) -> JSONScanner.Problem {
            JSONScanner.Problem(code: .missingField, offset: 0, name: name)
        }
        guard let kind else { throw missing("kind") }
        guard let known = Kind(rawValue: kind) else {
            throw JSONScanner.Problem(code: .unknownKind, offset: kindOffset, name: kind)
        }
        let fields =
            switch known {
            case .node: Self.nodeFields
            case .relationship: Self.relationshipFields
            case .rule: Self.ruleFields
            }
        if let (name, offset) = offsets.filter({ !fields.contains($0.key) }).min(by: {
            $0.value < $1.value
        }) {
            throw JSONScanner.Problem(code: .unknownField, offset: offset, name: name)
        }
        self.kind = known
        guard known != .rule else {
            rule = try Rule(texts, keys: offsets["keys"] == nil ? nil : labels, offsets)
            return
        }
        guard let id = numbers["id"] else { throw missing("id") }
        self.id = id
        self.labels = labels
        self.properties = properties
        guard known == .relationship else { return }
        guard let type = texts["type"] else { throw missing("type") }
        guard let from = numbers["from"] else { throw missing("from") }
        guard let to = numbers["to"] else { throw missing("to") }
        self.type = type
        self.from = from
        self.to = to
    }
}

extension JSONLine {
    /// Adds what was taken out of the text of a long line.
    mutating func add(_ shortener: inout LineShortener) throws(JSONScanner.Problem) {
        labels += shortener.labels
        try shortener.add(properties, at: 0)
        properties = shortener.properties
    }

    /// A constraint or an index.
    enum Rule {
        case unique(label: String, key: String)
        case schema(SchemaRule)
        case relationships(RelationshipRule)

        /// The rule that these fields make up.
        init(
            _ texts: [String: String], keys: [String]?, _ offsets: [String: Int]
        ) throws(JSONScanner.Problem) {
            func problem(_ code: ExchangeError.Code, _ name: String) -> JSONScanner.Problem {
                JSONScanner.Problem(code: code, offset: offsets[name] ?? 0, name: name)
            }
            guard let name = texts["rule"] else { throw problem(.missingField, "rule") }
            let relationship = texts["relationship"]
            if let label = texts["label"] {
                if relationship != nil { throw problem(.unknownField, "relationship") }
                guard let keys else { throw problem(.missingField, "keys") }
                let oneKey: Set = ["unique", "existence", "type"]
                let type = try Self.valueType(name, texts, keys, oneKey: oneKey, problem)
                switch (name, type) {
                case ("unique", _): self = .unique(label: label, key: keys[0])
                case ("existence", _): self = .schema(.existence(label: label, key: keys[0]))
                case ("type", let type?): self = .schema(.type(label: label, key: keys[0], type))
                case ("key", _): self = .schema(.key(label: label, keys: keys))
                case ("index", _): self = .schema(.index(label: label, keys: keys))
                default: throw problem(.wrongType, "rule")
                }
                return
            }
            guard let relationship else { throw problem(.missingField, "label") }
            guard let keys else { throw problem(.missingField, "keys") }
            let oneKey: Set = ["existence", "type"]
            let type = try Self.valueType(name, texts, keys, oneKey: oneKey, problem)
            let rule: RelationshipRule
            switch (name, type) {
            case ("existence", _): rule = .existence(type: relationship, key: keys[0])
            case ("type", let type?):
                rule = .valueType(type: relationship, key: keys[0], type)
            case ("key", _): rule = .key(type: relationship, keys: keys)
            case ("index", _): rule = .index(type: relationship, keys: keys)
            case ("unique", _): rule = .unique(type: relationship, keys: keys)
            default: throw problem(.wrongType, "rule")
            }
            self = .relationships(rule)
        }

        /// The type of values that a rule demands, which one about types has and no other one.
        ///
        /// - Parameter oneKey: The rules that have one key.
        private static func valueType(
            _ rule: String, _ texts: [String: String], _ keys: [String], oneKey: Set<String>,
            _ problem: (ExchangeError.Code, String) -> JSONScanner.Problem
        ) throws(JSONScanner.Problem) -> ValueType? {
            let name = texts["type"]
            if rule != "type", name != nil { throw problem(.unknownField, "type") }
            if oneKey.contains(rule), keys.count != 1 { throw problem(.wrongType, "keys") }
            guard rule == "type" else { return nil }
            guard let name else { throw problem(.missingField, "type") }
            guard let type = ValueType(name: name) else { throw problem(.wrongType, "type") }
            return type
        }
    }
}

extension JSONScanner.Problem {
    /// The error for a line that the graph refused.
    init(_ cause: GraphError) {
        self.init(code: .refused, offset: 0, cause: cause)
    }
}
