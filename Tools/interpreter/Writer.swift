// SPDX-License-Identifier: Apache-2.0
//
// Writes a value by the declaration alone. What the declaration determines is computed and not taken from the
// value: checksums, byte counts, counts of lists, padding, and fields that a check says the value of.
//
// - It knows no format and nothing of the codecs; what it writes is read back before it counts.
// - It cannot take apart what a formula put together: a type whose result is more than one of its names, and
//   what is inflated.

import CairnFormat

/// Why a value cannot be written.
package struct WritingFailure: Error, CustomStringConvertible {
    /// One sentence.
    package let description: String
}

/// Writes one value.
package final class Writer {
    private let format: ResolvedFormat
    /// Evaluates formulas over what was written so far.
    private let reader: Reader
    private var values: [DynamicValue.Object] = []

    /// A writer.
    ///
    /// - Parameter byteCount: For formats that are read from their end, how many bytes it will be; else 0.
    package init(_ format: ResolvedFormat, byteCount: Int = 0) {
        self.format = format
        reader = Reader(format, [UInt8](repeating: 0, count: byteCount))
    }

    /// The bytes of a value.
    package func write(
        _ value: DynamicValue, context: [String: DynamicValue] = [:]
    ) throws(WritingFailure) -> [UInt8] {
        let outer = Scope(parent: nil, start: 0)
        for known in format.reading.context {
            outer.declare(
                known.name, context[known.name] ?? reader.evaluate(known.unknown, outer),
                isShown: false)
        }
        _ = try write(type: format.reading.root, value, [], outer)
        return reader.input
    }

    private func failure(_ sentence: String) -> WritingFailure {
        WritingFailure(description: "\(format.name): \(sentence)")
    }

    // MARK: Types

    private func write(
        type name: String, _ value: DynamicValue, _ arguments: [(String, DynamicValue)],
        _ parent: Scope
    ) throws(WritingFailure) -> DynamicValue {
        guard let type = format.types[name] else { throw failure("there is no type \(name)") }
        let scope = Scope(parent: parent, start: reader.position)
        for (name, value) in arguments { scope.declare(name, value, isShown: false) }
        var object = try members(of: value, type)
        object = lengths(object, type.steps)
        values.append(object)
        defer { values.removeLast() }
        for step in type.steps { try write(step, type, scope) }
        return type.result.map { reader.evaluate($0, scope) }
            ?? .object(.init(members: scope.members))
    }

    /// The value as an object of the names in a type.
    private func members(
        of value: DynamicValue, _ type: TypeDescription
    ) throws(WritingFailure) -> DynamicValue.Object {
        guard let result = type.result else {
            if case .object(let object) = value {
                return .init(members: object.members.filter(\.isShown))
            }
            return DynamicValue.Object()
        }
        guard case .name(let name) = format.expression(result) else {
            throw failure("\(type.name) cannot be taken apart")
        }
        return .init(members: [.init(name: name, value: value, isShown: true)])
    }

    /// Puts in the counts that follow from what is counted, also in objects that were read before.
    private func lengths(_ object: DynamicValue.Object, _ steps: [Step]) -> DynamicValue.Object {
        var object = object
        for step in steps.flatMap(\.everything) {
            switch step {
            case .field(let name, .bytes(let count), _, _),
                .field(let name, .text(let count), _, _):
                guard let bytes = object[name]?.raw else { continue }
                object.put(Int128(bytes.count), at: format.expression(count).path)
            case .loop(let name, .times(let count), _, _):
                guard let list = object[name]?.list else { continue }
                object.put(Int128(list.count), at: format.expression(count).path)
            default: break
            }
        }
        return object
    }

    // MARK: Steps

    private func write(
        _ step: Step, _ type: TypeDescription, _ scope: Scope
    ) throws(WritingFailure) {
        switch step {
        case .layout(let layout, let after):
            for field in layout.fields where field.offset >= after {
                let kind: FieldKind =
                    field.type == "bytes"
                    ? .bytes("\(field.byteCount)") : .unsigned(byteCount: field.byteCount)
                try write(field.name, kind, type, scope)
            }
        case .field(let name, let kind, _, _): try write(name, kind, type, scope)
        case .check(let check): check.checksum.map { sum(check, $0, scope) }
        case .define(let name, let value, _), .variable(let name, let value, _):
            scope.declare(name, reader.evaluate(value, scope), isShown: false)
        case .assign(let name, let value): scope.assign(name, reader.evaluate(value, scope))
        case .when(let condition, let steps, let otherwise):
            let isTrue = reader.evaluate(condition, scope).isTrue
            for step in isTrue ? steps : otherwise { try write(step, type, scope) }
        case .select(let tag, _, _, let cases):
            let tag = reader.evaluate(tag, scope).int.flatMap { UInt64(exactly: $0) }
            let chosen = cases.first { $0.tags.contains { $0 == tag } }
            for step in chosen?.steps ?? [] { try write(step, type, scope) }
        case .loop(let name, _, let kind, _):
            if scope.members.contains(where: { $0.name == name }) == false {
                scope.declare(name, .list([]), isShown: true)
            }
            for element in values.last?[name]?.list ?? [] {
                scope.append(try write(kind, element, scope), to: name)
            }
        case .each(let name, let list, let steps):
            for element in reader.evaluate(list, scope).list ?? [] {
                scope.declare(name, element, isShown: false)
                for step in steps { try write(step, type, scope) }
            }
        case .window(let from, let to, let steps):
            let (position, end) = (reader.position, reader.end)
            guard let from = reader.integer(from, scope), let to = reader.integer(to, scope) else {
                throw failure("a window of \(type.name) has no place")
            }
            (reader.position, reader.end) = (from, to)
            for step in steps { try write(step, type, scope) }
            (reader.position, reader.end) = (position, end)
        case .seek(let place):
            guard let place = reader.integer(place, scope) else {
                throw failure("\(type.name) goes on nowhere")
            }
            reader.position = place
        case .inflate(let inflation): throw failure("\(inflation.name) is inflated")
        case .deliver: break
        }
    }

    private func write(
        _ name: String, _ kind: FieldKind, _ type: TypeDescription, _ scope: Scope
    ) throws(WritingFailure) {
        let given = values.last?[name] ?? determined(name, type, scope)
        let value: DynamicValue
        if let given { value = given } else { value = try blank(name, kind, type, scope) }
        scope.declare(name, try write(kind, value, scope), isShown: true)
    }

    /// What a check says that a field is.
    private func determined(
        _ name: String, _ type: TypeDescription, _ scope: Scope
    ) -> DynamicValue? {
        for check in type.steps.flatMap(\.everything).compactMap(\.checked)
        where check.checksum == nil {
            for (left, right) in format.expression(check.formula).equalities where left == name {
                let value = reader.evaluate(right, scope)
                if value != .none { return value }
            }
        }
        return nil
    }

    /// Zeros for a checksum, which is computed later, and for padding.
    private func blank(
        _ name: String, _ kind: FieldKind, _ type: TypeDescription, _ scope: Scope
    ) throws(WritingFailure) -> DynamicValue {
        switch kind {
        case .unsigned where type.isChecksum(name): return .int(0)
        case .bytes(let count):
            let count = reader.integer(count, scope) ?? -1
            guard count >= 0 else { break }
            return .bytes([UInt8](repeating: 0, count: count))
        case .type, .named: return .object(DynamicValue.Object())
        default: break
        }
        throw failure("nothing says what \(type.name).\(name) is")
    }

    // MARK: Bytes

    private func write(
        _ kind: FieldKind, _ value: DynamicValue, _ scope: Scope
    ) throws(WritingFailure) -> DynamicValue {
        switch kind {
        case .unsigned(let count):
            let number = value.int ?? 0
            put((0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * Int128($0))) })
        case .varint, .count: put(Self.varint(UInt64(truncatingIfNeeded: value.int ?? 0)))
        case .zigzag:
            let number = Int64(truncatingIfNeeded: value.int ?? 0)
            put(Self.varint(UInt64(bitPattern: number << 1 ^ number >> 63)))
        case .bytes, .text: put(value.raw ?? [])
        case .type(let name, let arguments):
            return try write(
                type: name, value, arguments.map { ($0.name, reader.evaluate($0.value, scope)) },
                scope)
        case .named(let formula, let arguments):
            let name = String(decoding: reader.evaluate(formula, scope).raw ?? [], as: UTF8.self)
            return try write(
                type: name, value, arguments.map { ($0.name, reader.evaluate($0.value, scope)) },
                scope)
        }
        return value
    }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private func put(_ bytes: [UInt8]) {
        let end = reader.position + bytes.count
        if end > reader.input.count {
            let missing = end - reader.input.count
            reader.input += [UInt8](repeating: 0, count: missing)
            reader.end = max(reader.end, end)
        }
        for (index, byte) in bytes.enumerated() { reader.input[reader.position + index] = byte }
        reader.position = end
    }

    /// Computes a checksum and puts it where it belongs.
    private func sum(_ check: Check, _ checksum: Check.Checksum, _ scope: Scope) {
        guard let from = reader.integer(checksum.from, scope),
            let to = reader.integer(checksum.to, scope), from >= 0, from <= to,
            to + 4 <= reader.input.count
        else { return }
        let seed = UInt32(truncatingIfNeeded: reader.evaluate(checksum.seed, scope).int ?? 0)
        let sum = SlowCRC32C.checksum(Array(reader.input[from..<to]), seed: seed)
        for index in 0..<4 {
            reader.input[to + index] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(index)))
        }
        scope.replace(checksum.field, .int(Int128(sum)))
    }
}

