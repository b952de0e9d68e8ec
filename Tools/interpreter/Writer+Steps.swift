// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats

extension Writer {
    // MARK: Types

    func write(
        type name: String, _ value: DynamicValue, _ arguments: [(String, DynamicValue)],
        _ parent: WritingScope, at place: [String]
    ) throws(WritingFailure) -> DynamicValue {
        guard let type = format.types[name] else { throw failure("there is no type \(name)") }
        let scope = WritingScope(
            parent: parent, start: reader.position, place: place, resultName: resultName(of: type))
        for (name, value) in arguments { scope.declare(name, value, isShown: false) }
        values.append(members(of: value, type, scope))
        defer { values.removeLast() }
        for step in type.steps { try write(step, scope) }
        return type.result.map { reader.evaluate($0, scope) }
            ?? .object(.init(members: scope.members))
    }

    // MARK: Steps

    private func write(_ steps: [Step], _ scope: WritingScope) throws(WritingFailure) {
        for step in steps { try write(step, scope) }
    }

    private func write(_ step: Step, _ scope: WritingScope) throws(WritingFailure) {
        switch step {
        case .layout(let layout, let after):
            for field in layout.fields where field.offset >= after {
                try write(field, scope)
            }
        case .field(let name, let kind, _): try write(name, kind, scope)
        case .check(let check): settle(check, scope)
        case .define(let name, let value, _):
            scope.declare(name, reader.evaluate(value, scope), isShown: false)
            scope.aliases[name] = (format.expression(value), windows.count)
        case .variable(let name, let value, _):
            scope.declare(name, reader.evaluate(value, scope), isShown: false)
        case .assign(let name, let value): scope.assign(name, reader.evaluate(value, scope))
        case .when(let condition, let steps, let otherwise):
            try write(reader.evaluate(condition, scope).isTrue ? steps : otherwise, scope)
        case .select(let tag, _, _, let cases):
            let tag = reader.evaluate(tag, scope).int.flatMap { UInt64(exactly: $0) }
            let chosen = cases.first { $0.tags.contains { $0 == tag } }
            try write(chosen?.steps ?? [], scope)
        case .loop(let name, let repetition, let kind, _):
            try write(name, repetition, kind, scope)
        case .each(let name, let list, let steps):
            let expression = format.expression(list)
            for (index, element) in (reader.evaluate(list, scope).list ?? []).enumerated() {
                scope.declare(name, element, isShown: false)
                scope.aliases[name] = (
                    .call(.at, [expression, .number(Int128(index))]), windows.count
                )
                try write(steps, scope)
            }
        case .window(let from, let to, let steps): try write(from, to, steps, scope)
        case .within:
            throw failure("its parts lie in bytes that are made from others")
        case .seek(let place): reader.position = try self.place(place, scope)
        case .inflate(let inflation):
            throw failure("\(inflation.name) is inflated: many streams give the same")
        case .deliver: break
        }
    }

    private func write(
        _ name: String, _ repetition: Step.Repetition, _ kind: FieldKind, _ scope: WritingScope
    ) throws(WritingFailure) {
        if scope.members.contains(where: { $0.name == name }) {
            scope.show(name)
        } else {
            scope.declare(name, .list([]), isShown: true)
        }
        let place = scope.place(of: name)
        let given = isWithheld(place + ["0"]) ? nil : known(name, at: place)?.list
        let count = if let given { given.count } else { try rounds(repetition, scope) }
        for round in 0..<count {
            let place = place + ["\(round)"]
            let value = determined[place] ?? given?[round]
            if value == nil { miss(place) }
            scope.append(try write(kind, value, scope, at: place), to: name)
        }
        switch repetition {
        case .times(let times):
            if given != nil { _ = settle(format.expression(times), .int(Int128(count)), scope) }
        case .until(let condition): settle(format.expression(condition), scope)
        }
    }

    /// How many rounds a loop has of which only their number is known.
    private func rounds(
        _ repetition: Step.Repetition, _ scope: WritingScope
    ) throws(WritingFailure) -> Int {
        guard case .times(let count) = repetition else { return 0 }
        let rounds = reader.integer(count, scope) ?? 0
        guard rounds <= Self.byteCountMax else { throw failure("\(count) is too much") }
        return max(0, rounds)
    }

    private func write(
        _ from: Formula, _ to: Formula, _ steps: [Step], _ scope: WritingScope
    ) throws(WritingFailure) {
        let outer = (reader.position, reader.end)
        (reader.position, reader.end) = (try place(from, scope), try place(to, scope))
        windows.append((format.expression(to), scope))
        try write(steps, scope)
        windows.removeLast()
        (reader.position, reader.end) = outer
    }

    /// More than anything that is written has.
    private static let byteCountMax = 1 << 28

