// SPDX-License-Identifier: Apache-2.0

/// The rows of the input for which a condition is true.
final class FilterOperator: InputOperator {
    private let condition: Evaluator

    init(_ input: Operator, condition: @escaping Evaluator) {
        self.condition = condition
        super.init(input)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while try input.next(execution) {
            if try execution.truth(condition(execution)) ?? false { return true }
        }
        return false
    }
}

/// The rows of the input with more places filled.
final class ProjectOperator: InputOperator {
    struct Assignment: Sendable {
        let slot: Int
        let value: Evaluator
    }

    private let assignments: [Assignment]

    init(_ input: Operator, _ assignments: [Assignment]) {
        self.assignments = assignments
        super.init(input)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        guard try input.next(execution) else { return false }
        for assignment in assignments {
            execution.row[assignment.slot] = try assignment.value(execution)
        }
        return true
    }
}

/// For each row of the input a row for each element of a list.
final class UnwindOperator: InputOperator {
    private let slot: Int
    private let list: Evaluator
    @exclusivity(unchecked) private var elements: [QueryValue] = []
    @exclusivity(unchecked) private var index = 0

    init(_ input: Operator, slot: Int, list: @escaping Evaluator) {
        self.slot = slot
        self.list = list
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        elements = []
        index = 0
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while true {
            if index < elements.count {
                try execution.tick()
                execution.row[slot] = elements[index]
                index += 1
                return true
            }
            guard try input.next(execution) else { return false }
            index = 0
            switch try list(execution) {
            case .null: elements = []
            case .list(let values): elements = values
            case let value: elements = [value]
            }
        }
    }
}

/// The rows of the input but some of the first, and then at most a number of rows.
final class WindowOperator: InputOperator {
    private let skip: Evaluator?
    private let limit: Evaluator?
    @exclusivity(unchecked) private var skipCount = 0
    @exclusivity(unchecked) private var restCount = Int.max
    @exclusivity(unchecked) private var hasBegun = false

    init(_ input: Operator, skip: Evaluator?, limit: Evaluator?) {
        self.skip = skip
        self.limit = limit
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        skipCount = try execution.rowCount(skip) ?? 0
        restCount = try execution.rowCount(limit) ?? .max
        hasBegun = false
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        guard restCount > 0 else {
            // Changes happen even where no row is wanted; they all do before the first row comes.
            if !hasBegun, execution.plan.isWriting { _ = try input.next(execution) }
            hasBegun = true
            return false
        }
        hasBegun = true
        while skipCount > 0 {
            guard try input.next(execution) else { return false }
            skipCount -= 1
        }
        guard try input.next(execution) else { return false }
        restCount -= 1
        return true
    }
}

extension Execution {
    /// The value of SKIP or LIMIT.
    func rowCount(_ expression: Evaluator?) throws(QueryError) -> Int? {
        guard let expression else { return nil }
        guard case .int(let count) = try expression(self) else {
            throw .runtime(.syntax, .invalidArgumentType)
        }
        guard count >= 0 else { throw .runtime(.syntax, .negativeIntegerArgument) }
        return Int(clamping: count)
    }
}

/// The rows of the input that differ in some places from all before.
final class DistinctOperator: InputOperator {
    private let slots: [Int]
    @exclusivity(unchecked) private var seen: Set<[QueryValue]> = []

    init(_ input: Operator, slots: [Int]) {
        self.slots = slots
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        execution.letGo(seen.count * (slots.count + 1))
        seen = []
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while try input.next(execution) {
            if seen.insert(execution.values(slots)).inserted {
                try execution.hold(slots.count + 1)
                return true
            }
        }
        return false
    }
}

/// The rows of one input after the other.
final class UnionOperator: Operator {
    private let inputs: [Operator]
    @exclusivity(unchecked) private var index = 0

    init(_ inputs: [Operator]) { self.inputs = inputs }

    override func open(_ execution: Execution) throws(QueryError) {
        index = 0
        try inputs.first?.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while index < inputs.count {
            if try inputs[index].next(execution) { return true }
            index += 1
            if index < inputs.count { try inputs[index].open(execution) }
        }
        return false
    }
}

/// For each row of the input the rows of another plan, or one with nulls where that gives none.
final class OptionalOperator: InputOperator {
    private let inner: Operator
    private let slots: [Int]
    @exclusivity(unchecked) private var isActive = false
    @exclusivity(unchecked) private var hasFound = false

    init(_ input: Operator, _ inner: Operator, slots: [Int]) {
        self.inner = inner
        self.slots = slots
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        isActive = false
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while true {
            if isActive {
                if try inner.next(execution) {
                    hasFound = true
                    return true
                }
                isActive = false
                if !hasFound {
                    for slot in slots { execution.row[slot] = .null }
                    return true
                }
            }
            guard try input.next(execution) else { return false }
            isActive = true
            hasFound = false
            try inner.open(execution)
        }
    }
}
