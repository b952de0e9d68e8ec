// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// Writes a graph in the language of Graphviz.
enum DotExport {
    static func write(_ graph: borrowing GraphStore) throws {
        var output = StandardOutput()
        try output.line("digraph cairn {")
        for node in graph.nodes {
            try output.line("  n\(node.id.rawValue) [label=\(quoted(label(of: node)))];")
        }
        for relationship in graph.relationships {
            let ends = "n\(relationship.from.rawValue) -> n\(relationship.to.rawValue)"
            try output.line("  \(ends) [label=\(quoted(relationship.type))];")
        }
        try output.line("}")
        try output.flush()
    }

    /// The name of a node, or else its labels and its id.
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
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
