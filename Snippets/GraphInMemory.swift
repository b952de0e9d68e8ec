//! A property graph in memory: nodes, relationships, rules for both, a transaction that is taken back, a path.

import CairnGraph

var graph = GraphStore()
try graph.createUniqueConstraint(label: "Package", key: "name")
try graph.create(.index(type: "DEPENDS", keys: ["since"]))
let libc = try graph.createNode(labels: ["Package"], properties: ["name": "libc6"])
let zlib = try graph.createNode(labels: ["Package"], properties: ["name": "zlib1g"])
let curl = try graph.createNode(labels: ["Package"], properties: ["name": "curl"])
try graph.createRelationship("DEPENDS", from: curl, to: zlib, properties: ["since": 2003])
try graph.createRelationship("DEPENDS", from: zlib, to: libc, properties: ["since": 1996])
print("since 2000: \(graph.relationships(typed: "DEPENDS", where: .range("since", 2000...)).count)")

do {
    try graph.withTransaction { graph in
        try graph.createNode(labels: ["Package"], properties: ["name": "bash"])
        try graph.createNode(labels: ["Package"], properties: ["name": "curl"])
    }
} catch {
    print("taken back: \(graph.nodeCount) nodes")
}

let view = graph.view()  // stays as it is, and costs O(1)
try graph.deleteNode(curl, detach: true)
let path = view.shortestPath(from: curl, to: libc)!
print(path.nodes.map { view.node($0)!["name", as: String.self]! }.joined(separator: " -> "))

// Prints: since 2000: 1
// Prints: taken back: 3 nodes
// Prints: curl -> zlib1g -> libc6
