// SPDX-License-Identifier: Apache-2.0
//
// For every bit of an example file: the check that notices when it is flipped, and what recovery makes
// of it.

import CairnInterpreter

/// What becomes of each flipped bit of one input.
struct IntegrityMap {
    let example: String
    let bitCount: Int
    /// How many bits each check catches, and in which bytes, in the order of the file.
    private(set) var runs: [(check: String, bytes: Range<Int>, bits: Int)] = []
    /// Bits whose flip is not noticed.
    private(set) var undetected = 0
    /// Bits of a committed transaction whose flip looks like a torn write.
    private(set) var tornCommitted = 0

    init(_ vector: VectorCase) {
        example = vector.name
        bitCount = vector.bytes.count * 8
    }

    /// Adds what became of one flipped bit.
    mutating func add(_ outcomes: [ReadingMode: Outcome], bit: Int) {
        guard let check = outcomes[.strict]?.check else {
            undetected += 1
            return
        }
        if outcomes[.recover]?.truncateTo != nil { tornCommitted += 1 }
        note(check, bit / 8)
    }

    private mutating func note(_ check: String, _ byte: Int) {
        if let last = runs.last, last.check == check {
            runs[runs.count - 1] = (check, last.bytes.lowerBound..<byte + 1, last.bits + 1)
        } else {
            runs.append((check, byte..<byte + 1, 1))
        }
    }
}
