// SPDX-License-Identifier: Apache-2.0

internal import CairnIO

/// A file or directory: what the running program sees of it, and what certainly survives a crash.
struct SimulatedNode: Sendable {
    /// One view of a node.
    struct View: Sendable {
        /// The content of a file.
        var bytes = PagedBytes()
        /// The entries of a directory.
        var entries: [FileName: NodeID] = [:]

        /// Does what `change` says.
        mutating func apply(_ change: PendingEffect.Change) {
            switch change {
            case .data(let offset, let part): bytes.store(part, at: offset)
            case .size(let count): bytes.resize(to: count)
            case .link(let name, let child): entries[name] = child
            case .unlink(let name): entries[name] = nil
            case .rename(let old, let new, let child), .replace(let new, let old, let child):
                if entries[old] == child {
                    entries[old] = nil
                } else {
                    // An earlier rename of the same file was lost: it still has the name before that.
                    entries = entries.filter { $0.value != child }
                }
                entries[new] = child
            }
        }
    }

    /// The kind of the entry.
    let kind: VirtualDirectoryEntry.Kind
    /// The state that the running program sees.
    var volatile = View()
    /// The state that certainly survives.
    var durable = View()
}
