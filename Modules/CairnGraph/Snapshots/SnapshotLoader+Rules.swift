// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension SnapshotLoader {
    mutating func readRules(_ reader: inout ByteReader) throws(FormatError) {
        while !reader.isAtEnd {
            let offset = reader.offset
            let label = try names.readLabel(&reader)
            let record = try readRule(of: label, &reader)
            guard
                let rule = SchemaRule(
                    record.kind, record.valueType, label: store.labels[label],
                    keys: record.keys.map { store.keys[$0] })
            else { throw FormatError(code: .invalidValue, offset: offset) }
            lastRule = try record.numbers(after: lastRule, at: offset)
            do {
                try store.create(rule)
            } catch {
                throw FormatError(code: .invalidValue, offset: offset)
            }
        }
    }

    mutating func readRelationshipRules(_ reader: inout ByteReader) throws(FormatError) {
        while !reader.isAtEnd {
            let offset = reader.offset
            let type = try names.readType(&reader)
            let record = try readRule(of: type, &reader)
            guard
                let rule = RelationshipRule(
                    record.kind, record.valueType, type: store.types[type],
                    keys: record.keys.map { store.keys[$0] })
            else { throw FormatError(code: .invalidValue, offset: offset) }
            lastRelationshipRule = try record.numbers(after: lastRelationshipRule, at: offset)
            do {
                try store.create(rule)
            } catch {
                throw FormatError(code: .invalidValue, offset: offset)
            }
        }
    }

    /// Reads what is behind the number of a label or a type.
    private mutating func readRule(
        of name: UInt32, _ reader: inout ByteReader
    ) throws(FormatError) -> RuleRecord {
        var record = RuleRecord(
            name: name, kind: try reader.varint(), valueType: try reader.varint())
        let count = try reader.count()
        for _ in 0..<count { record.keys.append(try names.readKey(&reader)) }
        return record
    }
}

/// A rule as a snapshot has it.
private struct RuleRecord {
    let name: UInt32
    let kind: UInt64
    let valueType: UInt64
    var keys: [UInt32] = []

    /// The numbers of a rule that there can be, which come behind those of the rule before.
    func numbers(after last: [UInt32], at offset: Int) throws(FormatError) -> [UInt32] {
        let numbers = [name, UInt32(kind), UInt32(valueType), UInt32(keys.count)] + keys
        guard last.lexicographicallyPrecedes(numbers) else {
            throw FormatError(code: last == numbers ? .duplicate : .nonCanonical, offset: offset)
        }
        return numbers
    }
}
