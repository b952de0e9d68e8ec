// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BenchSupport

struct SampleGraphTests {
    // The peer's script computes the same: person(0), person(12345), ends(7, 1000).
    @Test func theGraphIsTheOneThatThePeerMakes() {
        let graph = SampleGraph(nodeCount: 1000, relationshipCount: 100)
        #expect(graph.person(0).name == "person-0-296554")
        #expect(graph.person(12345).name == "person-12345-71313")
        #expect(graph.person(12345).score == 12707.43359375)
        #expect(graph.ends(7) == (from: 535, to: 979))
    }

    @Test func endsLieWithinTheGraph() {
        let graph = SampleGraph(nodeCount: 7, relationshipCount: 1000)
        for index in 0..<1000 {
            let ends = graph.ends(index)
            #expect((0..<7).contains(ends.from) && (0..<7).contains(ends.to))
        }
    }
}
