// SPDX-License-Identifier: Apache-2.0
//
// Elements by number in a radix tree whose nodes are shared by copies.
//
//     count = 78, leaves of 4, inner nodes of 8
//
//     PersistentArray ── tail ───────────────────────────────▶ [76 77 · ·]
//          │ root
//          ▼
//     [ ○ ○ ○ · · · · · ]                       shift 5: bits 5–7 of the index
//       │ │ └──────────────────────┐
//       │ └─▶ [ ○ ○ ○ ○ ○ ○ ○ ○ ]  └─▶ [ ○ ○ ○ · · · · · ]     shift 2: bits 2–4
//       ▼                                │ │ │
//     [ ○ ○ ○ ○ ○ ○ ○ ○ ]                ▼ ▼ ▼
//       │ │ …                           [64 65 66 67] [68 …] [72 73 74 75]
//       ▼ ▼                              bits 0–1 of the index
//      [0 1 2 3] [4 5 6 7] …
//
// - The last leaf, which is never empty, hangs outside the tree: appending, and writing to what was
//   appended last, goes through no inner node however many elements there are.
// - All other leaves are full and at the same depth. Inner nodes are full but those on the right edge.
// - A copy shares all nodes. A write copies those nodes on its way that a copy can see: at most one of each
//   level, of which there are log₈(*n* / 4). Nodes between two writes without a copy are copied once.
// - The count of references to a node says whether a copy sees it, so dropping a copy frees exactly what
//   is not shared.

/// Elements by number. Copying is O(1), and so much is copied when a copy is written to as O(log *n*).
// Sendable because the elements are, and a node that more than one array can see does not change.
struct PersistentArray<Element: Sendable>: @unchecked Sendable {
    private typealias Leaf = RadixLeaf<Element>

    /// The leaves before the tail.
    private var root: RadixInner?
    private var tail: Leaf?
    /// The number of the first element of the tail.
    private var tailStart = 0
    private(set) var count = 0
    /// How far the bits of an index that choose a child of the root are from its low end.
    private var shift = 0

    private static var childMask: Int { RadixInner.childCountMax - 1 }
    private static var elementMask: Int { Leaf.elementCountMax - 1 }

    init() {}

    /// The same element `count` times. Equal leaves, and equal inner nodes, are the same ones, so it takes
    /// O(log *n*) memory until it is written to.
    init(repeating element: Element, count: Int) {
        guard count > 0 else { return }
        let tailCount = (count - 1) & Self.elementMask + 1
        let tail = Leaf.make()
        for _ in 0..<tailCount { tail.append(element) }
        self.tail = tail
        self.count = count
        tailStart = count - tailCount
        guard tailStart > 0 else { return }
        let leaf = Leaf.make()
        for _ in 0..<Leaf.elementCountMax { leaf.append(element) }
        root = Self.tree(of: leaf, leafCount: tailStart >> Leaf.bits, shift: &shift)
    }

    /// A tree whose leaves are all the same one.
    private static func tree(of leaf: Leaf, leafCount: Int, shift: inout Int) -> RadixInner {
        // Of each level: a full node, and how many nodes there are; the last one may be less than full.
        var full: AnyObject = leaf
        var edge: AnyObject = leaf
        var nodeCount = leafCount
        shift = Leaf.bits - RadixInner.bits
        repeat {
            let edgeChildCount = (nodeCount - 1) & childMask + 1
            let nextEdge = RadixInner.make(retained(edgeChildCount > 1 ? full : edge))
            for place in 1..<edgeChildCount {
                nextEdge.append(retained(place == edgeChildCount - 1 ? edge : full))
            }
            let nextFull = RadixInner.make(retained(full))
            for _ in 1..<RadixInner.childCountMax { nextFull.append(retained(full)) }
            (full, edge) = (nextFull, nextEdge)
            nodeCount = (nodeCount + childMask) >> RadixInner.bits
            shift += RadixInner.bits
        } while nodeCount > 1
        return unsafeDowncast(edge, to: RadixInner.self)
    }

    private static func retained(_ node: AnyObject) -> UnsafeRawPointer {
        UnsafeRawPointer(Unmanaged.passRetained(node).toOpaque())
    }

    /// Adds an element behind the last.
    ///
    /// - Complexity: O(1), amortized; O(log *n*) behind a full leaf.
    @inline(__always)
    mutating func append(_ element: consuming Element) {
        if count & Self.elementMask == 0 {
            startTail()
        } else if !isKnownUniquelyReferenced(&tail) {
            tail = tail.unsafelyUnwrapped.copy()
        }
        tail.unsafelyUnwrapped.append(element)
        count &+= 1
    }

    /// Hangs the tail, which is full, into the tree, and begins another.
    @inline(never)
    private mutating func startTail() {
        if let full = tail { hang(Self.retained(full)) }
        tail = Leaf.make()
        tailStart = count
    }

    /// Makes a leaf, whose reference it takes over, the last of the tree.
    private mutating func hang(_ leaf: UnsafeRawPointer) {
        guard let old = root else {
            root = RadixInner.make(leaf)
            shift = Leaf.bits
            return
        }
        if tailStart >> (shift + RadixInner.bits) != 0 {
            root = RadixInner.make(Self.retained(old))
            shift += RadixInner.bits
        }
        guard var node = uniqueRoot() else { return }
        var shift = shift
        while shift > Leaf.bits {
            let place = (tailStart >> shift) & Self.childMask
            if place == node.count { return node.append(Self.branch(to: leaf, shift)) }
            _ = RadixInner.unique(at: node.children + place)
            node = Unmanaged<RadixInner>.fromOpaque(node.children[place]).takeUnretainedValue()
            shift -= RadixInner.bits
        }
        node.append(leaf)
    }

