// SPDX-License-Identifier: Apache-2.0

/// The effects of a disk that one crash leaves, in program order.
struct CrashSelection {
    typealias Part = (node: NodeID, change: PendingEffect.Change)

    private(set) var parts: [Part] = []

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

    private mutating func cutLast() {
        guard let last = parts.last, case .data(let offset, let bytes) = last.change else { return }
        parts.removeLast()
        parts.append((last.node, .data(offset: offset, bytes: bytes.prefix(bytes.count / 2))))
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
        for (node, change) in CrashSelection(choice, of: pending).parts {
            views[node.index].apply(change)
        }
        return SimulatedDisk(kinds: nodes.map(\.kind), views: views)
    }
}
