// SPDX-License-Identifier: Apache-2.0

import CairnLSN
import Testing

struct FenceTests {
    @Test func fencesMoveForwardOnly() throws {
        var fence = DurableFence()
        #expect(fence.lsn == .never)
        try fence.advance(to: LSN(rawValue: 5))
        try fence.advance(to: LSN(rawValue: 5))
        let error = LSNError(
            code: .fenceMovedBack, lsn: LSN(rawValue: 4), fence: LSN(rawValue: 5))
        #expect(throws: error) { try fence.advance(to: LSN(rawValue: 4)) }
        #expect(fence.lsn.rawValue == 5)
        #expect(error.description.contains("5") && error.description.contains("4"))
    }

    @Test func fencesCoverWhatIsAtOrBelow() {
        let fence = SnapshotFence(LSN(rawValue: 5))
        #expect((3...7).filter { fence.covers(LSN(rawValue: $0)) } == [3, 4, 5])
        #expect(SnapshotFence().covers(.never))
        #expect(SnapshotFence(.first) < fence)
    }

    @Test func fencesNameTheirRole() {
        #expect(DurableFence(.first).description == "durable fence 1")
        #expect(SnapshotFence(.first).description == "snapshot fence 1")
        #expect(ReplayFence(.first).description == "replay fence 1")
        #expect(TruncationFence(unchecked: .first).description == "truncation fence 1")
    }
}

struct LogIDTests {
    @Test func textFormsGoBothWays() {
        for id in [
            LogID(high: 0, low: 0), LogID(high: .max, low: .max), LogID(high: 1, low: 1 << 63),
        ] {
            #expect(id.description.utf8.count == 32)
            #expect(LogID(id.description) == id)
        }
        #expect(LogID(high: 0xab, low: 1).description == "00000000000000ab0000000000000001")
    }

    @Test(arguments: [
        "", "00", "0000000000000000000000000000000", "000000000000000000000000000000000",
        "+0000000000000000000000000000000", "0000000000000000+000000000000000",
        "-0000000000000000000000000000000", "0000000000000000-000000000000000",
        "0000000000000000000000000000000g",
    ])
    func textThatIsNoIdentityIsRefused(text: String) {
        #expect(LogID(text) == nil)
    }

    @Test func identityTakesAllBitsOfItsSource() {
        struct Counter: RandomNumberGenerator {
            var value: UInt64 = 6
            mutating func next() -> UInt64 {
                value += 1
                return value
            }
        }
        var generator = Counter()
        #expect(LogID(using: &generator) == LogID(high: 7, low: 8))
    }
}
