// SPDX-License-Identifier: Apache-2.0

/// The ids that were given out so far, and the holes among them.
struct GivenIDs: Sendable {
    /// The next id that the graph gives out.
    private(set) var next: UInt64 = 0
    /// Ascending, apart from one another.
    var holes: [Range<UInt64>] = []
    private(set) var holeCount = 0

    /// Notes that a line got its id.
    mutating func give(_ id: UInt64, got: UInt64) throws(JSONScanner.Problem) {
        guard id == got else { throw JSONScanner.Problem(code: .graphNotEmpty, offset: 0) }
        next = id + 1
    }

    /// Notes that a hole was filled.
    mutating func fill(_ id: UInt64, got: UInt64) throws(JSONScanner.Problem) {
        try give(id, got: got)
        holeCount += 1
        if let last = holes.last, last.upperBound == id {
            holes[holes.count - 1] = last.lowerBound..<id + 1
        } else {
            holes.append(id..<id + 1)
        }
    }

    /// Whether a line got this id.
    func contains(_ id: UInt64) -> Bool {
        guard id < next else { return false }
        var low = 0
        var high = holes.count
        while low < high {
            let middle = (low + high) / 2
            if holes[middle].upperBound <= id { low = middle + 1 } else { high = middle }
        }
        return low == holes.count || !holes[low].contains(id)
    }
}
