// SPDX-License-Identifier: Apache-2.0
//
// Computes formulas. Nothing traps: what cannot be computed is `none`, and `none` is not true.

import CairnFormat
import CairnFormats
import Foundation

/// Names and their values, in a type that is being read; what it lacks, the type that reads it may have.
///
/// Only the reader that made it uses it, on one thread; errors carry it to that reader.
class Scope: @unchecked Sendable {
    var members: [DynamicValue.Object.Member] = []
    let parent: Scope?
    let start: Int

    init(parent: Scope?, start: Int) {
        self.parent = parent
        self.start = start
    }

    func lookUp(_ name: String) -> DynamicValue? {
        var scope = self
        while true {
            if let index = scope.index(of: name) { return scope.members[index].value }
            guard let parent = scope.parent else { return nil }
            scope = parent
        }
    }

    /// Where a name of this scope is; each is there once.
    func index(of name: String) -> Int? { members.index(of: name) }

    func declare(_ name: String, _ value: DynamicValue, isShown: Bool) {
        if let index = index(of: name) {
            members[index] = .init(
                name: name, value: value, isShown: isShown || members[index].isShown)
        } else {
            members.append(.init(name: name, value: value, isShown: isShown))
        }
    }

    /// Changes the nearest variable of that name.
    func assign(_ name: String, _ value: DynamicValue) {
        var scope = self
        while true {
            if let index = scope.index(of: name) {
                scope.members[index].value = value
                return
            }
            guard let parent = scope.parent else { return }
            scope = parent
        }
    }

    /// A copy that shares nothing, for a reading that may fail.
    func copy() -> Scope {
        let copy = Scope(parent: parent?.copy(), start: start)
        copy.members = members
        return copy
    }
}

extension Reader {
    func evaluate(_ formula: Formula, _ scope: Scope) -> DynamicValue {
        evaluate(format.expression(formula), scope)
    }

    /// The whole number that a formula gives, as far as it fits.
    func integer(_ formula: Formula, _ scope: Scope) -> Int? {
        evaluate(formula, scope).int.flatMap { Int(exactly: $0) }
    }

    func evaluate(_ expression: Expression, _ scope: Scope) -> DynamicValue {
        switch expression {
        case .number(let value): .int(value)
        case .text(let value): .text(value)
        case .builtin(let name): value(of: name, scope)
        case .name(let name):
            scope.lookUp(name) ?? format.limits[name].map { .int(Int128($0)) } ?? .none
        case .tag(let table, let name):
            format.tagValue(table, name).map { .int(Int128($0)) } ?? .none
        case .member(let object, let name): member(name, of: evaluate(object, scope))
        case .call(let name, let arguments): call(name, arguments, scope)
        }
    }

    private func member(_ name: String, of object: DynamicValue) -> DynamicValue {
        guard case .object(let fields) = object else { return .none }
        return fields[name] ?? .none
    }

    private func value(of name: Builtin, _ scope: Scope) -> DynamicValue {
        switch name {
        case .here: .int(Int128(position))
        case .end: .int(Int128(end))
        case .size: .int(Int128(input.count))
        case .start: .int(Int128(scope.start))
        case .none: .none
        }
    }

    private func call(_ name: Operator, _ arguments: [Expression], _ scope: Scope) -> DynamicValue {
        // Asked before each frame of a file that may be large: without a copy of its rest.
        if name == .isZero, case .call(.bytes, let places) = arguments[0] {
            return isZero(evaluate(places[0], scope), evaluate(places[1], scope))
        }
        switch name {
        case .and:
            for argument in arguments where !evaluate(argument, scope).isTrue {
                return .bool(false)
            }
            return .bool(true)
        case .or:
            for argument in arguments where evaluate(argument, scope).isTrue { return .bool(true) }
            return .bool(false)
        case .choose:
            return evaluate(arguments[evaluate(arguments[0], scope).isTrue ? 1 : 2], scope)
        default:
            return apply(name, values(arguments, scope))
        }
    }

    private func values(_ arguments: [Expression], _ scope: Scope) -> [DynamicValue] {
        switch arguments.count {
        case 1: [evaluate(arguments[0], scope)]
        case 2: [evaluate(arguments[0], scope), evaluate(arguments[1], scope)]
        default: arguments.map { evaluate($0, scope) }
        }
    }

