// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

// The parts that events of graphs are made of.
extension EventEncoder {
    mutating func append(_ id: NodeID) { bytes.append(varint: id.rawValue) }

    mutating func append(_ id: RelationshipID) { bytes.append(varint: id.rawValue) }

    mutating func append(_ properties: Properties) {
        bytes.append(varint: UInt64(properties.count))
        for (key, value) in properties.sorted(by: { $0.key.utf8Precedes($1.key) }) {
            append(symbol: key)
            value.encode(into: &bytes)
        }
    }

    mutating func append(_ rule: SchemaRule) {
        append(rule.kind, rule.valueType, of: rule.label, rule.keys)
    }

    mutating func append(_ rule: RelationshipRule) {
        append(rule.kind, rule.valueType, of: rule.type, rule.keys)
    }

    private mutating func append(
        _ kind: RuleKind, _ type: ValueType?, of name: String, _ keys: [String]
    ) {
        bytes.append(varint: UInt64(kind.rawValue))
        bytes.append(varint: UInt64(type?.rawValue ?? 0))
        append(symbol: name)
        bytes.append(varint: UInt64(keys.count))
        for key in keys { append(symbol: key) }
    }
}

extension EventDecoder {
    mutating func rule() throws(FormatError) -> SchemaRule {
        let offset = bytes.offset
        let kind = try bytes.varint()
        let type = try bytes.varint()
        let label = try symbol()
        guard let rule = SchemaRule(kind, type, label: label, keys: try labels()) else {
            throw FormatError(code: .invalidValue, offset: offset)
        }
        return rule
    }

    mutating func relationshipRule() throws(FormatError) -> RelationshipRule {
        let offset = bytes.offset
        let kind = try bytes.varint()
        let valueType = try bytes.varint()
        let type = try symbol()
        guard let rule = RelationshipRule(kind, valueType, type: type, keys: try labels()) else {
            throw FormatError(code: .invalidValue, offset: offset)
        }
        return rule
    }

    mutating func nodeID() throws(FormatError) -> NodeID {
        NodeID(rawValue: try bytes.varint())
    }

    mutating func relationshipID() throws(FormatError) -> RelationshipID {
        RelationshipID(rawValue: try bytes.varint())
    }

    mutating func labels() throws(FormatError) -> [String] {
        let count = try bytes.count()
        var labels: [String] = []
        for _ in 0..<count { labels.append(try symbol()) }
        return labels
    }

    mutating func properties() throws(FormatError) -> Properties {
        let count = try bytes.count(byteCountEach: 2)
        guard count > 0 else { return [:] }
        var properties = Properties(minimumCapacity: min(count, 16))
        var last: String?
        for _ in 0..<count {
            let offset = bytes.offset
            let key = try symbol()
            if let last, !last.utf8Precedes(key) {
                throw FormatError(code: .nonCanonical, offset: offset)
            }
            let valueOffset = bytes.offset
            let value = try Value(from: &bytes)
            guard !value.isNull else { throw FormatError(code: .invalidValue, offset: valueOffset) }
            guard properties.updateValue(value, forKey: key) == nil else {
                throw FormatError(code: .duplicate, offset: offset)
            }
            last = key
        }
        return properties
    }
}
