// SPDX-License-Identifier: Apache-2.0
//
// Two disks are the same for a crash when these agree: the durable view, pending effects, and the content of removed files,
// which may show as stale bytes.

internal import CairnIO

extension SimulatedDisk {
    /// Keeps the digests of all contents, so that copies need not compute them again.
    mutating func keepDigests() {
        for index in nodes.indices where nodes[index].kind == .file {
            self[NodeID(index: index)].volatile.bytes.keepDigest()
            self[NodeID(index: index)].durable.bytes.keepDigest()
        }
    }

    /// Follows from all that ``image(_:)`` reads.
    var fingerprint: UInt64 {
        var hash = UInt64(nodes.count)
        func add(_ number: UInt64) { hash = SplitMix64.mixed(hash ^ number) }
        for node in nodes {
            add(node.kind == .file ? 1 : 2)
            add(node.durable.bytes.digest)
            add(node.volatile.bytes.digest)
            // The order of a directory's entries does not matter.
            var entries: UInt64 = 0
            for (name, child) in node.durable.entries {
                entries &+= Self.hash(of: name, seed: UInt64(child.index))
            }
            add(entries)
        }
        for effect in pending {
            add(UInt64(effect.node.index))
            for number in Self.numbers(of: effect.change) { add(number) }
        }
        return hash
    }

    private static func numbers(of change: PendingEffect.Change) -> [UInt64] {
        switch change {
        case .data(let offset, let bytes):
            var hash = UInt64(bytes.count)
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            return [1, UInt64(offset), hash]
        case .size(let count): return [2, UInt64(count)]
        case .link(let name, let child): return [3, Self.hash(of: name, seed: UInt64(child.index))]
        case .unlink(let name): return [4, Self.hash(of: name, seed: 0)]
        case .rename(let old, let new, let child):
            return [5, Self.hash(of: old, seed: 0), Self.hash(of: new, seed: UInt64(child.index))]
        case .replace(let new, let old, let child):
            return [6, Self.hash(of: old, seed: 0), Self.hash(of: new, seed: UInt64(child.index))]
        }
    }
}
