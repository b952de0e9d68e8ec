// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// The places of the one row of a run, by number.
///
/// Behind a pointer, because every step reads and writes them: elements of an array in a class would be checked each time for
/// other users of the array and of the property. One run is used by one thread at a time.
struct Row: ~Copyable {
    private let places: UnsafeMutablePointer<QueryValue>
    private let count: Int

    /// So many places with null in them.
    init(count: Int) {
        self.count = count
        places = .allocate(capacity: count)
        places.initialize(repeating: .null, count: count)
    }

    deinit {
        places.deinitialize(count: count)
        places.deallocate()
    }

    /// The node in a place; nil where something else is.
    @inline(__always)
    func node(_ place: Int) -> NodeID? {
        precondition(place >= 0 && place < count)
        guard case .node(let id) = places[place] else { return nil }
        return id
    }

    subscript(place: Int) -> QueryValue {
        @inline(__always)
        get {
            precondition(place >= 0 && place < count)
            return places[place]
        }
        @inline(__always)
        nonmutating set {
            precondition(place >= 0 && place < count)
            places[place] = newValue
        }
    }
}
