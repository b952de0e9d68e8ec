// SPDX-License-Identifier: Apache-2.0

/// The relationships that a look-up gives. Their ends are the work of ``EndsOperator``.
final class RelationshipLookupOperator: EntityBlockOperator {
    private let lookup: LookupOperator.Lookup

    init(_ input: Operator, slot: Int, lookup: @escaping LookupOperator.Lookup) {
        self.lookup = lookup
        super.init(input, slot: slot, isOfRelationships: true)
    }

    override func nextBlock(
        _ numbers: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Bool {
        while true {
            guard try input.next(execution) else { return false }
            try execution.tick()
            numbers = try lookup(execution)
            if !numbers.isEmpty { return true }
        }
    }
}

/// The relationships of a type in the order of a property, for an input of one row.
final class RelationshipOrderOperator: EntityBlockOperator {
    private let walk: IndexOrderWalk

    init(_ input: Operator, slot: Int, _ order: IndexOrder) {
        walk = IndexOrderWalk(order)
        super.init(input, slot: slot, isOfRelationships: true)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        walk.stop()
        try super.open(execution)
    }

    override func nextBlock(
        _ numbers: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Bool {
        try walk.next(&numbers, upTo: count, of: input, execution)
    }
}
