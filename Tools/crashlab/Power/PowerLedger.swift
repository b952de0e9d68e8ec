// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnFormat

/// The state of a store that goes through power cuts: what each caller wrote, and a table that makes snapshots larger
/// than a sector and is checked when one is read.
struct PowerLedger: DurableState, Hashable {
    private(set) var lanes: [PowerLane] = []
    private var slots = [UInt64](repeating: 0, count: Self.slotCount)
    private var sum: UInt64 = 0
    private static let slotCount = 1024

    /// One entry, and bytes that follow from it.
    struct Event: DurableEvent, Hashable {
        let lane: UInt64
        let number: UInt64
        let boot: UInt64
        let byteCount: Int
        /// Whether the bytes were those that belong to the numbers.
        let isWhole: Bool

        init(lane: Int, number: UInt64, boot: UInt64, byteCount: Int) {
            self.lane = UInt64(lane)
            self.number = number
            self.boot = boot
            self.byteCount = byteCount
            isWhole = true
        }

        func encode(into encoder: inout EventEncoder) {
            encoder.bytes.append(varint: lane)
            encoder.bytes.append(varint: number)
            encoder.bytes.append(varint: boot)
            encoder.bytes.append(varint: UInt64(byteCount))
            encoder.bytes.append(Self.filler(mixed, byteCount).span.bytes)
        }

        init(from decoder: inout EventDecoder) throws(FormatError) {
            lane = try decoder.bytes.varint()
            number = try decoder.bytes.varint()
            boot = try decoder.bytes.varint()
            let count = try decoder.bytes.varint()
            guard lane < 64, count <= UInt64(decoder.bytes.remaining) else {
                throw FormatError(code: .invalidValue, offset: decoder.bytes.offset)
            }
            byteCount = Int(count)
            let bytes = try decoder.bytes.take(byteCount).array()
            isWhole = bytes == Self.filler(Self.mix(lane, number, boot), byteCount)
        }

        var mixed: UInt64 { Self.mix(lane, number, boot) }

        private static func mix(_ lane: UInt64, _ number: UInt64, _ boot: UInt64) -> UInt64 {
            var hash = (number &* 0x9e37_79b9_7f4a_7c15) ^ (boot &* 0xbf58_476d_1ce4_e5b9)
            hash = (hash ^ (lane << 56)) &* 0x94d0_49bb_1331_11eb
            return hash ^ (hash >> 31)
        }

        private static func filler(_ seed: UInt64, _ count: Int) -> [UInt8] {
            var word = seed | 1
            return (0..<count).map { _ in
                word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: word >> 56) | 1
            }
        }
    }

    init() {}

    mutating func apply(_ event: Event) {
        let lane = Int(event.lane)
        while lanes.count <= lane { lanes.append(PowerLane()) }
        lanes[lane].append(event.number, boot: event.boot)
        if !event.isWhole { lanes[lane].note("bytes-of-\(event.number)") }
        let slot = Int(event.number % UInt64(Self.slotCount))
        sum ^= slots[slot] ^ event.mixed
        slots[slot] = event.mixed
    }

    borrowing func write<Sink: SectionSink & ~Copyable>(
        to sink: inout Sink
    ) throws(Sink.Failure) {
        let (lanes, slots, sum) = (lanes, slots, sum)
        try sink.beginSection(1)
        for lane in lanes { try sink.appendRecord { lane.write(to: &$0) } }
        try sink.beginSection(2)
        try sink.appendRecord { $0.append(sum) }
        for slot in slots { try sink.appendRecord { $0.append(slot) } }
    }

    init<Source: SectionSource & ~Copyable>(
        from source: inout Source
    ) throws(Source.Failure) {
        var (lanes, slots, sum): ([PowerLane], [UInt64], UInt64?) = ([], [], nil)
        try source.forEachRun(of: 1) { (reader) throws(FormatError) in
            while reader.remaining > 0 { lanes.append(try PowerLane(from: &reader)) }
        }
        try source.forEachRun(of: 2) { (reader) throws(FormatError) in
            while reader.remaining > 0 {
                let word = try reader.integer(UInt64.self)
                if sum == nil { sum = word } else { slots.append(word) }
            }
        }
        self.lanes = lanes
        self.slots = slots
        self.sum = sum ?? 0
        if slots.reduce(0, ^) != self.sum || slots.count != Self.slotCount {
            if self.lanes.isEmpty { self.lanes.append(PowerLane()) }
            self.lanes[0].note("snapshot-does-not-add-up")
        }
    }
}
