// SPDX-License-Identifier: Apache-2.0
//
// The nodes of a ``PersistentArray``.
//
// - A node is written to only while exactly one reference to it exists, and so does exactly one to each
//   node above it. Otherwise it is copied first, and the copy takes its place.
// - An inner node owns one reference to each child. It keeps them as raw pointers, so that going down the
//   tree counts no references; only a copy and the end of a node do.
// - Every node has room for all the children or elements that it can have.

/// A node whose children are nodes.
final class RadixInner: ManagedBuffer<Int, UnsafeRawPointer> {
    /// The number of bits of an index that choose a child.
    static var bits: Int { 3 }
    static var childCountMax: Int { 1 << bits }

    /// A node with one child, whose reference it takes over.
    static func make(_ child: UnsafeRawPointer) -> RadixInner {
        let node = make(count: 1)
        node.children.initialize(to: child)
        return node
    }

    private static func make(count: Int) -> RadixInner {
        unsafeDowncast(create(minimumCapacity: childCountMax) { _ in count }, to: RadixInner.self)
    }

    deinit {
        let (children, count) = (children, count)
        for index in 0..<count { Unmanaged<AnyObject>.fromOpaque(children[index]).release() }
    }

    /// The number of children. Through a pointer, because a node is never changed while it is read.
    private(set) var count: Int {
        @inline(__always) get { withUnsafeMutablePointerToHeader { $0.pointee } }
        @inline(__always) set { withUnsafeMutablePointerToHeader { $0.pointee = newValue } }
    }

    var children: UnsafeMutablePointer<UnsafeRawPointer> {
        @inline(__always) get { withUnsafeMutablePointerToElements { $0 } }
    }

    /// Adds a child behind the others, whose reference it takes over.
    func append(_ child: UnsafeRawPointer) {
        let count = count
        precondition(count < Self.childCountMax)
        (children + count).initialize(to: child)
        self.count = count + 1
    }

    /// The same children in a node of its own.
    func copy() -> RadixInner {
        let count = count
        let node = Self.make(count: count)
        let (source, target) = (children, node.children)
        for index in 0..<count {
            let child = source[index]
            _ = Unmanaged<AnyObject>.fromOpaque(child).retain()
            (target + index).initialize(to: child)
        }
        return node
    }

    /// The inner node at this place, not shared from now on.
    @inline(__always)
    static func unique(
        at place: UnsafeMutablePointer<UnsafeRawPointer>
    ) -> UnsafeMutablePointer<UnsafeRawPointer> {
        place.withMemoryRebound(to: RadixInner.self, capacity: 1) { place in
            if !isKnownUniquelyReferenced(&place.pointee) { place.pointee = place.pointee.copy() }
            return place.pointee.children
        }
    }

    /// Reads the first word of each child of the inner node that a pointer stands for.
    static func readHeaders(of node: UnsafeRawPointer) -> Int {
        Unmanaged<RadixInner>.fromOpaque(node)._withUnsafeGuaranteedRef { node in
            var words: UInt = 0
            for index in 0..<node.count { words |= node.children[index].load(as: UInt.self) }
            return Int(bitPattern: words >> 1)
        }
    }

    /// The children of the inner node that a pointer stands for.
    @inline(__always)
    static func children(
        of node: UnsafeRawPointer
    ) -> UnsafeMutablePointer<UnsafeRawPointer> {
        Unmanaged<RadixInner>.fromOpaque(node)._withUnsafeGuaranteedRef { $0.children }
    }
}

/// A node that holds elements.
final class RadixLeaf<Element>: ManagedBuffer<Int, Element> {
    /// The number of bits of an index that choose an element. Copying numbers costs little, but copying a reference
    /// writes to what it refers to.
    static var bits: Int { _isPOD(Element.self) ? 4 : 1 }
    static var elementCountMax: Int { 1 << bits }

    static func make() -> RadixLeaf {
        unsafeDowncast(create(minimumCapacity: elementCountMax) { _ in 0 }, to: RadixLeaf.self)
    }

    deinit { _ = elements.deinitialize(count: count) }

    /// The number of elements. Through a pointer, because a node is never changed while it is read.
    private(set) var count: Int {
        @inline(__always) get { withUnsafeMutablePointerToHeader { $0.pointee } }
        @inline(__always) set { withUnsafeMutablePointerToHeader { $0.pointee = newValue } }
    }

    var elements: UnsafeMutablePointer<Element> {
        @inline(__always) get { withUnsafeMutablePointerToElements { $0 } }
    }

    /// Adds an element behind the others.
    @inline(__always)
    func append(_ element: consuming Element) {
        let count = count
        precondition(count < Self.elementCountMax)
        (elements + count).initialize(to: element)
        self.count = count + 1
    }

    /// The same elements in a node of its own.
    func copy() -> RadixLeaf {
        let leaf = Self.make()
        let (source, target, count) = (elements, leaf.elements, count)
        // One by one, which the compiler knows how to do for the type of the elements.
        for index in 0..<count { (target + index).initialize(to: source[index]) }
        leaf.count = count
        return leaf
    }

    /// The elements of the leaf at this place, not shared from now on.
    @inline(__always)
    static func unique(
        at place: UnsafeMutablePointer<UnsafeRawPointer>
    ) -> UnsafeMutablePointer<Element> {
        place.withMemoryRebound(to: RadixLeaf.self, capacity: 1) { place in
            if !isKnownUniquelyReferenced(&place.pointee) { place.pointee = place.pointee.copy() }
            return place.pointee.elements
        }
    }

    /// The elements of the leaf that a pointer stands for.
    @inline(__always)
    static func elements(of node: UnsafeRawPointer) -> UnsafeMutablePointer<Element> {
        Unmanaged<RadixLeaf>.fromOpaque(node)._withUnsafeGuaranteedRef { $0.elements }
    }
}
