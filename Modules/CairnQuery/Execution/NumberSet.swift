// SPDX-License-Identifier: Apache-2.0

/// Numbers of nodes, each once.
struct NumberSet {
    /// By place; ``none`` where no number is.
    private var places: [UInt32] = []
    private(set) var count = 0

    /// No node has this number.
    private static let none = UInt32.max

    @inline(__always)
    private func place(of number: UInt32) -> Int {
        // Numbers that follow one another are spread; the upper half of a product depends on all bits.
        Int(truncatingIfNeeded: (UInt64(number) &* 0x9E37_79B9_7F4A_7C15) >> 32)
            & (places.count &- 1)
    }

    func contains(_ number: UInt32) -> Bool {
        guard count > 0 else { return false }
        var place = place(of: number)
        while places[place] != Self.none {
            if places[place] == number { return true }
            place = (place &+ 1) & (places.count &- 1)
        }
        return false
    }

    /// Adds a number; false when it was there.
    mutating func insert(_ number: UInt32) -> Bool {
        if count &* 2 >= places.count { grow() }
        var place = place(of: number)
        while places[place] != Self.none {
            if places[place] == number { return false }
            place = (place &+ 1) & (places.count &- 1)
        }
        places[place] = number
        count &+= 1
        return true
    }

    mutating func removeAll() {
        guard count > 0 else { return }
        count = 0
        if places.count > 1024 {
            places = []
        } else {
            for place in places.indices { places[place] = Self.none }
        }
    }

    private mutating func grow() {
        let old = places
        places = Array(repeating: Self.none, count: max(8, old.count * 2))
        for number in old where number != Self.none {
            var place = place(of: number)
            while places[place] != Self.none { place = (place &+ 1) & (places.count &- 1) }
            places[place] = number
        }
    }
}