    /// A branch with one leaf, to hang below a node whose children are chosen at `shift`.
    private static func branch(to leaf: UnsafeRawPointer, _ shift: Int) -> UnsafeRawPointer {
        var branch = leaf
        for _ in 0..<(shift - Leaf.bits) / RadixInner.bits {
            branch = retained(RadixInner.make(branch))
        }
        return branch
    }

    private mutating func uniqueRoot() -> RadixInner? {
        if !isKnownUniquelyReferenced(&root) { root = root?.copy() }
        return root
    }

    // MARK: Finding

    /// Where an element is; valid while the array is neither changed nor given up.
    @inline(__always)
    func place(of index: Int) -> UnsafePointer<Element> {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        if index >= tailStart {
            return UnsafePointer(tail.unsafelyUnwrapped.elements) + (index &- tailStart)
        }
        var children = root.unsafelyUnwrapped.children
        var shift = shift
        while shift > Leaf.bits {
            children = RadixInner.children(of: children[(index &>> shift) & Self.childMask])
            shift &-= RadixInner.bits
        }
        let leaf = children[(index &>> Leaf.bits) & Self.childMask]
        return UnsafePointer(Leaf.elements(of: leaf)) + (index & Self.elementMask)
    }

    /// Reads a word of all that a write to an element behind a view counts references to: the children of each node
    /// on the way, and the parts of the elements of its leaf. Reads overlap in the processor; counts, which are atomic,
    /// wait for one another, each for memory that is far away when the array is large.
    ///
    /// - Parameter part: Reads a word of each part of an element.
    func fetchWay(to index: Int, _ part: (borrowing Element) -> Int) {
        var words = 0
        guard index < tailStart, var children = root?.children else { return }
        var shift = shift
        while shift > Leaf.bits {
            let node = children[(index &>> shift) & Self.childMask]
            words |= RadixInner.readHeaders(of: node)
            children = RadixInner.children(of: node)
            shift &-= RadixInner.bits
        }
        let leaf = children[(index &>> Leaf.bits) & Self.childMask]
        let elements = Leaf.elements(of: leaf)
        // All leaves but the tail are full.
        for place in 0..<Leaf.elementCountMax { words |= part(elements[place]) }
        // Never false, which the compiler does not know: otherwise it would leave out the reads.
        precondition(words >= 0)
    }

    /// The place of an element that will be written to, in nodes that are not shared.
    @inline(__always)
    private mutating func uniquePlace(of index: Int) -> UnsafeMutablePointer<Element> {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        if index >= tailStart {
            if !isKnownUniquelyReferenced(&tail) { tail = tail.unsafelyUnwrapped.copy() }
            return tail.unsafelyUnwrapped.elements + (index &- tailStart)
        }
        if !isKnownUniquelyReferenced(&root) { root = root.unsafelyUnwrapped.copy() }
        var children = root.unsafelyUnwrapped.children
        var shift = shift
        while shift > Leaf.bits {
            children = RadixInner.unique(at: children + ((index &>> shift) & Self.childMask))
            shift &-= RadixInner.bits
        }
        let elements = Leaf.unique(at: children + ((index &>> Leaf.bits) & Self.childMask))
        return elements + (index & Self.elementMask)
    }
}

extension PersistentArray: RandomAccessCollection, MutableCollection {
    var startIndex: Int { 0 }
    var endIndex: Int { count }

    /// - Complexity: O(log *n*), O(1) near the end.
    subscript(index: Int) -> Element {
        @inline(__always)
        _read { yield place(of: index).pointee }
        @inline(__always)
        _modify { yield &uniquePlace(of: index).pointee }
    }
}

extension PersistentArray {
    /// The number of elements from an index on that are those right before, as many, because their nodes are the same:
    /// see ``init(repeating:count:)``. 0 when none are known to be.
    ///
    /// - Complexity: O(log *n*).
    func repeatedCount(at index: Int) -> Int {
        guard index < tailStart, index & Self.elementMask == 0, var children = root?.children else {
            return 0
        }
        var shift = shift
        while true {
            let place = (index >> shift) & Self.childMask
            let isStart = index & (1 << shift - 1) == 0
            if isStart, place > 0, children[place] == children[place - 1] { return 1 << shift }
            guard shift > Leaf.bits else { return 0 }
            children = RadixInner.children(of: children[place])
            shift -= RadixInner.bits
        }
    }

    /// Calls `body` with every node, and how many bytes it takes: shared ones are the same in a copy.
    func forEachNode(_ body: (UnsafeRawPointer, Int) -> Void) {
        if let tail {
            body(UnsafeRawPointer(Unmanaged.passUnretained(tail).toOpaque()), Self.leafByteCount)
        }
        guard let root else { return }
        visit(UnsafeRawPointer(Unmanaged.passUnretained(root).toOpaque()), shift, body)
    }

    private func visit(
        _ node: UnsafeRawPointer, _ shift: Int, _ body: (UnsafeRawPointer, Int) -> Void
    ) {
        guard shift >= Leaf.bits else { return body(node, Self.leafByteCount) }
        body(node, 24 + RadixInner.childCountMax * 8)
        let inner = Unmanaged<RadixInner>.fromOpaque(node).takeUnretainedValue()
        for place in 0..<inner.count {
            visit(inner.children[place], shift - RadixInner.bits, body)
        }
    }

    private static var leafByteCount: Int {
        24 + Leaf.elementCountMax * MemoryLayout<Element>.stride
    }
}
