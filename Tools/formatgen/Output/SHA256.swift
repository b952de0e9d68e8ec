// SPDX-License-Identifier: Apache-2.0

/// SHA-256 (FIPS 180-4), to name the description that vectors were made from.
enum SHA256 {
    private static let constants: [UInt32] = primes(64).map { root($0, 1.0 / 3) }

    private static func primes(_ count: Int) -> [Int] {
        var primes: [Int] = []
        var candidate = 2
        while primes.count < count {
            if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes
    }

    /// The first 32 bits of the fractional part of a root, by integer search.
    private static func root(_ prime: Int, _ power: Double) -> UInt32 {
        let degree = power == 0.5 ? 2 : 3
        var low: UInt64 = 0
        var high: UInt64 = 1 << 37
        while low + 1 < high {
            let middle = (low + high) / 2
            if isAtMost(middle, prime, degree) { low = middle } else { high = middle }
        }
        return UInt32(truncatingIfNeeded: low)
    }

    /// Whether (value / 2^32) to the power of `degree` is at most `prime`.
    private static func isAtMost(_ value: UInt64, _ prime: Int, _ degree: Int) -> Bool {
        let wide = Int128(value)
        return degree == 2
            ? wide * wide <= Int128(prime) << 64
            : wide * wide * wide <= Int128(prime) << 96
    }

    /// The digest of `bytes`, as hexadecimal digits.
    static func digest(_ bytes: [UInt8]) -> String {
        var state = primes(8).map { root($0, 0.5) }
        var message = bytes + [0x80]
        while message.count % 64 != 56 { message.append(0) }
        let bitCount = UInt64(bytes.count) * 8
        message += (0..<8).reversed().map {
            UInt8(truncatingIfNeeded: bitCount >> (8 * UInt64($0)))
        }
        for block in stride(from: 0, to: message.count, by: 64) {
            process(message[block..<block + 64], &state)
        }
        return state.flatMap { word in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        }.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 {
        value >> count | value << (32 - count)
    }

    private static func process(_ block: ArraySlice<UInt8>, _ state: inout [UInt32]) {
        let bytes = Array(block)
        var words = stride(from: 0, to: 64, by: 4).map { index in
            bytes[index..<index + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for index in 16..<64 {
            let (early, late) = (words[index - 15], words[index - 2])
            let first = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3
            let second = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10
            words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
        }
        var s = state
        for index in 0..<64 {
            let first = rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25)
            let choice = s[4] & s[5] ^ ~s[4] & s[6]
            let sum = s[7] &+ first &+ choice &+ constants[index] &+ words[index]
            let second = rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22)
            let majority = s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2]
            s = [sum &+ second &+ majority, s[0], s[1], s[2], s[3] &+ sum, s[4], s[5], s[6]]
        }
        for index in 0..<8 { state[index] = state[index] &+ s[index] }
    }
}
