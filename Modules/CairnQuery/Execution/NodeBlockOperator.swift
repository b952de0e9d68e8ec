// SPDX-License-Identifier: Apache-2.0
//
// - A source of nodes gives them one by one, as any operator, or in blocks to a consumer that knows blocks: a consumer
//   then reads properties of many nodes at once, and fills no row for each of them.
// - A block belongs to one row of the input: all other places of the row are the same for all of its nodes.
// - A consumer either calls ``next(_:)`` or ``nextBlock(_:upTo:_:)`` from one opening to the next.

/// For each row of the input some nodes, in blocks.
class NodeBlockOperator: EntityBlockOperator {
    init(_ input: Operator, slot: Int) {
        super.init(input, slot: slot, isOfRelationships: false)
    }
}
