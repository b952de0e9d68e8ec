// SPDX-License-Identifier: Apache-2.0

internal import CairnIO

/// The effects of a disk that one crash leaves, in program order.
struct CrashSelection {
    typealias Part = (node: NodeID, change: PendingEffect.Change)

    private(set) var parts: [Part] = []
    /// Bytes that are neither old nor new, in the order of ``parts``.
    private(set) var harms: [Harm] = []
    /// How far a write that was cut had grown its file; nil when it had not.
    private(set) var growth: (node: NodeID, byteCount: Int)?

    /// A part in whose place something else is.
    struct Harm {
        let part: Part
        let fate: PartFate
        /// Before which of ``CrashSelection/parts`` it happens.
        let at: Int
    }

    init(_ choice: CrashChoice, of pending: [PendingEffect]) {
        switch choice {
        case .onlySynced:
            break
        case .everythingWritten:
            parts = pending.map { ($0.node, $0.change) }
        case .prefix(let count):
            parts = pending.prefix(count).map { ($0.node, $0.change) }
            cutLast()
        case .subset(let bits):
            let all = Self.split(pending, CrashProfile().partByteCount)
            parts = all.prefix(64).enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element)
        case .seeded(let seed, let profile):
            choose(Self.split(pending, profile.partByteCount), seed, profile)
        case .cut(let effect, let byteCount):
            parts = pending.prefix(effect + 1).map { ($0.node, $0.change) }
            if effect < pending.count {
                cutLast(to: byteCount)
                growth = Self.growth(of: effect, byteCount, in: pending)
            }
        case .fates(let fates):
            apply(fates, to: Self.split(pending, fates.partByteCount))
        }
    }

    /// The parts that survive independently of one another.
    static func split(_ pending: [PendingEffect], _ partByteCount: Int) -> [Part] {
        pending.flatMap { effect -> [Part] in
            guard case .data(let offset, let bytes) = effect.change else {
                return [(effect.node, effect.change)]
            }
            var parts: [Part] = []
            var rest = bytes
            var position = offset
            while !rest.isEmpty {
                let part = rest.prefix(partByteCount - position % partByteCount)
                parts.append((effect.node, .data(offset: position, bytes: part)))
                rest = rest.dropFirst(part.count)
                position += part.count
            }
            return parts
        }
    }

    /// A write that was cut has grown its file by what it wrote: the size that follows it shows that it grew.
    private static func growth(
        of effect: Int, _ byteCount: Int, in pending: [PendingEffect]
    ) -> (node: NodeID, byteCount: Int)? {
        let node = pending[effect].node
        guard case .data(let offset, let bytes) = pending[effect].change,
            effect + 1 < pending.count, pending[effect + 1].node == node,
            case .size(offset + bytes.count) = pending[effect + 1].change
        else { return nil }
        return (node, offset + min(byteCount, bytes.count))
    }

    /// - Parameter byteCount: How much of it stays; nil for half.
    private mutating func cutLast(to byteCount: Int? = nil) {
        guard let last = parts.last, case .data(let offset, let bytes) = last.change else { return }
        parts.removeLast()
        let left = bytes.prefix(byteCount ?? bytes.count / 2)
        parts.append((last.node, .data(offset: offset, bytes: left)))
    }

    private mutating func apply(_ fates: PartFates, to all: [Part]) {
        // Where a write was cut within a sector, it ended: what lies behind in it is absent.
        var cutEnd: (node: NodeID, offset: Int)?
        for (part, fate) in zip(all, fates.fates) {
            guard case .data(let offset, let bytes) = part.change else {
                if fate != .absent { parts.append(part) }
                cutEnd = nil
                continue
            }
            if let end = cutEnd, end == (part.node, offset) {
                cutEnd = (part.node, offset + bytes.count)
                continue
            }
            cutEnd = fate == .torn ? (part.node, offset + bytes.count) : nil
            switch fate {
            case .absent: break
            case .whole: parts.append(part)
            case .torn:
                let half = bytes.prefix((bytes.count + 1) / 2)
                parts.append((part.node, .data(offset: offset, bytes: half)))
            case .zero, .garbage, .stale:
                harms.append(Harm(part: part, fate: fate, at: parts.count))
            }
        }
    }

    /// Some images keep nearly everything, some nearly nothing: both ends find more than the middle.
    private mutating func choose(_ all: [Part], _ seed: UInt64, _ profile: CrashProfile) {
        var generator = SplitMix64(seed: seed)
        let keptOf8: UInt64 = [1, 4, 4, 7][Int(generator.next() % 4)]
        for part in all {
            if generator.next() % 8 < keptOf8 {
                parts.append(part)
            } else if profile.zeroesParts, generator.next() % 4 == 0,
                case .data(let offset, let bytes) = part.change
            {
                let zeros = [UInt8](repeating: 0, count: bytes.count)
                parts.append((part.node, .data(offset: offset, bytes: zeros[...])))
            }
        }
    }
}

extension SimulatedDisk {
    /// The disk as it is found after a crash: nothing is pending.
    func image(_ choice: CrashChoice) -> SimulatedDisk {
        var views = nodes.map(\.durable)
        let selection = CrashSelection(choice, of: pending)
        var harms = selection.harms[...]
        for (index, part) in selection.parts.enumerated() {
            while let harm = harms.first, harm.at <= index {
                apply(harm, to: &views)
                harms.removeFirst()
            }
            views[part.node.index].apply(part.change)
        }
        for harm in harms { apply(harm, to: &views) }
        if let (node, byteCount) = selection.growth,
            views[node.index].bytes.count < byteCount
        {
            views[node.index].apply(.size(byteCount))
        }
        return SimulatedDisk(kinds: nodes.map(\.kind), views: views)
    }

    private func apply(_ harm: CrashSelection.Harm, to views: inout [SimulatedNode.View]) {
        guard case .data(let offset, let bytes) = harm.part.change else { return }
        let node = harm.part.node
        let range = offset..<offset + bytes.count
        let old = views[node.index].bytes.stored(range)
        let strange = strangeBytes(harm.fate, in: range, of: node)
        let result = zip(zip(old, bytes), strange).map { pair, strange in
            pair.0 == pair.1 ? pair.0 : strange
        }
        views[node.index].apply(.data(offset: offset, bytes: result[...]))
    }

    private func strangeBytes(_ fate: PartFate, in range: Range<Int>, of node: NodeID) -> [UInt8] {
        if fate == .zero { return [UInt8](repeating: 0, count: range.count) }
        if fate == .stale {
            // The oldest other file that has bytes there; removed files have kept theirs.
            for index in nodes.indices where index != node.index && nodes[index].kind == .file {
                let bytes = nodes[index].volatile.bytes.stored(range)
                if bytes.contains(where: { $0 != 0 }) { return bytes }
            }
        }
        return range.map { UInt8(truncatingIfNeeded: ($0 &* 167) ^ ($0 >> 3) ^ 0xa5) }
    }
}
