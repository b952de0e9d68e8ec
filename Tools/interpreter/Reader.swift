// SPDX-License-Identifier: Apache-2.0
//
// Reads any format by its declaration alone: slow and obvious, to compare others with.

import CairnFormat
package import CairnFormats

/// Why bytes do not follow a format.
package struct ReadingFailure: Error {
    /// The class of the error.
    package let error: ErrorClass
    /// Where, in bytes from the start.
    package let at: Int
    /// The check that failed; a name in brackets for what the vocabulary itself demands.
    package let check: String
    let scope: Scope?
    let checksum: ChecksumSpan?
    /// The file that is wrong, where a rule across files says another than the one that is read.
    var file: String?
}

/// A checksum that was looked at: where it lies and what it covers.
package struct ChecksumSpan: Sendable {
    package let check: String
    package let covered: Range<Int>
    package let stored: Range<Int>
    let seed: UInt32
}

/// One value that was read, and where.
package struct ReadSpan: Sendable {
    package let range: Range<Int>
    /// The names on the way to it.
    package let path: [String]
    package let kind: String
    package let value: DynamicValue
    package let meaning: String
    /// The tag table that the value is from, and the name it has there.
    package var tagName: String?
}

/// Reads one input.
package final class Reader {
    package let format: ResolvedFormat
    /// The bytes, with checksums repaired if that was asked for.
    var input: [UInt8]
    var position = 0
    var end: Int
    /// Checks that are passed over, to see whether any vector notices.
    let disabled: Set<String>
    /// Puts the right value into checksums that do not hold, instead of refusing them.
    let repairs: Bool
    private(set) var traces: Bool
    /// Whether anything was read in bytes that are not in the input as they are.
    package private(set) var hasReadWithin = false
    /// Whether something was inflated.
    package private(set) var hasInflated = false
    /// Values that begin behind this are not traced.
    var tracedByteCount = Int.max
    private(set) var delivered = 0
    private(set) var spans: [ReadSpan] = []
    private(set) var checksums: [ChecksumSpan] = []
    var tailScope: Scope?
    var tailElement: Int?
    /// The scope of the root, as far as it was read.
    private(set) var rootScope: Scope?
    /// Takes whatever is handed out: its name, and the scope that hands it out.
    var delivering: ((String, Scope) -> Void)?
    /// Takes checks that do not hold, which then do not end the reading.
    var noting: ((ReadingFailure) -> Void)?
    private var path: [String] = []
    private var fuel = 2_000_000
    private var depth = 0

    /// A reader of `input`.
    package init(
        _ format: ResolvedFormat, _ input: [UInt8], disabled: Set<String> = [],
        repairs: Bool = false,
        traces: Bool = false
    ) {
        self.format = format
        self.input = input
        end = input.count
        self.disabled = disabled
        self.repairs = repairs
        self.traces = traces
    }

    /// Reads the root of the format.
    package func readRoot(_ context: [String: DynamicValue] = [:]) throws(ReadingFailure)
        -> DynamicValue
    {
        let outer = Scope(parent: nil, start: 0)
        for known in format.reading.context {
            let value = context[known.name] ?? evaluate(known.unknown, outer)
            outer.declare(known.name, value, isShown: false)
        }
        guard let root = format.types[format.reading.root] else {
            throw fail(.invalidValue, 0, "type \(format.reading.root)")
        }
        let scope = Scope(parent: outer, start: position)
        rootScope = scope
        return try take(root, scope)
    }

    func fail(
        _ error: ErrorClass, _ at: Int, _ check: String, _ scope: Scope? = nil,
        _ checksum: ChecksumSpan? = nil
    ) -> ReadingFailure {
        ReadingFailure(error: error, at: at, check: check, scope: scope, checksum: checksum)
    }

    private func fail(_ code: FormatError.Code, _ at: Int, _ check: String) -> ReadingFailure {
        fail(code.errorClass, at, "[\(check)]")
    }

    // MARK: Types

    func read(
        type name: String, _ arguments: [(String, DynamicValue)], _ parent: Scope
    ) throws(ReadingFailure) -> (value: DynamicValue, scope: Scope) {
        let scope = Scope(parent: parent, start: position)
        for (name, value) in arguments { scope.declare(name, value, isShown: false) }
        guard let type = format.types[name] else {
            throw fail(.invalidValue, position, "type \(name)")
        }
        return (try take(type, scope), scope)
    }

    /// Takes the steps of a type in a scope that was made for it.
    private func take(
        _ type: TypeDescription, _ scope: Scope
    ) throws(ReadingFailure) -> DynamicValue {
        depth += 1
        defer { depth -= 1 }
        guard depth < 500 else { throw fail(.limitExceeded, position, "recursion") }
        try run(type.steps, scope)
        return type.result.map { evaluate($0, scope) } ?? .object(.init(members: scope.members))
    }

    func read(_ kind: FieldKind, _ scope: Scope) throws(ReadingFailure) -> DynamicValue {
        switch kind {
        case .unsigned(let byteCount): return .int(Int128(try unsigned(byteCount)))
        case .varint: return .int(Int128(try varint()))
        case .zigzag:
            let value = try varint()
            return .int(Int128(value >> 1) ^ -Int128(value & 1))
        case .count(let each): return .int(Int128(try count(each)))
        case .bytes(let count): return .bytes(try take(count, scope))
        case .text(let count):
            let start = position
            let bytes = try take(count, scope)
            guard String(validating: bytes, as: UTF8.self) != nil || disabled.contains("[utf8]")
            else {
                throw fail(.invalidUTF8, start, "utf8")
            }
            return .text(bytes)
        case .packed(let count, let width): return try packed(count, width, scope)
        case .type(let name, let arguments): return try read(name, arguments, scope)
        case .named(let formula, let arguments):
            let name = String(decoding: evaluate(formula, scope).raw ?? [], as: UTF8.self)
            return try read(name, arguments, scope)
        }
    }

    private func read(
        _ name: String, _ arguments: [Argument], _ scope: Scope
    ) throws(ReadingFailure) -> DynamicValue {
        let values = arguments.map { ($0.name, evaluate($0.value, scope)) }
        return try read(type: name, values, scope).value
    }

    // MARK: Numbers and bytes

    private func unsigned(_ byteCount: Int) throws(ReadingFailure) -> UInt64 {
        guard end - position >= byteCount, position >= 0 else {
            throw fail(.truncated, position, "end")
        }
        var value: UInt64 = 0
        var index = byteCount
        while index > 0 {
            index -= 1
            value = value << 8 | UInt64(input[position + index])
        }
        position += byteCount
        return value
    }

    private func varint() throws(ReadingFailure) -> UInt64 {
        let start = position
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try unsigned(1)
            guard shift < 63 || byte <= 1 else {
                if disabled.contains("[numberTooLarge]"), shift < 70 {
                    if byte < 0x80 { return value }
                    shift += 7
                    continue
                }
                throw fail(.numberTooLarge, start, "numberTooLarge")
            }
            value |= (byte & 0x7f) << shift
            if byte < 0x80 {
                guard byte != 0 || shift == 0 || disabled.contains("[shortest]") else {
                    throw fail(.nonCanonical, start, "shortest")
                }
                return value
            }
            shift += 7
        }
    }

    private func count(_ each: Int) throws(ReadingFailure) -> UInt64 {
        let start = position
        let value = try varint()
        guard value <= UInt64((end - position) / each) || disabled.contains("[countTooLarge]")
        else {
            throw fail(.countTooLarge, start, "countTooLarge")
        }
        return value
    }

    private func take(_ count: Formula, _ scope: Scope) throws(ReadingFailure) -> [UInt8] {
        guard let count = integer(count, scope), count >= 0, count <= end - position else {
            throw fail(.truncated, position, "end")
        }
        defer { position += count }
        return Array(input[position..<position + count])
    }

    /// Numbers of so many bits, at most 64, the lowest bits first.
    private func packed(
        _ count: Formula, _ width: Formula, _ scope: Scope
    ) throws(ReadingFailure) -> DynamicValue {
        let start = position
        guard let count = integer(count, scope), let width = integer(width, scope),
            (0...1 << 24).contains(count), (0...64).contains(width),
            (count * width + 7) / 8 <= end - position
        else { throw fail(.truncated, position, "end") }
        position += (count * width + 7) / 8
        func bit(_ place: Int) -> Bool { input[start + place / 8] >> UInt8(place % 8) & 1 == 1 }
        let numbers = (0..<count).map { index in
            var number: UInt64 = 0
            for place in 0..<width where bit(index * width + place) { number |= 1 << UInt64(place) }
            return DynamicValue.int(Int128(number))
        }
        let rest = count * width..<(count * width + 7) / 8 * 8
        guard !rest.contains(where: bit) || disabled.contains("[padding]") else {
            throw fail(.nonCanonical, start, "padding")
        }
        return .list(numbers)
    }

    // MARK: Steps

    /// Takes one step in a scope of the caller's.
    func take(_ step: Step, _ scope: Scope) throws(ReadingFailure) { try run(step, scope) }

    private func run(_ steps: [Step], _ scope: Scope) throws(ReadingFailure) {
        var index = 0
        while index < steps.count {
            try run(steps[index], scope)
            index += 1
        }
    }

    private func run(_ step: Step, _ scope: Scope) throws(ReadingFailure) {
        switch step {
        case .layout(let layout, let after): try run(layout, after: after, scope)
        case .field(let name, let kind, let meaning):
            let value = try traced(name, kind, meaning, scope)
            scope.declare(name, value, isShown: true)
        case .check(let check): try run(check, scope)
        case .define(let name, let value, _), .variable(let name, let value, _):
            scope.declare(name, evaluate(value, scope), isShown: false)
        case .assign(let name, let value): scope.assign(name, evaluate(value, scope))
        case .when(let condition, let steps, let otherwise):
            try run(evaluate(condition, scope).isTrue ? steps : otherwise, scope)
        case .select(let formula, let table, let at, let cases):
            try select(formula, table, at, cases, scope)
        case .loop(let name, let repetition, let kind, let meaning):
            try loop(name, repetition, kind, meaning, scope)
        case .each(let name, let list, let steps):
            for element in evaluate(list, scope).list ?? [] {
                scope.declare(name, element, isShown: false)
                try run(steps, scope)
            }
        case .window(let from, let to, let steps): try window(from, to, steps, scope)
        case .within(let bytes, let place, let steps): try within(bytes, place, steps, scope)
        case .seek(let place):
            guard let place = integer(place, scope), place >= 0, place <= end else {
                throw fail(.truncated, position, "end")
            }
            position = place
        case .inflate(let inflation): try inflate(inflation, scope)
        case .deliver(let name):
            if name == format.reading.delivers { delivered += 1 }
            delivering?(name, scope)
        }
    }

    private func run(_ layout: BinaryLayout, after: Int, _ scope: Scope) throws(ReadingFailure) {
        for field in layout.fields where field.offset >= after {
            let value: DynamicValue
            if field.type == "bytes" {
                guard field.byteCount <= end - position else {
                    throw fail(.truncated, position, "end")
                }
                value = .bytes(Array(input[position..<position + field.byteCount]))
                position += field.byteCount
                note(
                    field.name, position - field.byteCount, .bytes("\(field.byteCount)"), value,
                    field.meaning)
            } else {
                value = try traced(
                    field.name, .unsigned(byteCount: field.byteCount), field.meaning, scope)
            }
            scope.declare(field.name, value, isShown: true)
        }
    }

    private func run(_ check: Check, _ scope: Scope) throws(ReadingFailure) {
        guard let checksum = check.checksum else {
            guard !evaluate(check.formula, scope).isTrue, !disabled.contains(check.id) else {
                return
            }
            var failure = fail(check.error, integer(check.at, scope) ?? 0, check.id, scope)
            failure.file = check.file.flatMap { evaluate($0, scope).raw }
                .map { String(decoding: $0, as: UTF8.self) }
            guard let noting else { throw failure }
            return noting(failure)
        }
        let from = integer(checksum.from, scope) ?? -1
        let to = integer(checksum.to, scope) ?? -1
        let seed = UInt32(truncatingIfNeeded: evaluate(checksum.seed, scope).int ?? 0)
        let stored = evaluate(checksum.stored, scope)
        // All checksums of Cairn lie directly behind what they cover.
        let place = to
        guard from >= 0, from <= to, to <= input.count else {
            if disabled.contains(check.id) { return }
            throw fail(check.error, integer(check.at, scope) ?? 0, check.id, scope)
        }
        let span = ChecksumSpan(
            check: check.id, covered: from..<to, stored: place..<place + 4, seed: seed)
        if traces { checksums.append(span) }
        let computed = SlowCRC32C.checksum(Array(input[from..<to]), seed: seed)
        guard stored != .int(Int128(computed)) else { return }
        if repairs, place + 4 <= input.count {
            for index in 0..<4 {
                input[place + index] = UInt8(truncatingIfNeeded: computed >> (8 * index))
            }
            scope.replace(checksum.field, .int(Int128(computed)))
            return
        }
        if disabled.contains(check.id) { return }
        throw fail(check.error, integer(check.at, scope) ?? 0, check.id, scope, span)
    }

    private func select(
        _ formula: Formula, _ table: String, _ at: Formula, _ cases: [Step.Case], _ scope: Scope
    ) throws(ReadingFailure) {
        let tag = evaluate(formula, scope).int.flatMap { UInt64(exactly: $0) }
        if let chosen = cases.first(where: { $0.tags.contains { $0 == tag } }) {
            if traces, !spans.isEmpty, let tag {
                spans[spans.count - 1].tagName = format.tag(table, tag)?.name
            }
            return try run(chosen.steps, scope)
        }
        guard let error = format.unknownTags[table]?.error else { return }
        if disabled.contains("[\(table)]") { return }
        throw fail(error, integer(at, scope) ?? 0, "[\(table)]")
    }

    private func loop(
        _ name: String, _ repetition: Step.Repetition, _ kind: FieldKind, _ meaning: String,
        _ scope: Scope
    ) throws(ReadingFailure) {
        let isTail = format.reading.tail?.loop == name
        if scope.index(of: name) == nil {
            scope.declare(name, .list([]), isShown: true)
        } else {
            scope.show(name)
        }
        var round = 0
        rounds: while true {
            switch repetition {
            case .times(let bound):
                guard Int128(round) < evaluate(bound, scope).int ?? 0 else { break rounds }
            case .until(let condition):
                guard !evaluate(condition, scope).isTrue else { break rounds }
            }
            fuel -= 1
            guard fuel > 0 else { throw fail(.limitExceeded, position, "fuel") }
            if isTail { (tailScope, tailElement) = (scope, position) }
            let before = position
            let value = try traced("\(name)[\(round)]", kind, meaning, scope)
            scope.append(value, to: name)
            round += 1
            if case .until = repetition, position == before {
                throw fail(.trailingBytes, position, "progress")
            }
        }
        if isTail { (tailScope, tailElement) = (nil, nil) }
    }

    private func window(
        _ from: Formula, _ to: Formula, _ steps: [Step], _ scope: Scope
    ) throws(ReadingFailure) {
        let (oldPosition, oldEnd) = (position, end)
        guard let from = integer(from, scope), let to = integer(to, scope), from >= 0, from <= to,
            to <= input.count
        else { throw fail(.truncated, position, "end") }
        (position, end) = (from, to)
        try run(steps, scope)
        (position, end) = (oldPosition, oldEnd)
    }

    /// Takes steps in bytes that are not in the input, as if they lay at a place of it, and nothing behind them.
    private func within(
        _ bytes: Formula, _ place: Formula, _ steps: [Step], _ scope: Scope
    ) throws(ReadingFailure) {
        guard let bytes = evaluate(bytes, scope).raw, let place = integer(place, scope),
            place >= 0, place <= input.count
        else { throw fail(.truncated, position, "end") }
        hasReadWithin = true
        let outer = (input, position, end, traces)
        defer { (input, position, end, traces) = outer }
        (input, position, traces) = (Array(input[..<place]) + bytes, place, false)
        end = input.count
        try run(steps, scope)
    }

    private func inflate(_ inflation: Inflation, _ scope: Scope) throws(ReadingFailure) {
        guard let from = integer(inflation.from, scope), let to = integer(inflation.to, scope),
            let count = integer(inflation.byteCount, scope), from >= 0, from <= to,
            to <= input.count, count >= 0,
            let bytes = SlowInflate.zlib(Array(input[from..<to]), byteCount: count)
        else {
            if disabled.contains(inflation.id) { return }
            throw fail(inflation.error, integer(inflation.at, scope) ?? 0, inflation.id, scope)
        }
        hasInflated = true
        scope.declare(inflation.name, .bytes(bytes), isShown: true)
    }

    // MARK: Tracing

    private func traced(
        _ name: String, _ kind: FieldKind, _ meaning: String, _ scope: Scope
    ) throws(ReadingFailure) -> DynamicValue {
        guard traces else { return try read(kind, scope) }
        let start = position
        path.append(name)
        defer { path.removeLast() }
        let value = try read(kind, scope)
        switch kind {
        case .type, .named: break
        default: note(nil, start, kind, value, meaning)
        }
        return value
    }

    private func note(
        _ name: String?, _ start: Int, _ kind: @autoclosure () -> FieldKind,
        _ value: DynamicValue, _ meaning: String
    ) {
        guard traces, start < tracedByteCount else { return }
        spans.append(
            ReadSpan(
                range: start..<position, path: path + (name.map { [$0] } ?? []), kind: kind().text,
                value: value, meaning: meaning))
    }
}
