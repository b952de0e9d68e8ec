// SPDX-License-Identifier: Apache-2.0
//
// What must be equal is made equal: the left side of an equality is what the right side says.

import CairnFormats

extension Writer {
    // MARK: Checks

    /// Lets a check determine what it can.
    func settle(_ check: Check, _ scope: WritingScope) {
        guard let checksum = check.checksum else {
            return settle(format.expression(check.formula), scope)
        }
        var sum: UInt32 = 0
        if let from = reader.integer(checksum.from, scope),
            let to = reader.integer(checksum.to, scope), from >= 0, from <= to,
            to <= reader.input.count
        {
            let seed = UInt32(truncatingIfNeeded: reader.evaluate(checksum.seed, scope).int ?? 0)
            sum = SlowCRC32C.checksum(Array(reader.input[from..<to]), seed: seed)
        }
        _ = settle(format.expression(checksum.stored), .int(Int128(sum)), scope)
    }

    /// Lets what must hold determine what it can: equalities, and what must be zero.
    func settle(_ condition: Expression, _ scope: WritingScope) {
        switch condition {
        case .call(.and, let parts): for part in parts { settle(part, scope) }
        case .call(.equal, let sides):
            let value = reader.evaluate(sides[1], scope)
            if value != .none { _ = settle(sides[0], value, scope) }
        case .call(.isZero, let parts):
            if let place = place(parts[0], scope) { determine(place, .none) }
        default: break
        }
    }

    // MARK: Equations

    /// Determines what an expression depends on, so that it has a value.
    ///
    /// - Returns: Whether it depends on anything that can be determined; of two such things, the last one is.
    func settle(
        _ expression: Expression, _ value: DynamicValue, _ scope: WritingScope,
        windowCount: Int? = nil
    ) -> Bool {
        let windowCount = windowCount ?? windows.count
        switch expression {
        case .name(let name):
            if let owner = scope.owner(of: name), let alias = owner.aliases[name] {
                return settle(alias.expression, value, owner, windowCount: alias.windowCount)
            }
        case .builtin(.size): return determineSize(value)
        case .builtin(.end):
            guard windowCount > 0 else { return determineSize(value) }
            let window = windows[windowCount - 1]
            return settle(window.end, value, window.scope, windowCount: windowCount - 1)
        case .call(let name, let parts) where [.plus, .minus, .times].contains(name):
            guard let value = value.int else { return false }
            return settle(name, parts, value, scope, windowCount)
        default: break
        }
        guard let place = place(expression, scope) else { return false }
        determine(place, value)
        if let path = expression.path { scope.replace(path, value) }
        return true
    }

    private func determineSize(_ value: DynamicValue) -> Bool {
        guard let size = value.int.flatMap({ Int(exactly: $0) }) else { return false }
        determine(size: size)
        return true
    }

    /// Solves a sum, a difference or a product for its last part, or else for the first.
    private func settle(
        _ name: Operator, _ parts: [Expression], _ value: Int128, _ scope: WritingScope,
        _ windowCount: Int
    ) -> Bool {
        if let first = reader.evaluate(parts[0], scope).int,
            let last = Self.solved(name, value, first: first),
            settle(parts[1], .int(last), scope, windowCount: windowCount)
        {
            return true
        }
        guard let last = reader.evaluate(parts[1], scope).int,
            let first = Self.solved(name, value, last: last)
        else { return false }
        return settle(parts[0], .int(first), scope, windowCount: windowCount)
    }

    private static func solved(_ name: Operator, _ value: Int128, first: Int128) -> Int128? {
        switch name {
        case .plus: DynamicValue.exact(value.subtractingReportingOverflow(first)).int
        case .minus: DynamicValue.exact(first.subtractingReportingOverflow(value)).int
        default: first > 0 ? value / first : nil
        }
    }

    private static func solved(_ name: Operator, _ value: Int128, last: Int128) -> Int128? {
        switch name {
        case .plus: DynamicValue.exact(value.subtractingReportingOverflow(last)).int
        case .minus: DynamicValue.exact(value.addingReportingOverflow(last)).int
        default: last > 0 ? value / last : nil
        }
    }

    // MARK: Places

    /// The names on the way to the field, the list or the element that an expression names.
    private func place(_ expression: Expression, _ scope: WritingScope) -> [String]? {
        switch expression {
        case .name(let name):
            guard let owner = scope.owner(of: name) else { return nil }
            if let alias = owner.aliases[name] { return place(alias.expression, owner) }
            let isRead = owner.members.contains { $0.name == name && $0.isShown }
            return isRead ? owner.place(of: name) : nil
        case .member(let object, let name): return place(object, scope).map { $0 + [name] }
        case .call(.at, let parts):
            guard let index = reader.evaluate(parts[1], scope).int else { return nil }
            return place(parts[0], scope).map { $0 + ["\(index)"] }
        default: return nil
        }
    }

    // MARK: Results

    /// The value as an object of the names in a type: its result taken apart.
    func members(
        of value: DynamicValue, _ type: TypeDescription, _ scope: WritingScope
    ) -> DynamicValue.Object {
        var object = DynamicValue.Object()
        guard let result = type.result else {
            if case .object(let given) = value { object.members = given.members.filter(\.isShown) }
            return object
        }
        let defined = defines(of: type)
        takeApart(value, format.expression(result), defined, scope, &object)
        return object
    }

    /// The field or the list that is the whole result of a type.
    func resultName(of type: TypeDescription) -> String? {
        guard let result = type.result, case .name(let name) = format.expression(result),
            defines(of: type)[name] == nil
        else { return nil }
        return name
    }

    private func defines(of type: TypeDescription) -> [String: Expression] {
        type.steps.flatMap(\.everything).reduce(into: [:]) {
            if case .define(let name, let formula, _) = $1 {
                $0[name] = format.expression(formula)
            }
        }
    }

    /// Finds the names that an expression has a value of. What is computed is left out.
    private func takeApart(
        _ value: DynamicValue, _ expression: Expression, _ defined: [String: Expression],
        _ scope: WritingScope, _ object: inout DynamicValue.Object
    ) {
        switch expression {
        case .name(let name):
            if let formula = defined[name] {
                return takeApart(value, formula, defined, scope, &object)
            }
            object.members.append(.init(name: name, value: value, isShown: true))
        case .call(.object, let parts):
            guard case .object(let given) = value else { return }
            for index in stride(from: 0, to: parts.count - 1, by: 2) {
                guard case .text(let name) = parts[index], let part = given[name] else { continue }
                takeApart(part, parts[index + 1], defined, scope, &object)
            }
        case .call(.list, let parts):
            for (part, element) in zip(parts, value.list ?? []) {
                takeApart(element, part, defined, scope, &object)
            }
        case .call(.plus, let parts):
            guard case .call(.list, let first) = parts[0], let list = value.list else { return }
            takeApart(.list(Array(list.prefix(first.count))), parts[0], defined, scope, &object)
            takeApart(.list(Array(list.dropFirst(first.count))), parts[1], defined, scope, &object)
        case .call(.at, let parts):
            guard let list = reader.evaluate(parts[0], scope).list,
                let index = list.firstIndex(of: value)
            else { return }
            takeApart(.int(Int128(index)), parts[1], defined, scope, &object)
        default: break
        }
    }
}

extension Step {
    /// This step and all within it.
    fileprivate var everything: [Step] { [self] + inner.flatMap(\.everything) }
}

extension Expression {
    /// A name, or a name and a member, as formulas spell it.
    fileprivate var path: String? {
        switch self {
        case .name(let name): name
        case .member(.name(let object), let name): "\(object).\(name)"
        default: nil
        }
    }
}
