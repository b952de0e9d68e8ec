//! A graph database in one directory: transactions, queries, and the graph after it was opened again.

import Cairn
import CairnGraph

let packages = try GraphDatabase.open("durable-graph")
try packages.write { graph in
    let zlib = try graph.createNode(labels: ["Package"], properties: ["name": "zlib1g"])
    let curl = try graph.createNode(labels: ["Package"], properties: ["name": "curl"])
    try graph.createRelationship("DEPENDS", from: curl, to: zlib)
}  // all of it is on disk, or none of it
try packages.write(query: "MATCH (p:Package {name: 'curl'}) SET p.version = '8.5'")
try packages.close()

let reopened = try GraphDatabase.open("durable-graph")
let name = "zlib1g"
for row in try reopened.query(
    "MATCH ({name: \(name)})<-[:DEPENDS]-(p) RETURN p.name AS name, p.version AS version")
{
    print(row["name"], row["version"])
}
try reopened.close()

// Prints: 'curl' '8.5'
