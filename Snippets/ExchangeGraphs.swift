//! A graph as JSON Lines and back, and as DOT for a drawing.

import CairnExchange
import CairnFormat
import CairnGraph

var graph = GraphStore()
let curl = try graph.createNode(labels: ["Package"], properties: ["name": "curl"])
let zlib = try graph.createNode(labels: ["Package"], properties: ["name": "zlib1g"])
try graph.createRelationship("DEPENDS", from: curl, to: zlib)

var lines: [UInt8] = []
JSONLinesExport.write(graph) { bytes in bytes.withUnsafeBytes { lines += $0 } }
print(String(decoding: lines.prefix(while: { $0 != UInt8(ascii: "\n") }), as: UTF8.self))

var copy = GraphStore()
var importer = JSONLinesImport()
try importer.read(lines.span.bytes, into: &copy)
try importer.finish(into: &copy)
print("\(importer.nodeCount) nodes, \(importer.relationshipCount) relationship")

var dot: [UInt8] = []
DOTExport.write(copy) { bytes in bytes.withUnsafeBytes { dot += $0 } }
print(String(decoding: dot, as: UTF8.self).hasPrefix("digraph"))

// Prints: {"kind":"node","id":0,"labels":["Package"],"properties":{"name":"curl"}}
// Prints: 2 nodes, 1 relationship
// Prints: true