    private func apply(_ name: Operator, _ values: [DynamicValue]) -> DynamicValue {
        switch name {
        case .not: return .bool(!values[0].isTrue)
        case .equal: return .bool(values[0] == values[1])
        case .unequal: return .bool(values[0] != values[1])
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard let order = values[0].compared(to: values[1]) else { return .bool(false) }
            return .bool(
                name == .less
                    ? order < 0
                    : name == .lessOrEqual ? order <= 0 : name == .greater ? order > 0 : order >= 0)
        case .plus:
            if let left = values[0].list, let right = values[1].list { return .list(left + right) }
            return arithmetic(name, values)
        case .minus, .times, .divided, .remainder, .bitAnd, .bitOr, .bitXor, .shiftLeft,
            .shiftRight, .minimum, .maximum:
            return arithmetic(name, values)
        case .list: return .list(values)
        case .object: return object(values)
        default: return applyFunction(name, values)
        }
    }

    private func isZero(_ from: DynamicValue, _ to: DynamicValue) -> DynamicValue {
        guard let from = from.int, let to = to.int else { return .none }
        var place = Int(max(0, min(from, Int128(input.count))))
        let end = Int(max(0, min(to, Int128(input.count))))
        while place < end {
            if input[place] != 0 { return .bool(false) }
            place += 1
        }
        return .bool(true)
    }

    private func arithmetic(_ name: Operator, _ values: [DynamicValue]) -> DynamicValue {
        guard values.count == 2, let left = values[0].int, let right = values[1].int else {
            return .none
        }
        switch name {
        case .plus: return .exact(left.addingReportingOverflow(right))
        case .minus: return .exact(left.subtractingReportingOverflow(right))
        case .times: return .exact(left.multipliedReportingOverflow(by: right))
        case .divided: return right > 0 ? .int(left / right) : .none
        case .remainder: return right > 0 ? .int(left % right) : .none
        case .bitAnd: return .int(left & right)
        case .bitOr: return .int(left | right)
        case .bitXor: return .int(left ^ right)
        case .shiftLeft:
            guard (0..<64).contains(right) else { return .none }
            return .exact(left.multipliedReportingOverflow(by: 1 << right))
        case .shiftRight: return (0..<64).contains(right) ? .int(left >> right) : .none
        case .minimum: return .int(min(left, right))
        default: return .int(max(left, right))
        }
    }

    private func object(_ values: [DynamicValue]) -> DynamicValue {
        var object = DynamicValue.Object()
        for index in stride(from: 0, to: values.count - 1, by: 2) {
            let name = String(decoding: values[index].raw ?? [], as: UTF8.self)
            object.members.append(.init(name: name, value: values[index + 1], isShown: true))
        }
        return .object(object)
    }

    /// Functions of values; of a `none` they give `none`, but for elements of lists.
    private func applyFunction(_ name: Operator, _ values: [DynamicValue]) -> DynamicValue {
        let takesNone = name == .append || name == .contains || name == .occurrences
        guard takesNone || !values.contains(.none) else { return .none }
        switch name {
        case .at:
            guard let list = values[0].list, let index = values[1].int,
                (0..<Int128(list.count)).contains(index)
            else { return .none }
            return list[Int(index)]
        case .count:
            return (values[0].list?.count ?? values[0].raw?.count).map { .int(Int128($0)) } ?? .none
        case .last: return values[0].list?.last ?? .none
        case .contains: return values[0].list.map { .bool($0.contains(values[1])) } ?? .none
        case .occurrences:
            guard let list = values[0].list else { return .none }
            return .int(Int128(list.count { $0 == values[1] }))
        case .isSet: return values[0].list.map { .bool(Set($0).count == $0.count) } ?? .none
        case .append: return values[0].list.map { .list($0 + [values[1]]) } ?? .none
        case .pluck:
            let member = String(decoding: values[1].raw ?? [], as: UTF8.self)
            return values[0].list.map { .list($0.map { self.member(member, of: $0) }) } ?? .none
        case .sum, .ones, .rank: return numberFunction(name, values)
        case .known, .attribute: return tagFunction(name, values)
        default: return applyToBytes(name, values)
        }
    }

