// SPDX-License-Identifier: Apache-2.0
//
// Inflates one zlib stream (RFC 1950, 1951), a bit at a time. It never holds more than was declared.

package enum SlowInflate {
    /// The content of a zlib stream; nil unless it is exactly one stream without a dictionary that holds
    /// exactly `byteCount` bytes.
    package static func zlib(_ stream: [UInt8], byteCount: Int) -> [UInt8]? {
        guard stream.count >= 6, stream[0] & 0x0f == 8, stream[0] >> 4 <= 7,
            (Int(stream[0]) << 8 | Int(stream[1])) % 31 == 0, stream[1] & 0x20 == 0
        else { return nil }
        var inflater = Inflater(
            stream, from: 2, byteCount: byteCount, window: 1 << (Int(stream[0] >> 4) + 8))
        guard inflater.run(), inflater.output.count == byteCount else { return nil }
        let rest = stream[inflater.nextByte...]
        guard rest.count == 4 else { return nil }
        let stored = rest.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return stored == adler32(inflater.output) ? inflater.output : nil
    }

    package static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return b << 16 | a
    }
}

private struct Inflater {
    let input: [UInt8]
    let byteCount: Int
    let window: Int
    var output: [UInt8] = []
    private var bit: Int

    init(_ input: [UInt8], from start: Int, byteCount: Int, window: Int) {
        self.input = input
        self.byteCount = byteCount
        self.window = window
        bit = start * 8
    }

    var nextByte: Int { (bit + 7) / 8 }

    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131,
        163, 195, 227, 258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
        2049,
        3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ]
    private static let codeOrder = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]

    private mutating func bits(_ count: Int) -> Int? {
        guard bit + count <= input.count * 8 else { return nil }
        var value = 0
        for index in 0..<count {
            value |= Int(input[(bit + index) / 8] >> UInt8((bit + index) % 8) & 1) << index
        }
        bit += count
        return value
    }

    mutating func run() -> Bool {
        while true {
            guard let isLast = bits(1), let kind = bits(2) else { return false }
            switch kind {
            case 0: guard stored() else { return false }
            case 1:
                let lengths =
                    [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112)
                    + [Int](repeating: 7, count: 24) + [Int](repeating: 8, count: 8)
                guard compressed(Huffman(lengths)!, Huffman([Int](repeating: 5, count: 32))!) else {
                    return false
                }
            case 2:
                guard let codes = dynamicCodes(), compressed(codes.0, codes.1) else { return false }
            default: return false
            }
            if isLast == 1 { return true }
        }
    }

    private mutating func stored() -> Bool {
        bit = nextByte * 8
        guard let count = bits(16), let inverse = bits(16), count == inverse ^ 0xffff,
            nextByte + count <= input.count, output.count + count <= byteCount
        else { return false }
        output += input[nextByte..<nextByte + count]
        bit += count * 8
        return true
    }

    private mutating func symbol(_ code: Huffman) -> Int? {
        var value = 0
        for length in 1...15 {
            guard let next = bits(1) else { return nil }
            value = value << 1 | next
            if let symbol = code.symbols[length << 16 | value] { return symbol }
        }
        return nil
    }

    private mutating func compressed(_ literals: Huffman, _ distances: Huffman) -> Bool {
        while true {
            guard let symbol = symbol(literals) else { return false }
            if symbol == 256 { return true }
            if symbol < 256 {
                guard output.count < byteCount else { return false }
                output.append(UInt8(symbol))
                continue
            }
            guard symbol < 286, let extra = bits(Self.lengthBits[symbol - 257]),
                let code = self.symbol(distances), code < 30,
                let distanceExtra = bits(max(0, code / 2 - 1))
            else { return false }
            let length = Self.lengthBases[symbol - 257] + extra
            let distance = Self.distanceBases[code] + distanceExtra
            guard distance <= output.count, distance <= window, output.count + length <= byteCount
            else { return false }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    private mutating func dynamicCodes() -> (Huffman, Huffman)? {
        guard let literalCount = bits(5), let distanceCount = bits(5), let codeCount = bits(4),
            literalCount + 257 <= 286, distanceCount + 1 <= 30
        else { return nil }
        var codeLengths = [Int](repeating: 0, count: 19)
        for index in 0..<codeCount + 4 {
            guard let length = bits(3) else { return nil }
            codeLengths[Self.codeOrder[index]] = length
        }
        guard let codes = Huffman(codeLengths) else { return nil }
        let total = literalCount + 257 + distanceCount + 1
        var lengths: [Int] = []
        while lengths.count < total {
            guard let symbol = symbol(codes) else { return nil }
            switch symbol {
            case 0...15: lengths.append(symbol)
            case 16:
                guard let last = lengths.last, let count = bits(2) else { return nil }
                lengths += [Int](repeating: last, count: count + 3)
            case 17:
                guard let count = bits(3) else { return nil }
                lengths += [Int](repeating: 0, count: count + 3)
            default:
                guard let count = bits(7) else { return nil }
                lengths += [Int](repeating: 0, count: count + 11)
            }
        }
        guard lengths.count == total, lengths[256] > 0,
            let literals = Huffman(Array(lengths[..<(literalCount + 257)])),
            let distances = Huffman(Array(lengths[(literalCount + 257)...]), mayBeIncomplete: true)
        else { return nil }
        return (literals, distances)
    }
}

/// Codes by length and value.
private struct Huffman {
    var symbols: [Int: Int] = [:]

    /// Nil when the lengths are those of no prefix code, or leave codes unused.
    init?(_ lengths: [Int], mayBeIncomplete: Bool = false) {
        var counts = [Int](repeating: 0, count: 16)
        for length in lengths where length > 0 { counts[length] += 1 }
        var left = 1
        for length in 1...15 {
            left = left * 2 - counts[length]
            if left < 0 { return nil }
        }
        let used = lengths.count { $0 > 0 }
        guard left == 0 || mayBeIncomplete && used <= 1 else { return nil }
        var next = 0
        for length in 1...15 {
            next <<= 1
            for (symbol, own) in lengths.enumerated() where own == length {
                symbols[length << 16 | next] = symbol
                next += 1
            }
        }
    }
}
