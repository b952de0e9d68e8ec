// SPDX-License-Identifier: Apache-2.0

internal import CairnLSN

/// The pins of a log.
struct Pins {
    private struct Pin {
        var lsn: LSN
        let byteCountMax: UInt64
    }
    private var pins: [UInt64: Pin] = [:]
    private var count: UInt64 = 0

    subscript(number: UInt64) -> LSN? { pins[number]?.lsn }

    mutating func add(_ lsn: LSN, byteCountMax: UInt64) -> UInt64 {
        count += 1
        pins[count] = Pin(lsn: lsn, byteCountMax: byteCountMax)
        return count
    }

    mutating func advance(_ number: UInt64, to lsn: LSN) {
        guard let before = pins[number]?.lsn, lsn > before else { return }
        pins[number]?.lsn = lsn
    }

    mutating func remove(_ number: UInt64) { pins[number] = nil }

    /// Of the segments that a fence covers, those that no pin holds. Pins that hold too much lapse.
    mutating func removable(of covered: some Collection<SegmentStatus>) -> [SegmentStatus] {
        for (number, pin) in pins {
            var held: UInt64 = 0
            for status in covered where status.lastLSN > pin.lsn { held += status.byteCount }
            if held > pin.byteCountMax { pins[number] = nil }
        }
        guard let lowest = pins.values.map(\.lsn).min() else { return Array(covered) }
        return Array(covered.prefix { $0.lastLSN <= lowest })
    }
}
