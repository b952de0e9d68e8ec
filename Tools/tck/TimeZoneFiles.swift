// SPDX-License-Identifier: Apache-2.0

import CairnQuery
import Foundation

/// Time zones of the files that the system has (`/usr/share/zoneinfo`), in the format of RFC 8536.
final class TimeZoneFiles: QueryTimeZones, @unchecked Sendable {
    private let lock = NSLock()
    private var zones: [String: Zone?] = [:]

    private struct Zone {
        /// When the offset changes, ascending, and what it is from then on.
        let changes: [(second: Int64, offset: Int32)]
        let first: Int32

        func offset(at second: Int64) -> Int32 {
            var (low, high) = (0, changes.count)
            while low < high {
                let middle = (low + high) / 2
                if changes[middle].second <= second { low = middle + 1 } else { high = middle }
            }
            return low == 0 ? first : changes[low - 1].offset
        }
    }

    func offset(of zone: String, atSecondSince1970 second: Int64) -> Int32? {
        self.zone(zone)?.offset(at: second)
    }

    func offset(of zone: String, atLocalSecond second: Int64) -> Int32? {
        guard let zone = self.zone(zone) else { return nil }
        // Before a change clocks show the old offset, and what they show twice counts as the first time.
        let early = zone.offset(at: second - 86_400)
        let guess = zone.offset(at: second - Int64(early))
        if guess == early { return early }
        let late = zone.offset(at: second - Int64(guess))
        return late == guess ? guess : early
    }

    private func zone(_ name: String) -> Zone? {
        lock.lock()
        defer { lock.unlock() }
        if let known = zones[name] { return known }
        let isName = name.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || "/_+-".contains($0))
        }
        let data =
            isName ? FileManager.default.contents(atPath: "/usr/share/zoneinfo/" + name) : nil
        let zone = data.flatMap { Self.read([UInt8]($0)) }
        zones[name] = zone
        return zone
    }

    private static func read(_ bytes: [UInt8]) -> Zone? {
        func number(_ start: Int, _ count: Int) -> Int64? {
            guard start >= 0, start + count <= bytes.count else { return nil }
            var value: UInt64 = bytes[start] & 0x80 != 0 ? .max : 0
            for byte in bytes[start..<start + count] { value = value << 8 | UInt64(byte) }
            return Int64(bitPattern: value)
        }
        func counts(_ start: Int) -> [Int]? {
            let counts = (0..<6).compactMap { number(start + 20 + 4 * $0, 4).map(Int.init) }
            return counts.count == 6 && counts.allSatisfy { $0 >= 0 } ? counts : nil
        }
        // The first block has times of 32 bits; what follows it has 64.
        guard bytes.count > 44, bytes[4] >= 0x32, let old = counts(0) else { return nil }
        let start = 44 + old[3] * 5 + old[4] * 6 + old[5] + old[2] * 8 + old[1] + old[0]
        guard let new = counts(start) else { return nil }
        let times = start + 44
        let kinds = times + new[3] * 8
        let types = kinds + new[3]
        guard types + new[4] * 6 <= bytes.count, new[4] > 0 else { return nil }
        func offset(_ kind: Int) -> Int32? {
            number(types + kind * 6, 4).flatMap { Int32(exactly: $0) }
        }
        var changes: [(second: Int64, offset: Int32)] = []
        for index in 0..<new[3] {
            guard let second = number(times + index * 8, 8),
                let offset = offset(Int(bytes[kinds + index]))
            else { return nil }
            changes.append((second, offset))
        }
        return offset(0).map { Zone(changes: changes, first: $0) }
    }
}
