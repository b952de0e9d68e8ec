// SPDX-License-Identifier: Apache-2.0

/// One item of SET or REMOVE.
enum UpdateStep: Sendable {
    case property(entity: Evaluator, key: String, value: Evaluator)
    case properties(entity: Evaluator, value: Evaluator, keepsOthers: Bool)
    case labels(entity: Evaluator, [String], isAdding: Bool)

    func run(_ execution: Execution) throws(QueryError) {
        switch self {
        case .property(let entity, let key, let value):
            let target = try entity(execution)
            try execution.setProperty(key, of: target, to: try value(execution))
        case .properties(let entity, let value, let keepsOthers):
            let target = try entity(execution)
            try execution.setProperties(
                of: target, to: try value(execution), keepsOthers: keepsOthers)
        case .labels(let entity, let labels, let isAdding):
            try execution.setLabels(labels, of: try entity(execution), isAdding: isAdding)
        }
    }
}

/// SET and REMOVE.
final class UpdateOperator: WriteOperator {
    private let steps: [UpdateStep]

    init(_ input: Operator, _ steps: [UpdateStep], slots: [Int]) {
        self.steps = steps
        super.init(input, inputSlots: slots, outputSlots: slots)
    }

    override func apply(_ execution: Execution) throws(QueryError) {
        for step in steps { try step.run(execution) }
        try give(execution)
    }
}
