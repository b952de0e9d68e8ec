// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

struct GraphErrorTests {
    @Test(arguments: [
        (GraphError(code: .nodeNotFound, nodeID: NodeID(rawValue: 7)), "there is no node 7"),
        (
            GraphError(
                code: .uniqueViolation, nodeID: NodeID(rawValue: 7), label: "L", key: "k", value: 1),
            "node 7 with label \"L\" has this value of \"k\" already; it must be unique"
        ),
        (GraphError(code: .noTransaction), "no transaction is open; begin one first"),
    ])
    func errorsSayWhatToDo(error: GraphError, sentence: String) {
        #expect("\(error)" == sentence)
    }
}