    /// A place that a formula gives. What a place depends on may not be known yet.
    private func place(_ formula: Formula, _ scope: WritingScope) throws(WritingFailure) -> Int {
        let place = reader.integer(formula, scope) ?? 0
        guard place <= Self.byteCountMax else { throw failure("\(formula) is far away") }
        return max(0, place)
    }

    // MARK: Fields

    private func write(_ field: FieldDescription, _ scope: WritingScope) throws(WritingFailure) {
        let place = scope.place(of: field.name)
        let value = known(field.name, at: place)
        if value == nil { miss(place) }
        let number = value?.int ?? 0
        let bytes: [UInt8]
        if field.type == "bytes" {
            bytes = value?.raw ?? [UInt8](repeating: 0, count: field.byteCount)
        } else {
            bytes = Self.littleEndian(number, field.byteCount)
        }
        guard bytes.count == field.byteCount else {
            throw failure("\(field.name) has \(field.byteCount) bytes, not \(bytes.count)")
        }
        put(bytes)
        scope.declare(
            field.name, field.type == "bytes" ? .bytes(bytes) : .int(number), isShown: true)
    }

    private func write(
        _ name: String, _ kind: FieldKind, _ scope: WritingScope
    ) throws(WritingFailure) {
        let place = scope.place(of: name)
        let value = known(name, at: place)
        switch kind {
        case .type, .named: break
        default: if value == nil { miss(place) }
        }
        scope.declare(name, try write(kind, value, scope, at: place), isShown: true)
    }

    /// Writes a value, or zeros if it is not known.
    private func write(
        _ kind: FieldKind, _ value: DynamicValue?, _ scope: WritingScope, at place: [String]
    ) throws(WritingFailure) -> DynamicValue {
        let number = value?.int ?? 0
        switch kind {
        case .unsigned(let count): put(Self.littleEndian(number, count))
        case .varint, .count: put(Self.varint(UInt64(truncatingIfNeeded: number)))
        case .zigzag:
            let number = Int64(truncatingIfNeeded: number)
            put(Self.varint(UInt64(bitPattern: number << 1 ^ number >> 63)))
        case .bytes(let count):
            let bytes = try bytes(value, count, scope)
            put(bytes)
            return .bytes(bytes)
        case .text(let count):
            let bytes = try bytes(value, count, scope)
            put(bytes)
            return .text(bytes)
        case .packed(let count, let width):
            return try write(packed: value, count, width, scope)
        case .type(let name, let arguments):
            return try write(name, value, arguments, scope, at: place)
        case .named(let formula, let arguments):
            let name = String(decoding: reader.evaluate(formula, scope).raw ?? [], as: UTF8.self)
            return try write(name, value, arguments, scope, at: place)
        }
        return .int(number)
    }

    private func write(
        _ name: String, _ value: DynamicValue?, _ arguments: [Argument], _ scope: WritingScope,
        at place: [String]
    ) throws(WritingFailure) -> DynamicValue {
        let arguments = arguments.map { ($0.name, reader.evaluate($0.value, scope)) }
        return try write(type: name, value ?? .none, arguments, scope, at: place)
    }

    /// Writes numbers of so many bits, the lowest bits first.
    private func write(
        packed value: DynamicValue?, _ count: Formula, _ width: Formula, _ scope: WritingScope
    ) throws(WritingFailure) -> DynamicValue {
        let width = try place(width, scope)
        let count = try place(count, scope)
        let numbers = value?.list ?? Array(repeating: .int(0), count: count)
        var bytes = [UInt8](repeating: 0, count: (numbers.count * width + 7) / 8)
        for (index, number) in numbers.enumerated() {
            guard let number = number.int else { throw failure("\(number) is no number") }
            for bit in 0..<width where number >> Int128(bit) & 1 == 1 {
                let place = index * width + bit
                bytes[place / 8] |= 1 << UInt8(place % 8)
            }
        }
        put(bytes)
        return .list(numbers)
    }

    // MARK: Bytes

    /// The bytes of a value, whose number they determine, or as many zeros as there must be.
    private func bytes(
        _ value: DynamicValue?, _ count: Formula, _ scope: WritingScope
    ) throws(WritingFailure) -> [UInt8] {
        if let bytes = value?.raw {
            _ = settle(format.expression(count), .int(Int128(bytes.count)), scope)
            return bytes
        }
        return [UInt8](repeating: 0, count: try place(count, scope))
    }

    private static func littleEndian(_ number: Int128, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: number >> (8 * Int128($0))) }
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
        let (start, end) = (reader.position, reader.position + bytes.count)
        if image.count < end { image += [UInt8](repeating: 0, count: end - image.count) }
        image.replaceSubrange(start..<end, with: bytes)
        // Formulas see the input in the size that it had before this writing.
        let seen = min(end, reader.input.count)
        if start < seen {
            reader.input.replaceSubrange(start..<seen, with: bytes[..<(seen - start)])
        }
        reader.position = end
    }
}