    /// Functions of lists of numbers; anything else in the list gives `none`.
    private func numberFunction(_ name: Operator, _ values: [DynamicValue]) -> DynamicValue {
        let list = values[0].list ?? (name == .ones ? [values[0]] : nil)
        guard let list, case let numbers = list.compactMap(\.int), numbers.count == list.count
        else {
            return .none
        }
        switch name {
        case .sum:
            var sum = DynamicValue.int(0)
            for number in numbers { sum = arithmetic(.plus, [sum, .int(number)]) }
            return sum
        case .ones:
            guard numbers.allSatisfy({ $0 >= 0 }) else { return .none }
            return .int(numbers.reduce(0) { $0 + Int128($1.nonzeroBitCount) })
        default:
            guard let place = values[1].int, place >= 0,
                numbers.allSatisfy({ $0 >= 0 && $0 <= UInt64.max })
            else { return .none }
            var count: Int128 = 0
            for (index, word) in numbers.enumerated() where Int128(index) * 64 < place {
                let shown = min(place - Int128(index) * 64, 64)
                count += Int128((word & ((1 << shown) - 1)).nonzeroBitCount)
            }
            return .int(count)
        }
    }

    private func tagFunction(_ name: Operator, _ values: [DynamicValue]) -> DynamicValue {
        let table = String(decoding: values[0].raw ?? [], as: UTF8.self)
        let tag = values[1].int.flatMap { UInt64(exactly: $0) }.flatMap { format.tag(table, $0) }
        if name == .known { return .bool(tag != nil) }
        let attribute = String(decoding: values[2].raw ?? [], as: UTF8.self)
        return .int(Int128(tag?.attributes[attribute] ?? 0))
    }

    private func applyToBytes(_ name: Operator, _ values: [DynamicValue]) -> DynamicValue {
        switch name {
        case .bytes:
            guard let from = values[0].int, let to = values[1].int else { return .none }
            let low = Int(max(0, min(from, Int128(input.count))))
            let high = Int(max(Int128(low), min(to, Int128(input.count))))
            return .bytes(Array(input[low..<high]))
        case .isZero: return values[0].raw.map { .bool($0.allSatisfy { $0 == 0 }) } ?? .none
        case .first:
            guard let bytes = values[0].raw, let count = values[1].int, count >= 0,
                count <= Int128(bytes.count)
            else { return .none }
            return .bytes(Array(bytes[..<Int(count)]))
        case .isUTF8:
            return values[0].raw.map { .bool(String(validating: $0, as: UTF8.self) != nil) }
                ?? .none
        case .joined:
            guard let left = values[0].raw, let right = values[1].raw else { return .none }
            return .bytes(left + right)
        case .le:
            guard let value = values[0].int, let count = values[1].int, (0...16).contains(count)
            else { return .none }
            return .bytes(
                (0..<Int(count)).map { UInt8(truncatingIfNeeded: value >> (8 * Int128($0))) })
        case .crc32c:
            guard let bytes = values[0].raw, let seed = values[1].int else { return .none }
            return .int(Int128(SlowCRC32C.checksum(bytes, seed: UInt32(truncatingIfNeeded: seed))))
        case .digits:
            let text = String(decoding: values[0].raw ?? [], as: UTF8.self)
            let isPlain = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            return isPlain ? Int128(text).map { .int($0) } ?? .none : .none
        case .utf8: return values[0].raw.map(DynamicValue.bytes) ?? .none
        case .nfd:
            guard case .text(let bytes) = values[0] else { return .none }
            let text = String(decoding: bytes, as: UTF8.self)
            return .text(text.decomposedStringWithCanonicalMapping)
        case .isNFC:
            guard case .text(let bytes) = values[0] else { return .none }
            let text = String(decoding: bytes, as: UTF8.self)
            return .bool(Array(text.precomposedStringWithCanonicalMapping.utf8) == values[0].raw)
        default: return .none
        }
    }
}

/// CRC-32C a bit at a time: the definition, and nothing else.
package enum SlowCRC32C {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
    }

    /// What a difference of checksums becomes behind one more byte.
    static func behindZero(_ difference: UInt32) -> UInt32 {
        difference >> 8 ^ table[Int(difference & 0xff)]
    }

    /// The checksum of `bytes`; `seed` is that of the bytes before, or a salt.
    package static func checksum(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 {
        var crc = ~seed
        bytes.withUnsafeBufferPointer { bytes in
            table.withUnsafeBufferPointer { table in
                for byte in bytes {
                    crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)]
                }
            }
        }
        return ~crc
    }
}

extension Reader {
    /// The value of a formula before anything was read.
    package func value(of expression: Expression) -> DynamicValue {
        evaluate(expression, Scope(parent: nil, start: 0))
    }
}
