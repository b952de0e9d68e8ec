// SPDX-License-Identifier: Apache-2.0

/// For each row of the input the rows that a procedure of the host gives.
final class ProcedureOperator: InputOperator {
    private let procedure: QueryProcedure
    private let arguments: [Evaluator]
    /// The places of the results, by their place in the rows of the procedure.
    private let slots: [(result: Int, slot: Int)]
    private var rows: [[QueryValue]] = []
    @exclusivity(unchecked) private var index = 0

    init(
        _ input: Operator, _ procedure: QueryProcedure, arguments: [Evaluator],
        slots: [(result: Int, slot: Int)]
    ) {
        self.procedure = procedure
        self.arguments = arguments
        self.slots = slots
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        rows = []
        index = 0
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while true {
            if index < rows.count {
                try execution.tick()
                for (result, slot) in slots { execution.row[slot] = rows[index][result] }
                index += 1
                return true
            }
            guard try input.next(execution) else { return false }
            index = 0
            rows = try call(execution)
            // One that has no results keeps the row.
            if procedure.results.isEmpty {
                rows = []
                return true
            }
        }
    }

    private func call(_ execution: Execution) throws(QueryError) -> [[QueryValue]] {
        var values: [QueryValue] = []
        for (argument, parameter) in zip(arguments, procedure.parameters) {
            let value = try argument(execution)
            guard parameter.kind.takes(value) else {
                throw .runtime(.type, .invalidArgumentType, name: parameter.name)
            }
            values.append(value)
        }
        let rows: [[QueryValue]]
        do {
            rows = try procedure.body(values)
        } catch let error as QueryError {
            throw error
        } catch {
            throw .runtime(.procedure, .procedureFailed, name: procedure.name)
        }
        for value in rows.joined() { _ = try value.bounded() }
        guard rows.allSatisfy({ $0.count == procedure.results.count }) else {
            throw .runtime(.procedure, .procedureFailed, name: procedure.name)
        }
        return rows
    }
}

extension QueryProcedure.Kind {
    func takes(_ value: QueryValue) -> Bool {
        switch (self, value) {
        case (_, .null), (.any, _), (.boolean, .bool), (.integer, .int), (.string, .string),
            (.float, .double), (.float, .int), (.number, .double), (.number, .int):
            true
        default: false
        }
    }
}
