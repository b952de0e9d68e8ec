// SPDX-License-Identifier: Apache-2.0

internal import CairnIO

/// Names a file or directory of a simulated disk, whatever it is called at the moment.
struct NodeID: Hashable, Sendable {
    let index: Int
}

/// Something the program did that no sync has covered yet: a crash may keep it or lose it.
struct PendingEffect: Sendable {
    /// A change that is pending.
    enum Change: Sendable {
        /// These bytes at this offset, shown as far as the size reaches.
        case data(offset: Int, bytes: ArraySlice<UInt8>)
        /// The size of the file.
        case size(Int)
        /// A new entry of the directory.
        case link(FileName, NodeID)
        /// An entry of the directory that goes.
        case unlink(FileName)
        /// An entry that changes its name: a crash shows one of the two names, never both or neither.
        case rename(FileName, to: FileName, NodeID)
        /// An entry that takes the place of another: a crash shows both as they were, or the new one alone.
        case replace(FileName, with: FileName, NodeID)
    }

    /// The file or directory it happens to.
    let node: NodeID
    /// The change.
    let change: Change
    /// Whether the next sync of ``node`` makes it durable. A failed sync leaves its effects clean: the
    /// cache shows them, no later sync writes them, and the medium has them or not.
    var isDirty = true
}

extension PendingEffect.Change {
    /// The entries of the directory that it speaks of.
    var names: [FileName] {
        switch self {
        case .data, .size: []
        case .link(let name, _), .unlink(let name): [name]
        case .rename(let old, let new, _), .replace(let new, let old, _): [old, new]
        }
    }

    /// The part that can still show after a newer change of the same node became durable.
    func rest(after newer: Self) -> [Self] {
        switch (self, newer) {
        case (.size, .size): []
        case (.data, .size(let count)): without(count..<Int.max)
        case (.data, .data(let offset, let bytes)): without(offset..<offset + bytes.count)
        default: Set(names).isDisjoint(with: newer.names) ? [self] : []
        }
    }

    private func without(_ covered: Range<Int>) -> [Self] {
        guard case .data(let offset, let bytes) = self else { return [self] }
        let end = offset + bytes.count
        guard offset < covered.upperBound, covered.lowerBound < end else { return [self] }
        var rest: [Self] = []
        if offset < covered.lowerBound {
            rest.append(.data(offset: offset, bytes: bytes.prefix(covered.lowerBound - offset)))
        }
        if covered.upperBound < end {
            let tail = bytes.suffix(end - covered.upperBound)
            rest.append(.data(offset: covered.upperBound, bytes: tail))
        }
        return rest
    }
}