extension Writer {
    /// A value without everything that the declaration determines.
    package static func stripped(
        _ value: DynamicValue, _ type: String, _ format: ResolvedFormat
    ) -> DynamicValue {
        guard case .object(let object) = value, let declared = format.types[type],
            declared.result == nil
        else { return value }
        let steps = declared.steps.flatMap(\.everything)
        var dropped: Set<String> = []
        var nested: [(String, String)] = []
        for step in steps {
            switch step {
            case .check(let check):
                if let checksum = check.checksum { dropped.insert(checksum.field) }
                if check.checksum == nil {
                    dropped.formUnion(format.expression(check.formula).equalities.map(\.0))
                }
            case .field(_, .bytes(let count), _, _), .field(_, .text(let count), _, _),
                .loop(_, .times(let count), _, _):
                let path = format.expression(count).path
                if path.count == 1 { dropped.insert(path[0]) }
                if path.count == 2 { nested.append((path[0], path[1])) }
            default: break
            }
            if case .field(let name, .bytes(let count), _, _) = step,
                case let expression = format.expression(count), expression.path.isEmpty,
                !expression.asksForSize, expression.isComputed
            {
                dropped.insert(name)
            }
        }
        let kinds = Dictionary(steps.compactMap(\.read)) { first, _ in first }
        return .object(
            .init(
                members: object.members.compactMap { member in
                    guard member.isShown, !dropped.contains(member.name) else { return nil }
                    var value = member.value
                    if case .type(let inner, _)? = kinds[member.name] {
                        value =
                            value.list.map { .list($0.map { stripped($0, inner, format) }) }
                            ?? stripped(value, inner, format)
                    }
                    for (outer, inner) in nested where outer == member.name {
                        if case .object(var object) = value {
                            object.members.removeAll { $0.name == inner }
                            value = .object(object)
                        }
                    }
                    return .init(name: member.name, value: value, isShown: member.isShown)
                }))
    }
}

