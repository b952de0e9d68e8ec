// SPDX-License-Identifier: Apache-2.0

/// Elements by number, in chunks of 1024 that are copied when written to, each for itself.
///
/// A copy shares all chunks. Writing to an element of a chunk that is shared copies that chunk and the
/// list of chunks, never all elements.
struct Chunked<Element: Sendable>: Sendable {
    /// How many bits of a number say where in a chunk the element is.
    static var chunkBits: Int { 10 }
    static var chunkSize: Int { 1 << chunkBits }

    private var chunks: [[Element]] = []
    private(set) var count = 0

    init() {}

    /// The same element `count` times.
    init(repeating element: Element, count: Int) {
        var rest = count
        chunks.reserveCapacity((count + Self.chunkSize - 1) >> Self.chunkBits)
        while rest > 0 {
            chunks.append(Array(repeating: element, count: Swift.min(rest, Self.chunkSize)))
            rest -= Self.chunkSize
        }
        self.count = count
    }

    /// Adds an element behind the last.
    mutating func append(_ element: Element) {
        let chunk = count >> Self.chunkBits
        if chunk == chunks.count { chunks.append([]) }
        // From here on the chunk will be filled; until then a small one stays small.
        if count & (Self.chunkSize - 1) == 64 { chunks[chunk].reserveCapacity(Self.chunkSize) }
        chunks[chunk].append(element)
        count += 1
    }

    /// Makes room for `additional` more chunks in the list of chunks.
    mutating func reserve(_ additional: Int) {
        chunks.reserveCapacity((count + additional + Self.chunkSize - 1) >> Self.chunkBits)
    }
}

extension Chunked: RandomAccessCollection, MutableCollection {
    var startIndex: Int { 0 }
    var endIndex: Int { count }

    subscript(index: Int) -> Element {
        get { chunks[index >> Self.chunkBits][index & (Self.chunkSize - 1)] }
        _modify { yield &chunks[index >> Self.chunkBits][index & (Self.chunkSize - 1)] }
    }
}
