// SPDX-License-Identifier: Apache-2.0

@testable import CairnGraph

extension GraphStore {
    /// The error of a mutation; nil when there was none.
    mutating func refusal(
        _ body: (inout GraphStore) throws(GraphError) -> Void
    ) -> GraphError? {
        failure { () throws(GraphError) in try body(&self) }
    }

    /// The error of a step; nil when there was none.
    mutating func refusal(of step: GraphStep) -> GraphError? {
        refusal { (store) throws(GraphError) in try store.perform(step) }
    }
}
