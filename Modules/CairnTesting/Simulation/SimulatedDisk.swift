// SPDX-License-Identifier: Apache-2.0
//
// The state of a simulated file system, without locks, faults and handles.
//
// - Every node has two views. A change goes to the volatile view at once and becomes pending.
// - A sync of a node moves its dirty pending changes, in program order, to the durable view.
// - What is durable supersedes older pending changes of the same bytes, size or names: no crash shows
//   them any more.
// - Nodes are never freed: an open or pending one may be without a name.

internal import CairnIO

struct SimulatedDisk: Sendable {
    private(set) var nodes: [SimulatedNode]
    /// In program order.
    private(set) var pending: [PendingEffect] = []

    static let root = NodeID(index: 0)

    init() {
        nodes = [SimulatedNode(kind: .directory)]
    }

    /// A disk on which all is durable; what the root does not lead to is dropped.
    init(kinds: [VirtualDirectoryEntry.Kind], views: [SimulatedNode.View]) {
        nodes = kinds.map { SimulatedNode(kind: $0) }
        var waiting = [Self.root]
        while let node = waiting.popLast() {
            var view = views[node.index]
            view.bytes.normalize()
            view.bytes.keepDigest()
            nodes[node.index].volatile = view
            nodes[node.index].durable = view
            waiting += view.entries.values
        }
    }

    subscript(id: NodeID) -> SimulatedNode {
        get { nodes[id.index] }
        _modify { yield &nodes[id.index] }
    }

    /// A new node without a name.
    mutating func makeNode(_ kind: VirtualDirectoryEntry.Kind) -> NodeID {
        nodes.append(SimulatedNode(kind: kind))
        return NodeID(index: nodes.count - 1)
    }

    /// Changes what the program sees; a crash may lose it.
    mutating func change(_ node: NodeID, _ change: PendingEffect.Change) {
        self[node].volatile.apply(change)
        pending.append(PendingEffect(node: node, change: change))
    }

    /// Changes both views: nothing becomes pending.
    mutating func changeDurably(_ node: NodeID, _ change: PendingEffect.Change) {
        self[node].volatile.apply(change)
        self[node].durable.apply(change)
    }

    /// A write as ``VirtualFile/write(_:at:)`` does it: data and size apart.
    mutating func write(_ bytes: ArraySlice<UInt8>, at offset: Int, to node: NodeID) {
        guard !bytes.isEmpty else { return }
        change(node, .data(offset: offset, bytes: bytes))
        let end = offset + bytes.count
        if end > self[node].volatile.bytes.count { change(node, .size(end)) }
    }

    /// A write as ``VirtualFile/writeDurably(_:at:)`` does it: these bytes become durable, older ones do not.
    /// The size becomes durable as a whole when it is needed to read them.
    mutating func writeDurably(_ bytes: ArraySlice<UInt8>, at offset: Int, to node: NodeID) {
        guard !bytes.isEmpty else { return }
        let end = offset + bytes.count
        if end > self[node].volatile.bytes.count { self[node].volatile.apply(.size(end)) }
        let data = PendingEffect.Change.data(offset: offset, bytes: bytes)
        self[node].volatile.apply(data)
        if end > self[node].durable.bytes.count {
            persist(.size(self[node].volatile.bytes.count), of: node)
        }
        persist(data, of: node)
    }

    /// Makes everything pending of `node` durable, but for what an earlier failed sync gave up.
    mutating func sync(_ node: NodeID) {
        var kept: [PendingEffect] = []
        var givenUp = false
        for effect in pending {
            guard effect.node == node, effect.isDirty else {
                givenUp = givenUp || effect.node == node
                kept.append(effect)
                continue
            }
            self[node].durable.apply(effect.change)
            if givenUp { kept = Self.superseded(kept, of: node, by: effect.change) }
        }
        pending = kept
        self[node].durable.bytes.normalize()
    }

    /// Applies a failed sync: nothing more is durable, and no later sync will try again.
    mutating func failSync(_ node: NodeID) {
        for index in pending.indices where pending[index].node == node {
            pending[index].isDirty = false
        }
    }

    /// Applies a failed sync on a file system that takes changes back: the program sees what the
    /// medium has, and nothing of the node is pending.
    mutating func revert(_ node: NodeID) {
        self[node].volatile = self[node].durable
        pending.removeAll { $0.node == node }
    }

    private mutating func persist(_ change: PendingEffect.Change, of node: NodeID) {
        self[node].durable.apply(change)
        pending = Self.superseded(pending, of: node, by: change)
    }

    /// The rest of older effects when a newer change of the same node became durable.
    private static func superseded(
        _ effects: [PendingEffect], of node: NodeID, by newer: PendingEffect.Change
    ) -> [PendingEffect] {
        effects.flatMap { effect in
            guard effect.node == node else { return [effect] }
            return effect.change.rest(after: newer).map {
                PendingEffect(node: node, change: $0, isDirty: effect.isDirty)
            }
        }
    }
}
