// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
public import CairnGraph

/// Writes a graph in the language of Graphviz.
///
/// A node is drawn with its property `name`, or else with its labels and its id; a relationship with its
/// type. Other properties are not written.
public enum DOTExport {
    /// Writes the text of a graph; see ``JSONLinesExport/write(_:to:)``.
    public static func write<Failure: Error>(
        _ graph: some GraphReader, to sink: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        var output = GatheredOutput()
        output.pending.append(utf8: "digraph cairn {\n")
        for id in graph.nodeIDs {
            guard let node = graph.node(id) else { continue }
            output.pending.append(utf8: "  n\(id) [label=\(quoted(label(of: node)))];\n")
            try output.writeIfMany(to: sink)
        }
        for relationship in graph.relationships {
            let ends = "n\(relationship.from) -> n\(relationship.to)"
            output.pending.append(utf8: "  \(ends) [label=\(quoted(relationship.type))];\n")
            try output.writeIfMany(to: sink)
        }
        output.pending.append(utf8: "}\n")
        try output.write(to: sink)
    }

    private static func label(of node: Node) -> String {
        if case .string(let name)? = node["name"] { return name }
        return (node.labels + ["\(node.id)"]).joined(separator: " ")
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            // Graphviz is written in C: a zero would end the text.
            case "\0": result += "\u{fffd}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