extension DynamicValue.Object {
    /// Sets a number by the names on the way to it.
    fileprivate mutating func put(_ number: Int128, at path: [String]) {
        guard let first = path.first else { return }
        let index = members.firstIndex { $0.name == first }
        var value = DynamicValue.int(number)
        if path.count > 1 {
            guard let index, case .object(var inner) = members[index].value else { return }
            inner.put(number, at: Array(path.dropFirst()))
            value = .object(inner)
        }
        if let index {
            members[index].value = value
        } else {
            members.append(.init(name: first, value: value, isShown: true))
        }
    }
}

extension TypeDescription {
    /// Whether a field is the checksum of one of the checks.
    fileprivate func isChecksum(_ name: String) -> Bool {
        steps.flatMap(\.everything).contains { $0.checked?.checksum?.field == name }
    }
}

extension Step {
    /// This step and all within it.
    fileprivate var everything: [Step] { [self] + inner.flatMap(\.everything) }

    fileprivate var checked: Check? { if case .check(let check) = self { check } else { nil } }

    fileprivate var read: (String, FieldKind)? {
        switch self {
        case .field(let name, let kind, _, _), .loop(let name, _, let kind, _): (name, kind)
        default: nil
        }
    }
}

extension Expression {
    /// The names on the way to what it names; empty when it is more than that.
    fileprivate var path: [String] {
        switch self {
        case .name(let name): [name]
        case .member(let object, let name): object.path.isEmpty ? [] : object.path + [name]
        default: []
        }
    }

    /// Whether it depends on how many bytes the whole has.
    fileprivate var asksForSize: Bool {
        switch self {
        case .builtin(let name): name == .size
        case .call(_, let parts): parts.contains(where: \.asksForSize)
        case .member(let object, _): object.asksForSize
        default: false
        }
    }

    /// Whether it is a formula and not a number.
    fileprivate var isComputed: Bool { if case .number = self { false } else { true } }

    /// Names that must equal something, in all of which must hold.
    fileprivate var equalities: [(String, Expression)] {
        switch self {
        case .call(.equal, let sides):
            if case .name(let name) = sides[0] { [(name, sides[1])] } else { [] }
        case .call(.and, let parts): parts.flatMap(\.equalities)
        default: []
        }
    }
}
