//! Log sequence numbers and fences: what a number covers, and roles that the compiler tells apart.

import CairnLSN

let lsns = try LSNRange(first: .first, count: 3)
print("\(lsns.first) to \(lsns.last)")

// A fence covers everything up to its LSN and never moves back.
var durable = DurableFence()
try durable.advance(to: LSN(rawValue: 2))
print(durable.covers(lsns.first), durable.covers(lsns.last))
do {
    try durable.advance(to: .first)
} catch {
    print(error.code == .fenceMovedBack ? "a fence never moves back" : "\(error)")
}

// Prints: 1 to 3
// Prints: true false
// Prints: a fence never moves back
