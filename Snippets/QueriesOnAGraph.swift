//! Queries in openCypher's language: parameters, a plan that is kept, rows as Swift types.

import CairnGraph
import CairnQuery

var graph = GraphStore()
try graph.execute(
    """
    CREATE (libc:Package {name: 'libc6'}), (zlib:Package {name: 'zlib1g'}), (curl:Package {name: 'curl'}),
           (zlib)-[:DEPENDS]->(libc), (curl)-[:DEPENDS]->(libc), (curl)-[:DEPENDS]->(zlib)
    """)

// What is interpolated becomes a parameter, never syntax.
let name = "libc6"
for row in try graph.query(
    "MATCH ({name: \(name)})<-[:DEPENDS]-(p) RETURN p.name AS name ORDER BY name")
{
    print(row["name"])
}

struct Count: Decodable {
    var name: String
    var users: Int
}
let counts = try graph.query(
    "MATCH (p)<-[d:DEPENDS]-() RETURN p.name AS name, count(d) AS users ORDER BY users DESC"
).decode(as: Count.self)
print(counts.map { "\($0.name): \($0.users)" })

// Prints: 'curl'
// Prints: 'zlib1g'
// Prints: ["libc6: 2", "zlib1g: 1"]
