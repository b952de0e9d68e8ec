// SPDX-License-Identifier: Apache-2.0

extension CrashPoint {
    /// Choices for this crash: all fates of all parts where there are no more than `limit`
    /// combinations, and otherwise those that differ in one or two parts from everything and from
    /// nothing, filled up with random ones.
    ///
    /// - Parameters:
    ///   - limit: How many choices at most.
    ///   - seed: Where the random ones come from.
    ///   - partByteCount: How many bytes of a write have one fate: a sector of the medium.
    ///   - fates: What may happen to a part of a write; the first two decide about sizes and entries.
    public func choices(
        limit: Int, seed: UInt64 = 1, partByteCount: Int = 512,
        fates: [PartFate] = [.absent, .whole, .torn, .zero, .garbage, .stale]
    ) -> [CrashChoice] {
        let parts = CrashSelection.split(disk.pending, partByteCount)
        guard !parts.isEmpty else { return [.onlySynced] }
        let options = parts.map { part in
            if case .data = part.change { fates.count } else { min(2, fates.count) }
        }
        var total = 1
        for count in options where total <= limit { total *= count }
        var chosen: [[PartFate]] = []
        if total <= limit {
            for number in 0..<total {
                var rest = number
                chosen.append(
                    options.map { count in
                        defer { rest /= count }
                        return fates[rest % count]
                    })
            }
        } else {
            chosen = Self.sample(options, fates, limit: limit, seed: seed)
        }
        return chosen.map { .fates(PartFates(partByteCount: partByteCount, $0)) }
    }

    private static func sample(
        _ options: [Int], _ fates: [PartFate], limit: Int, seed: UInt64
    ) -> [[PartFate]] {
        let whole = options.map { _ in PartFate.whole }
        let absent = options.map { _ in PartFate.absent }
        var chosen = [absent, whole]
        for (part, count) in options.enumerated() {
            for fate in fates.prefix(count) {
                for base in [whole, absent] where base[part] != fate {
                    var one = base
                    one[part] = fate
                    chosen.append(one)
                }
            }
        }
        var generator = SplitMix64(seed: seed)
        while chosen.count < limit {
            // Some keep nearly everything, some nearly nothing: both ends find more than the middle.
            let kept = UInt64([1, 4, 6, 7][Int(generator.next() % 4)])
            chosen.append(
                options.map { count in
                    generator.next() % 8 < kept
                        ? .whole : fates[Int(generator.next() % UInt64(count))]
                })
        }
        return Array(chosen.prefix(limit))
    }

    /// Choices that cut a pending write at any byte: the last write at each of `stride` bytes, with
    /// everything before it there.
    ///
    /// - Parameters:
    ///   - stride: The distance between two cuts, in bytes.
    ///   - offset: How many bytes later the first cut is; several points with different ones have
    ///     all bytes together.
    public func cuts(every stride: Int, offset: Int = 0) -> [CrashChoice] {
        for (index, effect) in disk.pending.enumerated().reversed() {
            guard case .data(_, let bytes) = effect.change else { continue }
            // The size comes behind the data; a cut write has grown the file by as much as it wrote.
            return Swift.stride(from: 1 + offset, to: bytes.count, by: stride).map {
                .cut(effect: index, byteCount: $0)
            }
        }
        return []
    }
}
