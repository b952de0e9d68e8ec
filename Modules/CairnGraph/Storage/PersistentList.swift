// SPDX-License-Identifier: Apache-2.0
//
// Elements in an order of their own: a counted B-tree whose nodes are arrays.
//
//     root    count 21   children ─▶ [ 6 │ 8 │ 7 ]        count of each child beside the reference to it
//                                      │   │   └─▶ elements [ … 7 ]
//                                      │   └─▶ elements [ … 8 ]
//                                      └─▶ elements [ … 6 ]
//
// - All elements are at the same depth. A node has at most 8 children or elements; it is split when it gets
//   more, joined with a neighbour when both together have at most half of that, and dropped when empty.
// - Nodes are copied on write, each for itself, because arrays are.

/// A list with insertion and removal anywhere. Copying is O(1); everything else is O(log *n*), and so is what
/// is copied when a copy is written to.
struct PersistentList<Element: Sendable>: Sendable {
    private var root = ListNode<Element>()

    init() {}

    init(_ elements: some Sequence<Element>) {
        for element in elements { insert(element, at: count) }
    }

    var count: Int { root.count }

    subscript(index: Int) -> Element { root[index] }

    /// Calls `body` with an element that it may change.
    mutating func update<Result>(_ index: Int, _ body: (inout Element) -> Result) -> Result {
        root.update(index, body)
    }

    mutating func insert(_ element: Element, at index: Int) {
        let isAtEnd = index == count
        guard let sibling = root.insert(element, at: index, isAtEnd: isAtEnd) else { return }
        root = ListNode(children: [root, sibling])
    }

    @discardableResult
    mutating func remove(at index: Int) -> Element {
        let element = root.remove(at: index)
        while root.children.count == 1 { root = root.children[0] }
        return element
    }

    /// The number of the first element for which `isBefore` is false; it is true for all before that.
    func partitionPoint(_ isBefore: (Element) -> Bool) -> Int { root.partitionPoint(isBefore) }
}

/// A node of a ``PersistentList``: it has children or elements.
struct ListNode<Element: Sendable>: Sendable {
    private(set) var children: [ListNode] = []
    private(set) var elements: [Element] = []
    private(set) var count = 0

    /// The number of children or elements that a node has at most.
    static var widthMax: Int { 8 }

    init() {}

    init(children: [ListNode]) {
        self.children = children
        count = children.reduce(0) { $0 + $1.count }
    }

    private var isLeaf: Bool { children.isEmpty }
    private var width: Int { isLeaf ? elements.count : children.count }

    /// The child that has an element, and the number of the element there. What is behind all elements
    /// belongs to the last child.
    private func child(_ index: Int) -> (child: Int, index: Int) {
        var (child, index) = (0, index)
        while child + 1 < children.count, index >= children[child].count {
            index -= children[child].count
            child += 1
        }
        return (child, index)
    }

    subscript(index: Int) -> Element {
        if isLeaf { return elements[index] }
        let (child, index) = child(index)
        return children[child][index]
    }

    mutating func update<Result>(_ index: Int, _ body: (inout Element) -> Result) -> Result {
        if isLeaf { return body(&elements[index]) }
        let (child, index) = child(index)
        return children[child].update(index, body)
    }

    /// - Returns: A node to stand behind this one, if it had to be split.
    mutating func insert(_ element: Element, at index: Int, isAtEnd: Bool) -> ListNode? {
        count += 1
        if isLeaf {
            elements.insert(element, at: index)
        } else {
            let (child, index) = child(index)
            if let new = children[child].insert(element, at: index, isAtEnd: isAtEnd) {
                children.insert(new, at: child + 1)
            }
        }
        guard width > Self.widthMax else { return nil }
        // Insertion in order leaves full nodes behind.
        return split(at: isAtEnd ? Self.widthMax : Self.widthMax / 2)
    }

    private mutating func split(at place: Int) -> ListNode {
        var rest = ListNode()
        if isLeaf {
            rest.elements = Array(elements[place...])
            rest.count = rest.elements.count
            elements.removeSubrange(place...)
        } else {
            rest = ListNode(children: Array(children[place...]))
            children.removeSubrange(place...)
        }
        count -= rest.count
        return rest
    }

    mutating func remove(at index: Int) -> Element {
        count -= 1
        if isLeaf { return elements.remove(at: index) }
        let (child, index) = child(index)
        let element = children[child].remove(at: index)
        if children[child].count == 0 {
            children.remove(at: child)
        } else if child + 1 < children.count,
            children[child].width + children[child + 1].width <= Self.widthMax / 2
        {
            children[child].join(children.remove(at: child + 1))
        }
        return element
    }

    private mutating func join(_ other: ListNode) {
        children += other.children
        elements += other.elements
        count += other.count
    }

    private var last: Element {
        isLeaf ? elements[elements.count - 1] : children[children.count - 1].last
    }

    func partitionPoint(_ isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (0, width)
        while low < high {
            let middle = (low + high) / 2
            let isBelow = isLeaf ? isBefore(elements[middle]) : isBefore(children[middle].last)
            if isBelow { low = middle + 1 } else { high = middle }
        }
        if isLeaf { return low }
        let start = children[..<low].reduce(0) { $0 + $1.count }
        return low == children.count ? start : start + children[low].partitionPoint(isBefore)
    }
}
