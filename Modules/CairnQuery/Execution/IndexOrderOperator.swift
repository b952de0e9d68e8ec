// SPDX-License-Identifier: Apache-2.0
//
// An index has the order of values that a store keeps, the language has another one of kinds: values that it has no
// literals for and times, then texts, truth values, numbers, null. So nodes, or relationships, come kind by kind. Within texts, truth
// values and numbers both orders are the same, and they come as the index has them, one by one. Those with values of other
// kinds, of which there are few as a rule, are sorted; those without a value are looked for among all with the label or of the type,
// if there are any.

internal import CairnGraph

/// Where nodes, or relationships, are found in the order of a property.
struct IndexOrder: Sendable {
    let group: EntityGroup
    /// The keys that an index begins with, and the values that the members have of them.
    let values: [(key: Int, value: Evaluator)]
    /// Finds the members with these values, in any order; nil without such.
    let lookup: LookupOperator.Lookup?
    /// The property that the rows are in the order of.
    let key: Int
    let keyName: String
    let isDescending: Bool
    /// The range in which the property is; nil for all members.
    let bounds: IndexRange?
}

/// The nodes with a label in the order of a property, for an input of one row.
final class IndexOrderOperator: NodeBlockOperator {
    private let walk: IndexOrderWalk

    init(_ input: Operator, slot: Int, _ order: IndexOrder) {
        walk = IndexOrderWalk(order)
        super.init(input, slot: slot)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        walk.stop()
        try super.open(execution)
    }

    override func nextBlock(
        _ nodes: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Bool {
        try walk.next(&nodes, upTo: count, of: input, execution)
    }
}

/// The members of a group in the order of a property.
final class IndexOrderWalk {
    private enum Part {
        case walk(EntityOrderNumbers)
        /// The rest of some members.
        case list(ArraySlice<UInt32>)
        /// Those without a value.
        case missing(NodeNumbers)
    }

    private let order: IndexOrder
    /// The remaining entries, the next one last.
    @exclusivity(unchecked) private var parts: [Part] = []

    init(_ order: IndexOrder) { self.order = order }

    func stop() { parts = [] }

    /// Replaces what is in `members` by the next ones of the row of the input that is there, at least one and at most
    /// `count`, and goes on with the next row.
    ///
    /// - Returns: False when there are no more.
    func next(
        _ members: inout [UInt32], upTo count: Int, of input: Operator, _ execution: Execution
    ) throws(QueryError) -> Bool {
        while true {
            if try next(&members, upTo: count, execution) { return true }
            guard try input.next(execution) else { return false }
            try begin(execution)
        }
    }

    /// Begins with the values that the row has now.
    private func begin(_ execution: Execution) throws(QueryError) {
        parts = try ascendingParts(execution)
        if order.isDescending { parts.reverse() }
        parts.reverse()
    }

    /// Replaces what is in `members` by the next ones, at least one and at most `count`.
    ///
    /// - Returns: False when there are no more.
    private func next(
        _ members: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Bool {
        while let part = parts.popLast() {
            try execution.tick()
            if let rest = try take(part, &members, upTo: count, execution) { parts.append(rest) }
            if !members.isEmpty { return true }
        }
        return false
    }

    /// Takes members of a part; returns what is left of it.
    private func take(
        _ part: Part, _ members: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Part? {
        switch part {
        case .walk(var numbers):
            numbers.next(upTo: count, &members)
            return members.count < count ? nil : .walk(numbers)
        case .list(let list):
            members.removeAll(keepingCapacity: true)
            members.append(contentsOf: list.prefix(count))
            return list.count > count ? .list(list.dropFirst(count)) : nil
        case .missing(var numbers):
            numbers.next(upTo: count, &members)
            let isLast = members.count < count
            try execution.tick(members.count)
            if let key = execution.key(order.key) {
                members.removeAll { member in
                    if case .none = order.group.property(key, of: member, execution) {
                        false
                    } else {
                        true
                    }
                }
            }
            return isLast ? nil : .missing(numbers)
        }
    }

    /// The parts in ascending order.
    private func ascendingParts(_ execution: Execution) throws(QueryError) -> [Part] {
        guard let group = order.group.number(execution) else { return [] }
        let all = order.group.members(group, execution)
        var values: [(key: UInt32, value: Value)] = []
        for (key, evaluator) in order.values {
            // A number may be stored in several forms, which are in several places of the index.
            let forms = try evaluator(execution).storedForms
            guard let key = execution.key(key), let forms, forms.count == 1 else {
                return try sorted(try candidates(group, execution), execution)
            }
            values.append((key, forms[0]))
        }
        guard let key = execution.key(order.key),
            let index = order.group.order(group, values, by: key, execution)
        else { return try sorted(try candidates(group, execution), execution) }
        let isDescending = order.isDescending
        if let bounds = order.bounds {
            guard let range = try bounds.predicate(order.keyName, execution) else { return [] }
            let numbers = index.numbers(where: range.predicate, descending: isDescending)
            return range.isOrdered ? [.walk(numbers)] : try sorted(Array(numbers), execution)
        }
        var parts = try sorted(
            Array(index.numbers(.other, descending: isDescending)), execution)
        for kind in [EntityOrder.Kind.string, .bool, .number] {
            parts.append(.walk(index.numbers(kind, descending: isDescending)))
        }
        if values.isEmpty {
            let count = order.group.memberCount(group, execution)
            if index.count < count { parts.append(.missing(all)) }
        } else {
            parts.append(.walk(index.numbers(.missing, descending: isDescending)))
        }
        return parts
    }

    /// All members that may be meant; those that are not are left out by the conditions.
    private func candidates(
        _ group: UInt32, _ execution: Execution
    ) throws(QueryError) -> [UInt32] {
        if let lookup = order.lookup { return try lookup(execution) }
        var found: [UInt32] = []
        var members = order.group.members(group, execution)
        while let member = members.next() {
            try execution.tick()
            found.append(member)
        }
        return found
    }

    private func sorted(
        _ members: [UInt32], _ execution: Execution
    ) throws(QueryError) -> [Part] {
        guard !members.isEmpty else { return [] }
        try execution.reserve(members.count * 2)
        var values: [(value: QueryValue, member: UInt32)] = []
        let key = execution.key(order.key)
        for member in members {
            let packed = key.map { order.group.property($0, of: member, execution) } ?? .none
            values.append((QueryValue(packed), member))
        }
        let wanted: Order = order.isDescending ? .after : .before
        values.sort { $0.value.order($1.value) == wanted }
        return [.list(ArraySlice(values.map(\.member)))]
    }
}
