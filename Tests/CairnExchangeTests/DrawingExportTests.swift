// SPDX-License-Identifier: Apache-2.0

import CairnExchange
import CairnGraph
import Foundation
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

struct DrawingExportTests {
    private func graph() throws -> GraphStore {
        var graph = GraphStore()
        let ada = try graph.createNode(
            labels: ["B", "A"],
            properties: [
                "name": "a\"<&>\n\u{1}", "n": 1, "d": .double(-.infinity), "mixed": 1,
                "l": [1, "<"],
            ])
        let other = try graph.createNode(properties: ["d": 1.5, "mixed": true, "name": ""])
        try graph.createRelationship("T<", from: ada, to: other, properties: ["n": false])
        return graph
    }

    @Test func dot() throws {
        let graph = try graph()
        #expect(
            text { DOTExport.write(graph, to: $0) }
                == #"""
                digraph cairn {
                  n0 [label="a\"<&>\n\#u{1}"];
                  n1 [label=""];
                  n0 -> n1 [label="T<"];
                }

                """#)
    }

    @Test func dotNamesANodeWithoutNameByItsLabels() throws {
        var graph = GraphStore()
        try graph.createNode(labels: ["B", "A"])
        #expect(text { DOTExport.write(graph, to: $0) }.contains(#"n0 [label="A B 0"]"#))
    }

    @Test func graphML() throws {
        let graph = try graph()
        let xml = text { GraphMLExport.write(graph, to: $0) }
        #expect(
            xml == """
                <?xml version="1.0" encoding="UTF-8"?>
                <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
                <key id="n" for="node" attr.name=":labels" attr.type="string"/>
                <key id="n0" for="node" attr.name="d" attr.type="double"/>
                <key id="n1" for="node" attr.name="l" attr.type="string"/>
                <key id="n2" for="node" attr.name="mixed" attr.type="string"/>
                <key id="n3" for="node" attr.name="n" attr.type="long"/>
                <key id="n4" for="node" attr.name="name" attr.type="string"/>
                <key id="e" for="edge" attr.name=":type" attr.type="string"/>
                <key id="e0" for="edge" attr.name="n" attr.type="boolean"/>
                <graph edgedefault="directed">
                <node id="n0"><data key="n">:A:B</data><data key="n0">-INF</data>\
                <data key="n1">[1,&quot;&lt;&quot;]</data><data key="n2">1</data><data key="n3">1</data>\
                <data key="n4">a&quot;&lt;&amp;&gt;&#10;\u{fffd}</data></node>
                <node id="n1"><data key="n"></data><data key="n0">1.5</data><data key="n2">true</data>\
                <data key="n4"></data></node>
                <edge id="e0" source="n0" target="n1"><data key="e">T&lt;</data>\
                <data key="e0">false</data></edge>
                </graph>
                </graphml>

                """)
        #expect(XMLParser(data: Data(xml.utf8)).parse())
    }

    /// Readers compute with a key that has integers and doubles.
    @Test func integersAndDoublesOfAKeyAreOneNumericAttribute() throws {
        var graph = GraphStore()
        let node = try graph.createNode(properties: ["x": .int(.max), "y": 1, "z": 2])
        try graph.createNode(properties: ["x": 0.5, "y": "one", "z": true])
        try graph.createRelationship("T", from: node, to: node, properties: ["weight": 2.5])
        try graph.createRelationship("T", from: node, to: node, properties: ["weight": 3])
        try graph.createRelationship(
            "T", from: node, to: node, properties: ["weight": .double(.nan)])
        let xml = text { GraphMLExport.write(graph, to: $0) }
        for part in [
            #"attr.name="x" attr.type="double""#, #"attr.name="y" attr.type="string""#,
            #"attr.name="z" attr.type="string""#, #"attr.name="weight" attr.type="double""#,
            ">9223372036854775807<", ">2.5<", ">3<", ">NaN<",
        ] {
            #expect(xml.contains(part), "\(part)")
        }
    }

    @Test func outputComesInPieces() throws {
        var graph = GraphStore()
        for _ in 0..<10_000 { try graph.createNode(labels: ["Label"]) }
        for write in [
            { JSONLinesExport.write(graph, to: $0) }, { DOTExport.write(graph, to: $0) },
            { GraphMLExport.write(graph, to: $0) },
        ] as [((RawSpan) -> Void) -> Void] {
            var counts: [Int] = []
            write { counts.append($0.byteCount) }
            #expect(counts.count > 2)
            #expect(counts.allSatisfy { $0 < 80 << 10 })
        }
    }
}
